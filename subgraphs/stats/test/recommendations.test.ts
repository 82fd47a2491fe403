import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import type { TaskChanged } from '@taskgraph/shared/contracts/task-events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recommend, type Candidate } from '../src/recommendation.js';
import { startStats, type Harness } from './harness.js';
import type { PeerEvent } from './peers.js';
import { created, someTask } from './tasks.js';

let stats: Harness;
beforeAll(async () => void (stats = await startStats({ worker: true })));
afterAll(() => stats.stop());

const ask = (userId: string, viewer: ReturnType<typeof someViewer>, first = '(first: 20)') =>
  stats.query(`query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { recommendedTasks${first} { taskId task { id } score reasons } } } }`, { of: [{ __typename: 'User', id: userId }] }, viewer);
const recommended = async (viewer: ReturnType<typeof someViewer>, first?: string): Promise<{ taskId: string; score: number; reasons: string[] }[]> =>
  (await ask(viewer.id, viewer, first)).data._entities[0].recommendedTasks;
const hence = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const old = { updatedAt: hence(-24 * 30), createdAt: hence(-24 * 30) };

/** The event as it is when the blockers have become these. */
function waitingFor(event: PeerEvent, blockers: (string | null)[]): PeerEvent {
  (event.payload as TaskChanged).changes.push({ field: 'blockedBy', before: [], after: blockers });
  return event;
}

test('open tasks of the person are recommended with a score and its reasons: overdue, due, blocking others, priority, recently touched', async () => {
  const viewer = someViewer();
  const project = newId();
  stats.project.members.set(`${project} ${viewer.id}`, { role: 'MEMBER', version: 1 });
  const [blocker, waits] = [someTask({ projectId: project }), someTask({ projectId: project })];
  const mine = { assigneeIds: [viewer.id], priority: 5, ...old };
  const [late, soon, high, plain, touched] = [
    someTask({ projectId: project }), someTask({ projectId: project }), someTask({ ownerId: viewer.id }), someTask({ ownerId: viewer.id }), someTask({ projectId: project }),
  ];
  stats.task.append(
    late.event('task.created', { ...mine, dueAt: hence(-73) }),
    soon.event('task.created', { ...mine, dueAt: hence(2.5) }),
    high.event('task.created', { ...old, priority: 1 }),
    plain.event('task.created', { ...old, priority: 9 }),
    touched.event('task.created', { ...mine, priority: 10, updatedAt: hence(-1) }),
    blocker.event('task.created', { ...mine, priority: 10 }),
    waits.event('task.created', { ...old }), waitingFor(waits.event('task.updated', { blocked: true }), [blocker.id, null]),
    created({ projectId: project }, { ...mine, status: 'COMPLETED', completedAt: hence(-1) }),
    created({ projectId: project }, { ...old, dueAt: hence(-1) }),
  );
  const reasons = new Map([
    [late.id, ['Overdue by 3 days']], [soon.id, ['Due in 2 hours']], [high.id, ['Priority 1']], [blocker.id, ['Blocks 1 other task']],
    [touched.id, ['Recently touched']], [plain.id, ['Priority 9']],
  ]);
  await eventually(async () => expect(new Map((await recommended(viewer)).map((one) => [one.taskId, one.reasons]))).toEqual(reasons));
  const found = await recommended(viewer);
  expect(found.map((one) => one.taskId)).toEqual([late.id, soon.id, high.id, blocker.id, touched.id, plain.id]);
  expect(found.every(({ score }) => score >= 0 && score <= 100)).toBe(true);
  expect((await recommended(viewer, '(first: 2)')).map((one) => one.taskId)).toEqual([late.id, soon.id]);
  expect(await recommended(viewer, '')).toHaveLength(5);
  // What waited is gone: nothing is blocked any more.
  stats.task.append(waits.event('task.deleted', { deletedAt: hence(0) }));
  await eventually(async () => expect((await recommended(viewer)).find((one) => one.taskId === blocker.id)?.reasons).toEqual(['Priority 10']));
});

test('a task in a place that one has lost is not recommended, although one is still assigned (RULES §1)', async () => {
  const viewer = someViewer();
  const [kept, lost, unknown] = [newId(), newId(), newId()];
  stats.project.members.set(`${kept} ${viewer.id}`, { role: 'VIEWER', version: 1 });
  const [seen, hidden] = [someTask({ projectId: kept }), someTask({ projectId: lost })];
  stats.task.append(seen.event('task.created', { assigneeIds: [viewer.id] }), hidden.event('task.created', { assigneeIds: [viewer.id] }), created({ channelId: unknown }, { assigneeIds: [viewer.id] }));
  await eventually(async () => expect((await recommended(viewer)).map((one) => one.taskId)).toEqual([seen.id]));
});

test('recommendations are for the person alone: null without an error to everybody else, ADMIN included', async () => {
  await eventually(async () => expect(await recommended(someViewer())).toEqual([]));
  for (const viewer of [someViewer(), someViewer('ADMIN')]) {
    expect(await ask(newId(), viewer)).toEqual({ status: 200, data: { _entities: [{ recommendedTasks: null }] } });
  }
  const viewer = someViewer();
  for (const first of ['(first: 0)', '(first: 51)']) {
    expect((await ask(viewer.id, viewer, first)).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'first' }] });
  }
});

test('a task that waits for others has half of the score and says so; the score never leaves 0 to 100', () => {
  const now = new Date();
  const most: Candidate = { taskId: newId(), projectId: null, channelId: null, priority: 1, dueAt: new Date(0), updatedAt: now, blocked: false, waiting: 1_000_000 };
  expect(recommend(most, now)).toMatchObject({ score: 100, reasons: [expect.stringMatching(/^Overdue by \d+ days$/), 'Blocks 1000000 other tasks', 'Priority 1', 'Recently touched'] });
  const blocked = recommend({ ...most, blocked: true }, now);
  expect([blocked.score, blocked.reasons.at(-1)]).toEqual([50, 'Waits for another task']);
  const least: Candidate = { ...most, priority: 10, dueAt: null, updatedAt: new Date(0), waiting: 0 };
  expect(recommend(least, now)).toEqual({ taskId: most.taskId, score: 0, reasons: ['Priority 10'] });
});
