// A TaskFilter once it is read: a small tree that both evaluators (to-sql.ts, matches.ts) give the same meaning.
import type { Duration } from '@taskgraph/shared/duration';
import type { TaskStatus } from '@taskgraph/shared/contracts/task-events';

export type IdField = 'id' | 'projectId' | 'channelId' | 'parentId' | 'creatorId';
export type InstantField = 'dueAt' | 'startAt' | 'createdAt' | 'updatedAt' | 'completedAt';
export type Flag = 'overdue' | 'blocked' | 'personal' | 'deleted';
export type Order = 'gt' | 'gte' | 'lt' | 'lte';

/** A test on folded text; true if any of the values fits. */
export interface TextTest {
  operator: 'is' | 'contains' | 'startsWith';
  values: string[];
}

/**
 * Two-valued throughout (RULES §5): what a leaf compares with a field that is null is false, and `not` of it is true.
 */
export type Condition =
  | { kind: 'all' | 'any'; of: Condition[] }
  | { kind: 'not'; of: Condition }
  | { kind: 'id'; field: IdField; operator: 'in' | 'notIn'; values: string[] }
  | { kind: 'null'; field: IdField | InstantField }
  /** `values` null: anybody at all. */
  | { kind: 'assigned'; values: string[] | null }
  | { kind: 'title'; test: TextTest }
  /** One label for which all of the tests hold. */
  | { kind: 'label'; tests: TextTest[] }
  | { kind: 'status'; values: TaskStatus[] }
  | { kind: 'priority'; values: number[] }
  | { kind: 'priorityOrder'; operator: Order; value: number }
  | { kind: 'instant'; field: InstantField; operator: Order | 'eq'; value: Date }
  | { kind: 'within'; field: InstantField; duration: Duration }
  | { kind: 'flag'; flag: Flag; is: boolean }
  /** Full-text search: only Postgres can judge it. */
  | { kind: 'text'; query: string };

export const never: Condition = { kind: 'any', of: [] };

/** Statuses in which a task is still to be done. */
export const openStatuses: readonly TaskStatus[] = ['PENDING', 'IN_PROGRESS'];

/** Every full-text query in the tree. */
export function textsOf(condition: Condition): string[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(textsOf);
    case 'not':
      return textsOf(condition.of);
    case 'text':
      return [condition.query];
    default:
      return [];
  }
}

/** How many comparisons the tree holds. */
export function sizeOf(condition: Condition): number {
  if (condition.kind === 'all' || condition.kind === 'any') return condition.of.reduce((sum, inner) => sum + sizeOf(inner), 0);
  return condition.kind === 'not' ? sizeOf(condition.of) : 1;
}
