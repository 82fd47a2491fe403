// Figures of one subject, in the shape of the public graph.
import type { TaskStatus } from '@taskgraph/shared/contracts/task-events';
import { statusOf } from './moves.js';

/** A person, project or channel whose figures are asked for. */
export interface Subject {
  id: string;
}

export interface Figures {
  /** Whose they are, for what is asked of them further. */
  subjectId: string;
  total: number;
  byStatus: { pending: number; inProgress: number; completed: number; cancelled: number };
  /** By priority, those that occur. */
  byPriority: { priority: number; count: number }[];
  overdue: number;
  completionRate: number;
  /** Up to when they are complete. */
  asOf: Date;
}

/** How many tasks have the status and the priority of this key. */
export type StatusCount = [key: number, n: number];

export function figuresFrom(subjectId: string, found: StatusCount[], overdue: number, asOf: Date): Figures {
  const counts = found.map(([key, n]) => ({ ...statusOf(key), n }));
  const of = (status: TaskStatus) => counts.reduce((sum, count) => (count.status === status ? sum + count.n : sum), 0);
  const byStatus = { pending: of('PENDING'), inProgress: of('IN_PROGRESS'), completed: of('COMPLETED'), cancelled: of('CANCELLED') };
  const total = byStatus.pending + byStatus.inProgress + byStatus.completed + byStatus.cancelled;
  const priorities = new Map<number, number>();
  for (const { priority, n } of counts) priorities.set(priority, (priorities.get(priority) ?? 0) + n);
  const counted = total - byStatus.cancelled;
  return {
    subjectId,
    total,
    byStatus,
    byPriority: [...priorities].sort(([a], [b]) => a - b).map(([priority, count]) => ({ priority, count })),
    overdue,
    completionRate: counted === 0 ? 0 : byStatus.completed / counted,
    asOf,
  };
}

/** Tasks of one person in a project or channel. */
export interface PersonalWork {
  userId: string;
  open: number;
  completed: number;
}
