// Figures of one subject, in the shape of the public graph.
import type { TaskStatus } from '@taskgraph/shared/contracts/task-events';

/** A person, project or channel whose figures are asked for. */
export interface Subject {
  id: string;
}

export interface Figures {
  total: number;
  byStatus: { pending: number; inProgress: number; completed: number; cancelled: number };
  /** By priority, those that occur. */
  byPriority: { priority: number; count: number }[];
  overdue: number;
  completionRate: number;
  /** Up to when they are complete. */
  asOf: Date;
}

/** How many tasks have this status and this priority. */
export type Count = [status: TaskStatus, priority: number, n: number];

export function figuresFrom(counts: Count[], overdue: number, asOf: Date): Figures {
  const of = (status: TaskStatus) => counts.reduce((sum, [is, , n]) => (is === status ? sum + n : sum), 0);
  const byStatus = { pending: of('PENDING'), inProgress: of('IN_PROGRESS'), completed: of('COMPLETED'), cancelled: of('CANCELLED') };
  const total = byStatus.pending + byStatus.inProgress + byStatus.completed + byStatus.cancelled;
  const priorities = new Map<number, number>();
  for (const [, priority, n] of counts) priorities.set(priority, (priorities.get(priority) ?? 0) + n);
  const counted = total - byStatus.cancelled;
  return {
    total,
    byStatus,
    byPriority: [...priorities].sort(([a], [b]) => a - b).map(([priority, count]) => ({ priority, count })),
    overdue,
    completionRate: counted === 0 ? 0 : byStatus.completed / counted,
    asOf,
  };
}
