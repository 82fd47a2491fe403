// Figures over time: by day, burndown, durations, and who does how much.
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStats, type Harness } from './harness.js';
import { created, someTask } from './tasks.js';

let stats: Harness;
beforeAll(async () => void (stats = await startStats({ worker: true })));
afterAll(() => stats.stop());

const ask = (type: 'User' | 'Project' | 'Channel', id: string, selection: string, viewer: ReturnType<typeof someViewer>) =>
  stats.query(`query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${selection} } } }`, { of: [{ __typename: type, id }] }, viewer);
const of = async (type: 'User' | 'Project' | 'Channel', id: string, selection: string, viewer: ReturnType<typeof someViewer>) => {
  const answer = await ask(type, id, `stats { ${selection} }`, viewer);
  expect(answer.errors).toBeUndefined();
  return answer.data._entities[0].stats;
};

/** Somebody who sees this project or channel. */
function member(kind: 'project' | 'channel', id: string): ReturnType<typeof someViewer> {
  const viewer = someViewer();
  stats[kind].members.set(`${id} ${viewer.id}`, { role: 'MEMBER', version: 1 });
  return viewer;
}

/** The user log tells of an account, with this time zone. */
function account(id: string, timeZone: string, version = 1): void {
  const payload = { userId: id, handle: 'ann', name: 'Ann', email: 'ann@example.org', emailVerified: true, timeZone, role: 'MEMBER', active: true, version };
  stats.user.append(version === 1 ? { type: 'user.registered', aggregateId: id, seq: 1, payload } : { type: 'user.updated', aggregateId: id, seq: version, payload: { ...payload, changed: ['timeZone'] } });
}

const done = (completedAt: string, createdAt: string) => ({ status: 'COMPLETED' as const, completedAt, createdAt, updatedAt: completedAt });
const made = (createdAt: string) => ({ createdAt, updatedAt: createdAt });

describe('daily (RULES §9)', () => {
  test('counts what was created and completed on each day, days without anything too, both ends included', async () => {
    const project = newId();
    const viewer = member('project', project);
    stats.task.append(
      created({ projectId: project }, made('2026-03-01T00:00:00Z')),
      created({ projectId: project }, done('2026-03-03T23:59:59Z', '2026-03-01T12:00:00Z')),
      created({ projectId: project }, done('2026-03-04T00:00:00Z', '2026-02-28T23:59:59Z')),
      created({ projectId: newId() }, made('2026-03-02T12:00:00Z')),
    );
    await eventually(async () => expect(await of('Project', project, 'daily(from: "2026-03-01", to: "2026-03-03") { date created completed }', viewer)).toEqual({
      daily: [{ date: '2026-03-01', created: 2, completed: 0 }, { date: '2026-03-02', created: 0, completed: 0 }, { date: '2026-03-03', created: 0, completed: 1 }],
    }));
  });

  test('is in the days of the viewer\'s time zone, a changed one at once, and in those of UTC for whom nothing was heard of', async () => {
    const viewer = someViewer();
    // Half past midnight in Vienna, the evening before in New York.
    stats.task.append(created({ ownerId: viewer.id }, made('2026-03-28T23:30:00Z')));
    const days = async () => (await of('User', viewer.id, 'daily(from: "2026-03-28", to: "2026-03-29") { created }', viewer)).daily.map((day: { created: number }) => day.created);
    await eventually(async () => expect(await days()).toEqual([1, 0]));
    account(viewer.id, 'Europe/Vienna');
    await eventually(async () => expect(await days()).toEqual([0, 1]));
    account(viewer.id, 'America/New_York', 2);
    await eventually(async () => expect(await days()).toEqual([1, 0]));
    // Whoever else may see them sees them in days of their own.
    const admin = someViewer('ADMIN');
    account(admin.id, 'Asia/Tokyo');
    await eventually(async () => expect((await of('User', viewer.id, 'daily(from: "2026-03-29", to: "2026-03-29") { created }', admin)).daily).toEqual([{ created: 1 }]));
  });

  test('forgets a completion that was undone, and counts the one that followed', async () => {
    const viewer = someViewer();
    const task = someTask({ ownerId: viewer.id });
    const days = async () => (await of('User', viewer.id, 'daily(from: "2026-03-01", to: "2026-03-03") { completed }', viewer)).daily.map((day: { completed: number }) => day.completed);
    stats.task.append(task.event('task.created', made('2026-03-01T08:00:00Z')), task.event('task.completed', done('2026-03-01T09:00:00Z', '2026-03-01T08:00:00Z')));
    await eventually(async () => expect(await days()).toEqual([1, 0, 0]));
    stats.task.append(task.event('task.reopened', { status: 'PENDING', completedAt: null, updatedAt: '2026-03-02T09:00:00Z' }));
    await eventually(async () => expect(await days()).toEqual([0, 0, 0]));
    stats.task.append(task.event('task.completed', done('2026-03-03T09:00:00Z', '2026-03-01T08:00:00Z')));
    await eventually(async () => expect(await days()).toEqual([0, 0, 1]));
  });

  test('more than 366 days, to before from, and what is no date, are BAD_USER_INPUT with the argument as path', async () => {
    const viewer = someViewer();
    await eventually(async () => expect(await of('User', viewer.id, 'daily(from: "2024-01-01", to: "2024-12-31") { date }', viewer)).toMatchObject({ daily: { length: 366 } }));
    for (const days of ['from: "2024-01-01", to: "2025-01-01"', 'from: "2026-01-02", to: "2026-01-01"']) {
      const answer = await ask('User', viewer.id, `stats { daily(${days}) { date } }`, viewer);
      expect(answer.errors?.[0]).toMatchObject({ path: ['_entities', 0, 'stats', 'daily'], extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'to' }] } });
    }
    for (const date of ['2026-02-30', '2026-1-1', '2026-01-01T00:00:00Z', '']) {
      const answer = await stats.query('query ($of: [_Any!]!, $from: Date!) { _entities(representations: $of) { ... on User { stats { daily(from: $from, to: "2026-03-01") { date } } } } }', { of: [{ __typename: 'User', id: viewer.id }], from: date }, viewer);
      expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'from' }] } });
    }
  });
});

describe('a project\'s flow', () => {
  test('burndown is what was left at the end of each day; cancelled tasks leave it too, and it ends with what is open now', async () => {
    const project = newId();
    const viewer = member('project', project);
    const cancelled = someTask({ projectId: project });
    const trashed = someTask({ projectId: project });
    const day = (n: number) => `2026-03-0${n}T12:00:00.000Z`;
    stats.task.append(
      created({ projectId: project }, made(day(1))),
      created({ projectId: project }, done(day(3), day(1))),
      cancelled.event('task.created', made(day(2))),
      cancelled.event('task.updated', { status: 'CANCELLED', updatedAt: day(4) }),
      cancelled.event('task.updated', { title: 'Never mind', updatedAt: day(5) }),
      trashed.event('task.created', made(day(1))), trashed.event('task.deleted', { deletedAt: day(2), updatedAt: day(2) }),
      created({ projectId: project }, made(day(6))),
    );
    const remaining = async () => (await of('Project', project, 'burndown(from: "2026-02-28", to: "2026-03-07") { date remaining }', viewer)).burndown;
    await eventually(async () => expect((await remaining()).map((point: { remaining: number }) => point.remaining)).toEqual([0, 2, 3, 2, 1, 1, 2, 2]));
    expect((await remaining())[0]).toEqual({ date: '2026-02-28', remaining: 0 });
    const { byStatus, burndown } = await of('Project', project, 'byStatus { pending inProgress } burndown(from: "2099-01-01", to: "2099-01-01") { remaining }', viewer);
    expect(burndown).toEqual([{ remaining: byStatus.pending + byStatus.inProgress }]);
  });

  test('lead time is from creation, cycle time from the first IN_PROGRESS, to the last completion; a task that never was in progress has no cycle time', async () => {
    const project = newId();
    const viewer = member('project', project);
    const [task, straight] = [someTask({ projectId: project }), someTask({ projectId: project })];
    const selection = 'cycleTime { p50 p85 p95 samples } leadTime { p50 p85 p95 samples }';
    stats.task.append(straight.event('task.created', made('2026-03-01T00:00:00Z')));
    await eventually(async () => expect(await of('Project', project, `total ${selection}`, viewer)).toEqual({ total: 1, cycleTime: null, leadTime: null }));
    stats.task.append(
      straight.event('task.completed', done('2026-03-01T00:00:00.050Z', '2026-03-01T00:00:00Z')),
      task.event('task.created', made('2026-03-01T00:00:00Z')),
      task.event('task.updated', { status: 'IN_PROGRESS', updatedAt: '2026-03-02T00:00:00Z' }),
      task.event('task.updated', { status: 'PENDING', updatedAt: '2026-03-03T00:00:00Z' }),
      task.event('task.updated', { status: 'IN_PROGRESS', updatedAt: '2026-03-04T00:00:00Z' }),
      task.event('task.completed', done('2026-03-05T00:00:00Z', '2026-03-01T00:00:00Z')),
      task.event('task.reopened', { status: 'PENDING', completedAt: null, updatedAt: '2026-03-06T00:00:00Z' }),
      task.event('task.completed', done('2026-03-07T00:00:00Z', '2026-03-01T00:00:00Z')),
    );
    await eventually(async () => expect(await of('Project', project, selection, viewer)).toMatchObject({ leadTime: { p50: 'PT0.05S', samples: 2 }, cycleTime: { samples: 1 } }));
    const { cycleTime, leadTime } = await of('Project', project, selection, viewer);
    expect(days(cycleTime.p50)).toBeGreaterThan(5 * 0.98);
    expect(days(cycleTime.p50)).toBeLessThan(5 * 1.02);
    expect(days(leadTime.p95)).toBeGreaterThan(6 * 0.98);
    expect(days(leadTime.p95)).toBeLessThan(6 * 1.02);
  });

  test('workload names everybody with an open or completed task, most open ones first, and follows who is assigned', async () => {
    const project = newId();
    const viewer = member('project', project);
    const [ann, ben, cleo] = [newId(), newId(), newId()];
    const task = someTask({ projectId: project });
    stats.task.append(
      task.event('task.created', { assigneeIds: [ann] }),
      created({ projectId: project }, { assigneeIds: [ann, ben] }),
      created({ projectId: project }, { assigneeIds: [cleo], status: 'CANCELLED' }),
      created({ projectId: project }, { assigneeIds: [ben], ...done('2026-03-02T00:00:00Z', '2026-03-01T00:00:00Z') }),
    );
    const workload = async () => (await of('Project', project, 'workload { userId user { id } open completed }', viewer)).workload;
    await eventually(async () => expect(await workload()).toEqual([
      { userId: ann, user: { id: ann }, open: 2, completed: 0 }, { userId: ben, user: { id: ben }, open: 1, completed: 1 },
    ]));
    stats.task.append(task.event('task.assigned', { assigneeIds: [ben, cleo] }));
    await eventually(async () => expect(await workload()).toMatchObject([{ userId: ben, open: 2, completed: 1 }, { userId: ann, open: 1 }, { userId: cleo, open: 1 }].toSorted((one, other) => other.open - one.open || (one.userId < other.userId ? -1 : 1))));
  });
});

describe('a channel\'s topContributors', () => {
  test('are those with the most completed tasks: their own, and those of nobody that they completed', async () => {
    const channel = newId();
    const viewer = member('channel', channel);
    const [ann, ben] = [newId(), newId()];
    const completed = done('2026-03-02T00:00:00Z', '2026-03-01T00:00:00Z');
    const by = (actorId: string, assigneeIds: string[]) => {
      const task = someTask({ channelId: channel });
      return [task.event('task.created', { assigneeIds }), { ...task.event('task.completed', completed), actorId }];
    };
    stats.task.append(...by(ann, []), ...by(ann, []), ...by(ann, [ben]), created({ channelId: channel }, { assigneeIds: [ben] }));
    await eventually(async () => expect(await of('Channel', channel, 'topContributors { userId open completed }', viewer)).toEqual({
      topContributors: [{ userId: ann, open: 0, completed: 2 }, { userId: ben, open: 1, completed: 1 }],
    }));
    expect((await of('Channel', channel, 'topContributors(first: 1) { userId }', viewer)).topContributors).toEqual([{ userId: ann }]);
    for (const first of [0, 101]) {
      const answer = await ask('Channel', channel, `stats { topContributors(first: ${first}) { userId } }`, viewer);
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'first' }] });
    }
  });
});

/** Of P…DT…H…M…S. */
function days(text: string): number {
  const [, d = 0, h = 0, m = 0, s = 0] = (/^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text) ?? []).map((part) => Number(part ?? 0));
  return d + (h + (m + s / 60) / 60) / 24;
}
