// Which column of a file holds which field of a task: by name, or as the importer says.
import { badInput } from '@taskgraph/shared/errors';
import { FileProblem } from './file-row.js';

export const importFields = ['title', 'description', 'status', 'priority', 'due', 'start', 'assignees', 'labels', 'parent', 'ref', 'id'] as const;
export type ImportField = (typeof importFields)[number];

/** Column name to field; null leaves the column out. */
export type Mapping = Record<string, ImportField | null>;

/** Names by which a field is known, folded as `fold` does it. `ref` and `id` only serve `parent`: they name a row for others. */
const names: Record<ImportField, readonly string[]> = {
  title: ['title', 'name', 'summary', 'task', 'taskname', 'subject'],
  description: ['description', 'notes', 'note', 'body', 'details'],
  status: ['status', 'state'],
  priority: ['priority', 'prio'],
  due: ['due', 'dueat', 'duedate', 'deadline', 'enddate'],
  start: ['start', 'startat', 'startdate'],
  assignees: ['assignees', 'assignee', 'assigneeids', 'assignedto'],
  labels: ['labels', 'label', 'tags', 'tag'],
  parent: ['parent', 'parentid', 'parentref', 'parenttask'],
  ref: ['ref', 'key', 'issuekey'],
  id: ['id', 'taskid', 'issueid'],
};

const fieldByName = new Map(importFields.flatMap((field) => names[field].map((name) => [name, field] as const)));

const fold = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
const same = (name: string): string => name.trim().toLowerCase();

/** Most columns a mapping may name. */
const mappingLimit = 100;

/** Checks `input.mapping`: an object from column name to field name, or null for a column to leave out. */
export function readMapping(mapping: unknown): Mapping | null {
  if (mapping === null || mapping === undefined) return null;
  const path = 'input.mapping';
  if (typeof mapping !== 'object' || Array.isArray(mapping)) throw badInput(path, 'must be an object from column name to field name');
  const entries = Object.entries(mapping);
  if (entries.length > mappingLimit) throw badInput(path, `must name at most ${mappingLimit} columns`);
  const taken = new Set<unknown>();
  for (const [column, field] of entries) {
    if (column.length > 255 || column.includes('\u0000') || !column.isWellFormed()) throw badInput(path, 'must have column names of at most 255 characters');
    if (field === null) continue;
    if (!importFields.includes(field as ImportField)) throw badInput(`${path}.${column}`, `must be null or one of ${importFields.join(', ')}`);
    if (taken.has(field)) throw badInput(`${path}.${column}`, `names ${String(field)} a second time`);
    taken.add(field);
  }
  return mapping as Mapping;
}

/** Field of one column; null where it holds none. The mapping goes first, and what it gives to another column is not guessed. */
export function fieldOf(column: string, mapping: Mapping | null): ImportField | null {
  for (const [named, field] of Object.entries(mapping ?? {})) if (same(named) === same(column)) return field;
  const guess = fieldByName.get(fold(column)) ?? null;
  return guess !== null && Object.values(mapping ?? {}).includes(guess) ? null : guess;
}

/** Fields of the columns of a CSV file, each field once: the first column that fits. Throws where there is none for the title. */
export function matchColumns(header: readonly string[], mapping: Mapping | null): Record<string, ImportField | null> {
  const columns: Record<string, ImportField | null> = Object.create(null);
  const taken = new Set<ImportField>();
  for (const column of header) {
    if (column === '' || column in columns) continue;
    const field = fieldOf(column, mapping);
    columns[column] = field !== null && taken.has(field) ? null : field;
    if (field) taken.add(field);
  }
  const present = new Set(header.map(same));
  const missing = Object.keys(mapping ?? {}).filter((column) => !present.has(same(column)));
  if (missing.length > 0) throw new FileProblem(`The mapping names columns that the file does not have: ${missing.join(', ').slice(0, 500)}.`);
  if (!taken.has('title')) throw new FileProblem('No column holds the title: name it title in the first row, or say which one it is with mapping.');
  return columns;
}
