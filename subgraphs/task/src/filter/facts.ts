// What a filter looks at in a task, as a row of now or as a state that an event carries.
import type { TaskChanged, TaskState, TaskStatus } from '@taskgraph/shared/contracts/task-events';
import type { IdField, InstantField } from './conditions.js';
import { fold } from './fold.js';

export interface TaskFacts extends Record<IdField, string | null>, Record<InstantField, Date | null> {
  titleKey: string;
  status: TaskStatus;
  priority: number;
  assigneeIds: readonly string[];
  /** Names, folded. */
  labels: readonly string[];
  blocked: boolean;
  personal: boolean;
  deleted: boolean;
}

/** One side of an event. Events of before the state told of places and trash have the place in the event and no trash. */
export function factsOf(event: TaskChanged, state: TaskState): TaskFacts {
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  const place = state.projectId === undefined ? event : state;
  return {
    id: event.taskId, creatorId: event.creatorId,
    projectId: place.projectId ?? null, channelId: place.channelId ?? null, parentId: state.parentId ?? null,
    dueAt: instant(state.dueAt), startAt: instant(state.startAt), completedAt: instant(state.completedAt),
    createdAt: instant(state.createdAt), updatedAt: instant(state.updatedAt),
    titleKey: fold(state.title), status: state.status, priority: state.priority,
    assigneeIds: state.assigneeIds, labels: state.labels ?? [],
    blocked: state.blocked ?? false, personal: place.ownerId != null, deleted: state.deletedAt != null,
  };
}
