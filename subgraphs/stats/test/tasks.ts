// Tasks as the task subgraph tells of them.
import type { TaskChanged, TaskPurged, TaskState } from '@taskgraph/shared/contracts/task-events';
import { newId } from '@taskgraph/shared/ids';
import type { PeerEvent } from './peers.js';

export type Place = Partial<Pick<TaskChanged, 'projectId' | 'channelId' | 'ownerId'>>;

export interface TestTask {
  id: string;
  /** The next event of this task, with these fields changed and, where `to` is given, in another place from then on. */
  event(type: string, change?: Partial<TaskState>, to?: Place): PeerEvent;
  /** Its last event. */
  purged(): PeerEvent;
}

export function someTask(place: Place): TestTask {
  let here = place;
  const id = newId();
  const now = new Date().toISOString();
  let seq = 0;
  let state: TaskState = {
    title: 'Water the plants', status: 'PENDING', priority: 5, startAt: null, dueAt: null, completedAt: null, assigneeIds: [], createdAt: now, updatedAt: now,
  };
  return {
    id,
    event(type, change = {}, to = here) {
      here = to;
      const before = seq === 0 ? null : state;
      state = { ...state, ...change };
      seq += 1;
      const payload: TaskChanged = {
        taskId: id, ref: null, projectId: null, channelId: null, ownerId: null, ...here, creatorId: newId(), state, before, changes: [], version: seq,
      };
      return { type, aggregateId: id, seq, payload };
    },
    purged() {
      seq += 1;
      const payload: TaskPurged = { taskId: id, projectId: null, channelId: null, ownerId: null, ...here, version: seq };
      return { type: 'task.purged', aggregateId: id, seq, payload };
    },
  };
}

/** A new task's one event. */
export const created = (place: Place, state: Partial<TaskState> = {}): PeerEvent => someTask(place).event('task.created', state);
