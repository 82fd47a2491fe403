// Random histories of a few tasks: the events that tell of them, and a recount of what is left in the end, written apart from the
// code under test.
import type { TaskState, TaskStatus } from '@taskgraph/shared/contracts/task-events';
import { newId } from '@taskgraph/shared/ids';
import fc from 'fast-check';
import { bucketOf } from '../src/durations.js';
import type { PeerEvent } from './peers.js';
import { someTask, type Place, type TestTask } from './tasks.js';

export const people = [newId(), newId(), newId()];
export const places: Place[] = [{ projectId: newId() }, { projectId: newId() }, { channelId: newId() }, { ownerId: people[0] as string }, { ownerId: people[1] as string }];
const taskCount = 6;

/** One write to one of six tasks; the first one makes it. */
export const step = fc.record({
  task: fc.nat(taskCount - 1),
  minutes: fc.integer({ min: 1, max: 3_000 }),
  what: fc.constantFrom('assign', 'status', 'status', 'status', 'status', 'status', 'due', 'priority', 'trash', 'restore', 'purge', 'move', 'blockers' as const),
  place: fc.constantFrom(places[0] as Place, places[0] as Place, ...places),
  status: fc.constantFrom<TaskStatus>('PENDING', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED'),
  priority: fc.integer({ min: 1, max: 3 }),
  assigneeIds: fc.subarray(people),
  /** Hours from now. */
  due: fc.option(fc.constantFrom(-48, -1, 48)),
  blockers: fc.subarray([0, 1, 2, 3, 4, 5], { maxLength: 2 }),
  actor: fc.constantFrom(...people),
});
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Told {
  state: TaskState;
  place: Place;
  actor: string;
}

/** Where the six tasks stand: everything that was told of each, in order; null for one that was erased. */
export interface Model {
  tasks: TestTask[];
  told: (Told[] | null)[];
  blockers: string[][];
  now: number;
}

export const newModel = (): Model => ({
  tasks: Array.from({ length: taskCount }, () => someTask(places[0] as Place)),
  told: Array.from({ length: taskCount }, () => []),
  blockers: Array.from({ length: taskCount }, () => []),
  now: Date.parse('2026-03-01T00:00:00Z'),
});

/** What the step says of the task; nothing where it is not possible, as for an erased task. */
export function play(model: Model, one: Step): PeerEvent[] {
  const { task: index, minutes, what, place, status, priority, assigneeIds, due, blockers, actor } = one;
  const [task, told] = [model.tasks[index] as TestTask, model.told[index]];
  if (!told) return [];
  model.now += minutes * 60_000;
  const updatedAt = new Date(model.now).toISOString();
  const dueAt = due === null ? null : new Date(Date.now() + due * 3_600_000).toISOString();
  const last = told.at(-1);
  // Only what lies in the trash is erased.
  if (what === 'purge' && last && !last.state.deletedAt) return play(model, { ...one, minutes: 1, what: 'trash' });
  if (what === 'purge' && last) {
    model.told[index] = null;
    model.blockers[index] = [];
    return [task.purged()];
  }
  const completed = { completedAt: status === 'COMPLETED' ? updatedAt : null };
  const names = blockers.map((other) => (model.tasks[other] as TestTask).id);
  const change: Partial<TaskState> = last
    ? {
        assign: { assigneeIds }, status: { status, ...(status === last.state.status ? {} : completed) }, due: { dueAt }, priority: { priority },
        trash: { deletedAt: updatedAt }, restore: { deletedAt: null }, purge: {}, move: {}, blockers: {},
      }[what]
    : { status, priority, assigneeIds, dueAt, createdAt: updatedAt, ...completed };
  const type = !last ? 'task.created' : ({ move: 'task.moved', trash: 'task.deleted', restore: 'task.restored', assign: 'task.assigned' } as Record<string, string>)[what] ?? 'task.updated';
  if (last && what === 'blockers') model.blockers[index] = names;
  const event = task.event(type, { ...change, updatedAt }, !last || what === 'move' ? place : last.place);
  const payload = event.payload as { state: TaskState; changes: object[] };
  // A blocker of another place stands there as null.
  if (last && what === 'blockers') payload.changes.push({ field: 'blockedBy', before: [], after: [...names, null] });
  told.push({ state: payload.state, place: !last || what === 'move' ? place : last.place, actor });
  return [{ ...event, actorId: actor }];
}

const quarter = (text: string) => Math.floor(Date.parse(text) / 900_000);
const statuses = ['PENDING', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED'];

/** Lines as `dump` of the tests reads them from the tables: counts from scratch over the tasks that are left. */
export function recount(model: Model): string[] {
  const counters = new Map<string, number>();
  const work = new Map<string, [open: number, completed: number]>();
  const lines: string[] = [];
  const blocked = new Set(model.blockers.flat());
  model.told.forEach((told, index) => {
    const [{ id }, last] = [model.tasks[index] as TestTask, told?.at(-1)];
    if (!told || !last) return;
    for (const blocker of model.blockers[index] ?? []) lines.push(`dependency ${blocker} ${id}`);
    const { status, priority, assigneeIds, dueAt, deletedAt, createdAt, updatedAt, completedAt } = last.state;
    if (deletedAt) return;
    const { projectId, channelId, ownerId } = last.place;
    const users = new Set([...assigneeIds, ...(ownerId ? [ownerId] : [])]);
    const open = status === 'PENDING' || status === 'IN_PROGRESS';
    const started = told.find((entry) => entry.state.status === 'IN_PROGRESS')?.state.updatedAt;
    const became = told.findLast((entry, place) => entry.state.status !== told[place - 1]?.state.status && ['COMPLETED', 'CANCELLED'].includes(entry.state.status));
    const count = (line: string) => counters.set(line, (counters.get(line) ?? 0) + 1);
    const days = (subject: string) => {
      count(`${subject} created ${quarter(createdAt)}`);
      if (completedAt) count(`${subject} completed ${quarter(completedAt)}`);
    };
    const statusLine = (subject: string) => count(`${subject} status ${statuses.indexOf(status) * 16 + priority}`);
    const due = (subject: string) => open && dueAt && lines.push(`due ${subject} ${id} ${Date.parse(dueAt)}`);
    for (const user of users) {
      statusLine(`user ${user}`);
      days(`user ${user}`);
      due(`user ${user}`);
      if (open) lines.push(`open ${user} ${id} ${priority} ${dueAt ? Date.parse(dueAt) : '-'} ${Date.parse(updatedAt)} ${blocked.has(id)}`);
    }
    if (projectId) {
      const subject = `project ${projectId}`;
      statusLine(subject);
      days(subject);
      due(subject);
      if (!open) count(`${subject} closed ${quarter(became?.state.updatedAt as string)}`);
      if (completedAt) count(`${subject} lead ${bucketOf(Date.parse(completedAt) - Date.parse(createdAt))}`);
      if (completedAt && started) count(`${subject} cycle ${bucketOf(Date.parse(completedAt) - Date.parse(started))}`);
    }
    if (channelId) {
      statusLine(`channel ${channelId}`);
      due(`channel ${channelId}`);
    }
    const workers = channelId && status === 'COMPLETED' && assigneeIds.length === 0 ? [became?.actor as string] : assigneeIds;
    for (const user of ownerId || status === 'CANCELLED' ? [] : workers) {
      const key = `${projectId ? `project ${projectId}` : `channel ${channelId}`} ${user}`;
      const [was, done] = work.get(key) ?? [0, 0];
      work.set(key, [was + (open ? 1 : 0), done + (open ? 0 : 1)]);
    }
  });
  for (const [key, n] of counters) lines.push(`count ${key} ${n}`);
  for (const [key, [open, completed]] of work) lines.push(`work ${key} ${open} ${completed}`);
  return lines.sort();
}

/** The same lines from the tables, of one generation. */
export const dump = `
  select line from (
    select concat_ws(' ', 'count', kind, subject_id, figure, key, n) as line from counters where generation = $1 and n <> 0
    union all select concat_ws(' ', 'work', kind, subject_id, user_id, open, completed) from workloads where generation = $1 and (open <> 0 or completed <> 0)
    union all select concat_ws(' ', 'due', kind, subject_id, task_id, floor(extract(epoch from due_at) * 1000)::bigint) from due_tasks where generation = $1
    union all select concat_ws(' ', 'open', user_id, task_id, priority, coalesce(floor(extract(epoch from due_at) * 1000)::bigint::text, '-'),
      floor(extract(epoch from updated_at) * 1000)::bigint, blocks::text) from open_tasks where generation = $1
    union all select concat_ws(' ', 'dependency', blocker_id, task_id) from dependencies where generation = $1
  ) lines`;
