// One batch of rows before its transaction: read, checked as far as a row alone tells, and its people found.
import type { Access } from '@taskgraph/shared/access/access';
import type { Peer } from '@taskgraph/shared/peer';
import type { ImportRow } from '../entities/task-import.js';
import type { TaskPlace } from '../policies.js';
import type { ImportField } from './columns.js';
import type { BadRow } from './error-file.js';
import type { FileRow } from './file-row.js';
import { findAssignable } from './people.js';
import { columnsOf, type Layout } from './read-file.js';
import { readRow, type RowValues } from './row-values.js';

/** Most assignees of one task. */
const assigneeLimit = 50;

export interface PreparedRow {
  line: number;
  values: RowValues;
  assigneeIds: string[];
  /** Column name by field, for telling what is wrong. */
  columns: Map<ImportField, string>;
}

export async function prepareRows(
  { users, access }: { users: Peer; access: Access },
  place: TaskPlace,
  { layout, mapping }: Pick<ImportRow, 'mapping'> & { layout: Layout },
  rows: readonly FileRow[],
): Promise<{ good: PreparedRow[]; bad: BadRow[] }> {
  const good: PreparedRow[] = [];
  const bad: BadRow[] = [];
  for (const row of rows) {
    if (!row.values) {
      bad.push({ line: row.line, column: '', reason: row.problem ?? 'cannot be read' });
      continue;
    }
    const columns = columnsOf(row, layout, mapping);
    const values = readRow(row.values, columns, layout.delimiter !== undefined);
    if (!Array.isArray(values)) good.push({ line: row.line, values, assigneeIds: [], columns });
    // One line per row: the first problem's column, and all reasons.
    else bad.push({ line: row.line, column: values[0]?.column ?? '', reason: values.map(({ column, reason }, index) => (index === 0 ? reason : `${column} ${reason}`)).join('; ') });
  }
  const found = await findAssignable(users, access, place, good.flatMap((row) => row.values.assignees));
  return {
    bad,
    good: good.filter((row) => {
      const unknown = row.values.assignees.filter((name) => !found.has(name));
      row.assigneeIds = [...new Set(row.values.assignees.flatMap((name) => found.get(name) ?? []))];
      const reason = unknown.length > 0 ? `must name people who can see the task: ${unknown.join(', ').slice(0, 200)}` : row.assigneeIds.length > assigneeLimit ? `must name at most ${assigneeLimit} people` : null;
      if (reason) bad.push({ line: row.line, column: row.columns.get('assignees') ?? 'assignees', reason });
      return reason === null;
    }),
  };
}
