// What one row says, field by field, before anything is looked up.
import type { TaskStatus } from '@taskgraph/shared/contracts/task-events';
import { DomainError } from '@taskgraph/shared/errors';
import { checkDates, checkDescription, checkPriority, checkTitle } from '../commands/check-task.js';
import type { ImportField } from './columns.js';
import { readInstant } from './read-instant.js';

/** A row that can become a task as far as the row alone tells. */
export interface RowValues {
  title: string;
  description: string | null;
  status: TaskStatus;
  priority: number;
  startAt: Date | null;
  dueAt: Date | null;
  /** Handles, e-mail addresses or ids. */
  assignees: string[];
  labels: string[];
  parent: string | null;
  /** What other rows of the file may call this one. */
  ref: string | null;
  id: string | null;
}

export interface Problem {
  /** Name of the column in the file; empty where it is the row as a whole. */
  column: string;
  reason: string;
}

const statuses: Record<string, TaskStatus> = {
  pending: 'PENDING', todo: 'PENDING', open: 'PENDING', new: 'PENDING', backlog: 'PENDING',
  inprogress: 'IN_PROGRESS', doing: 'IN_PROGRESS', started: 'IN_PROGRESS',
  completed: 'COMPLETED', complete: 'COMPLETED', done: 'COMPLETED', closed: 'COMPLETED', resolved: 'COMPLETED',
  cancelled: 'CANCELLED', canceled: 'CANCELLED',
};
const priorities: Record<string, number> = { highest: 1, urgent: 1, high: 3, medium: 5, normal: 5, low: 7, lowest: 9 };

/** The quote sign that keeps spreadsheets from running a cell as a formula is no part of the text; see exports/csv.ts. */
const guarded = /^'+[=+\-@\t\r]/;

/** `columns`: column name by field, for the fields that the row has. `cells`: the values come from a CSV file. */
export function readRow(values: Record<string, unknown>, columns: Map<ImportField, string>, cells: boolean): RowValues | Problem[] {
  const problems: Problem[] = [];
  const raw = (field: ImportField): unknown => {
    const value = values[columns.get(field) ?? ''];
    return cells && typeof value === 'string' && guarded.test(value) ? value.slice(1) : value;
  };
  const text = (field: ImportField): string => plainText(raw(field)).trim();
  function take<T>(field: ImportField, read: () => T, fallback: T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const [problem] = error.details.fields ?? [];
      problems.push({ column: columns.get(field) ?? field, reason: typeof problem === 'object' ? problem.message : error.message });
      return fallback;
    }
  }
  const row: RowValues = {
    title: take('title', () => checkTitle(text('title')), ''),
    description: take('description', () => checkDescription(plainText(raw('description'))) || null, null),
    status: take('status', () => readStatus(text('status')), 'PENDING'),
    priority: take('priority', () => readPriority(text('priority')), 5),
    startAt: take('start', () => readInstant(text('start'), 'start'), null),
    dueAt: take('due', () => readInstant(text('due'), 'end'), null),
    assignees: take('assignees', () => [...new Set(listOf(raw('assignees'), /[\s,;]+/).map((name) => name.replace(/^@/, '')))], []),
    labels: take('labels', () => listOf(raw('labels'), plainText(raw('labels')).includes('\n') ? /\n/ : /[,;]/), []),
    parent: text('parent') || null,
    ref: text('ref') || null,
    id: text('id') || null,
  };
  take('due', () => checkDates(row), undefined);
  return problems.length > 0 ? problems : row;
}

const wrong = (message: string) => new DomainError('BAD_USER_INPUT', message, { fields: [{ path: '', message }] });

function readStatus(text: string): TaskStatus {
  if (text === '') return 'PENDING';
  const status = statuses[text.toLowerCase().replaceAll(/[^a-z]/g, '')];
  if (!status) throw wrong('must be PENDING, IN_PROGRESS, COMPLETED or CANCELLED');
  return status;
}

function readPriority(text: string): number {
  if (text === '') return 5;
  const named = priorities[text.toLowerCase()];
  if (named !== undefined) return named;
  const number = /^[pP]?(\d{1,2})$/.exec(text)?.[1];
  return checkPriority(number === undefined ? 0 : Number(number));
}

function plainText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  const [named] = namesIn(value);
  return named ?? '';
}

/** A cell with separators, or a JSON array of texts or of objects that have a handle, a name or an id. */
function listOf(value: unknown, separator: RegExp): string[] {
  const parts = Array.isArray(value) ? value.flatMap(namesIn) : typeof value === 'object' ? namesIn(value) : plainText(value).split(separator);
  const names = parts.map((name) => name.trim()).filter((name) => name !== '');
  for (const name of names) if (name.includes('\u0000') || !name.isWellFormed()) throw wrong('must be well-formed text without U+0000');
  return [...new Set(names)];
}

function namesIn(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  const { handle, name, ref, title, id } = value as Record<string, unknown>;
  const found = [handle, name, ref, title, id].find((part) => typeof part === 'string' && part !== '');
  return found === undefined ? [] : [found as string];
}
