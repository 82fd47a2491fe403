import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStats, type Harness } from './harness.js';
import { created, someTask } from './tasks.js';

let stats: Harness;
beforeAll(async () => void (stats = await startStats({ worker: true })));
afterAll(() => stats.stop());

const fields = 'total byStatus { pending inProgress completed cancelled } overdue completionRate asOf';
const document = `query ($of: [_Any!]!) { _entities(representations: $of) {
  ... on User { stats { ${fields} byPriority { priority count } } }
  ... on Project { stats { ${fields} byPriority { priority count } } }
  ... on Channel { stats { ${fields} } }
} }`;
type Type = 'User' | 'Project' | 'Channel';
const ask = (type: Type, id: string, viewer = someViewer()) => stats.query(document, { of: [{ __typename: type, id }] }, viewer);
const figures = async (type: Type, id: string, viewer = someViewer()) => (await ask(type, id, viewer)).data._entities[0].stats;
const own = (id: string) => figures('User', id, { ...someViewer(), id });

describe('a user\'s figures (RULES §9)', () => {
  test('count tasks assigned to them plus their personal tasks, everywhere, and none twice', async () => {
    const [user, other] = [newId(), newId()];
    stats.task.append(
      created({ ownerId: user }, { priority: 1 }),
      created({ ownerId: user }, { assigneeIds: [user], status: 'IN_PROGRESS' }),
      created({ projectId: newId() }, { assigneeIds: [user, other], status: 'COMPLETED' }),
      created({ channelId: newId() }, { assigneeIds: [user], status: 'CANCELLED' }),
      created({ projectId: newId() }, { assigneeIds: [other] }),
    );
    await eventually(async () => expect(await own(user)).toMatchObject({
      total: 4,
      byStatus: { pending: 1, inProgress: 1, completed: 1, cancelled: 1 },
      byPriority: [{ priority: 1, count: 1 }, { priority: 5, count: 3 }],
    }));
    expect(await own(other)).toMatchObject({ total: 2, byStatus: { pending: 1, completed: 1 } });
  });

  test('follow a task from person to person, status to status and priority to priority', async () => {
    const [ann, ben] = [newId(), newId()];
    const task = someTask({ projectId: newId() });
    stats.task.append(task.event('task.created', { assigneeIds: [ann], priority: 2 }));
    await eventually(async () => expect(await own(ann)).toMatchObject({ total: 1 }));
    stats.task.append(task.event('task.assigned', { assigneeIds: [ben] }), task.event('task.updated', { priority: 9, status: 'IN_PROGRESS' }));
    await eventually(async () => expect(await own(ben)).toMatchObject({ byStatus: { pending: 0, inProgress: 1 }, byPriority: [{ priority: 9, count: 1 }] }));
    expect(await own(ann)).toMatchObject({ total: 0, byPriority: [] });
    stats.task.append(task.event('task.completed', { status: 'COMPLETED' }));
    await eventually(async () => expect(await own(ben)).toMatchObject({ completionRate: 1 }));
    stats.task.append(task.event('task.reopened', { status: 'PENDING' }));
    await eventually(async () => expect(await own(ben)).toMatchObject({ total: 1, byStatus: { pending: 1 }, completionRate: 0 }));
  });

  test('follow a task from place to place: what it leaves counts it no longer (RULES §9)', async () => {
    const [from, to, channel] = [newId(), newId(), newId()];
    const ann = someViewer();
    for (const id of [from, to]) stats.project.append({ type: 'project.member-added', aggregateId: id, seq: 1, payload: { projectId: id, projectName: 'P', userId: ann.id, role: 'MEMBER', version: 1 } });
    stats.channel.append({ type: 'channel.joined', aggregateId: channel, seq: 1, payload: { channelId: channel, channelName: 'C', userId: ann.id, role: 'MEMBER', version: 1 } });
    const task = someTask({ projectId: from });
    const dueAt = new Date(Date.now() - 60_000).toISOString();
    stats.task.append(task.event('task.created', { assigneeIds: [ann.id], dueAt }));
    await eventually(async () => expect(await figures('Project', from, ann)).toMatchObject({ total: 1, overdue: 1 }));
    stats.task.append(task.event('task.moved', {}, { projectId: to }));
    await eventually(async () => expect(await figures('Project', to, ann)).toMatchObject({ total: 1, overdue: 1 }));
    expect(await figures('Project', from, ann)).toMatchObject({ total: 0, overdue: 0 });
    stats.task.append(task.event('task.moved', { assigneeIds: [] }, { channelId: channel }));
    await eventually(async () => expect(await figures('Channel', channel, ann)).toMatchObject({ total: 1, overdue: 1 }));
    expect([await figures('Project', to, ann), await own(ann.id)]).toMatchObject([{ total: 0, overdue: 0 }, { total: 0, overdue: 0 }]);
  });

  test('leave out what lies in the trash, for everybody, and count it again when it is restored (RULES §9)', async () => {
    const [user, project] = [newId(), newId()];
    const member = someViewer();
    stats.project.append({ type: 'project.member-added', aggregateId: project, seq: 1, payload: { projectId: project, projectName: 'P', userId: member.id, role: 'MEMBER', version: 1 } });
    const task = someTask({ projectId: project });
    stats.task.append(task.event('task.created', { assigneeIds: [user], status: 'IN_PROGRESS', dueAt: new Date(Date.now() - 60_000).toISOString() }));
    await eventually(async () => expect(await own(user)).toMatchObject({ total: 1, overdue: 1 }));
    stats.task.append(task.event('task.deleted', { deletedAt: new Date().toISOString() }));
    await eventually(async () => expect(await own(user)).toMatchObject({ total: 0, overdue: 0, byPriority: [] }));
    expect(await figures('Project', project, member)).toMatchObject({ total: 0, overdue: 0, byStatus: { inProgress: 0 } });
    // Its neighbours in the manual order may be spread out while it lies there: that brings nothing back.
    stats.task.append(task.event('task.moved'), created({ ownerId: user }));
    await eventually(async () => expect(await own(user)).toMatchObject({ total: 1, overdue: 0 }));
    stats.task.append(task.event('task.restored', { deletedAt: null }));
    await eventually(async () => expect(await own(user)).toMatchObject({ total: 2, overdue: 1, byStatus: { pending: 1, inProgress: 1 } }));
    expect(await figures('Project', project, member)).toMatchObject({ total: 1, overdue: 1 });
  });

  test('leave out a task that was erased, also for who has not heard of anything in between (RULES §6, §9)', async () => {
    const [user, other] = [newId(), newId()];
    const [trashed, unheard] = [someTask({ ownerId: user }), someTask({ ownerId: user })];
    const dueAt = new Date(Date.now() - 60_000).toISOString();
    stats.task.append(trashed.event('task.created'), unheard.event('task.created', { dueAt }), trashed.event('task.deleted', { deletedAt: dueAt }));
    await eventually(async () => expect(await own(user)).toMatchObject({ total: 1, overdue: 1 }));
    // The first is erased out of the trash; the second one's way there was not heard of before it was gone from the log.
    unheard.event('task.deleted', { deletedAt: dueAt });
    stats.task.append(trashed.purged(), unheard.purged(), someTask({ ownerId: user }).purged(), created({ ownerId: other }));
    await eventually(async () => expect(await own(other)).toMatchObject({ total: 1 }));
    expect(await own(user)).toMatchObject({ total: 0, overdue: 0 });
  });

  test('an event that is not newer than what is counted changes nothing', async () => {
    const user = newId();
    const task = someTask({ ownerId: user });
    const [first, second] = [task.event('task.created'), task.event('task.completed', { status: 'COMPLETED' })];
    stats.task.append(first, second);
    stats.task.append(first, second, first, created({ ownerId: user }));
    await eventually(async () => expect(await own(user)).toMatchObject({ total: 2, byStatus: { completed: 1, pending: 1 } }));
  });

  test('completionRate is completed / (total − cancelled), and 0 where that is empty', async () => {
    const [user, idle, cancelled] = [newId(), newId(), newId()];
    const statuses = ['COMPLETED', 'PENDING', 'IN_PROGRESS', 'PENDING', 'CANCELLED', 'CANCELLED'] as const;
    stats.task.append(...statuses.map((status) => created({ ownerId: user }, { status })), created({ ownerId: cancelled }, { status: 'CANCELLED' }));
    await eventually(async () => expect(await own(cancelled)).toMatchObject({ total: 1, completionRate: 0 }));
    expect(await own(user)).toMatchObject({ total: 6, completionRate: 0.25 });
    expect(await own(idle)).toMatchObject({ total: 0, overdue: 0, completionRate: 0, byPriority: [] });
  });

  test('overdue becomes right as time passes, without an event, and counts open tasks only', async () => {
    const user = newId();
    const task = someTask({ ownerId: user });
    const past = new Date(Date.now() - 60_000).toISOString();
    stats.task.append(
      task.event('task.created', { dueAt: new Date(Date.now() + 700).toISOString() }),
      created({ ownerId: user }, { dueAt: past, status: 'COMPLETED' }),
      created({ ownerId: user }, { dueAt: past, status: 'CANCELLED' }),
    );
    await eventually(async () => expect(await own(user)).toMatchObject({ total: 3, overdue: 0 }));
    await eventually(async () => expect(await own(user)).toMatchObject({ overdue: 1 }));
    stats.task.append(task.event('task.completed', { status: 'COMPLETED' }));
    await eventually(async () => expect(await own(user)).toMatchObject({ overdue: 0 }));
    stats.task.append(task.event('task.reopened', { status: 'PENDING' }));
    await eventually(async () => expect(await own(user)).toMatchObject({ overdue: 1 }));
    stats.task.append(task.event('task.updated', { dueAt: new Date(Date.now() + 60_000).toISOString() }));
    await eventually(async () => expect(await own(user)).toMatchObject({ overdue: 0 }));
  });

  test('are shown to that user and to ADMIN, and are null without an error to everybody else (RULES §1)', async () => {
    const user = newId();
    expect(await figures('User', user, someViewer('ADMIN'))).toMatchObject({ total: 0 });
    expect(await ask('User', user)).toEqual({ status: 200, data: { _entities: [{ stats: null }] } });
  });
});

describe('figures of a project and of a channel', () => {
  const places = [
    { type: 'Project', kind: 'project', key: 'projectId', joined: 'project.member-added', left: 'project.member-removed', role: 'VIEWER' },
    { type: 'Channel', kind: 'channel', key: 'channelId', joined: 'channel.joined', left: 'channel.left', role: 'MEMBER' },
  ] as const;
  const membership = (place: (typeof places)[number], id: string, userId: string, seq: number, type: string) => ({
    type, aggregateId: id, seq,
    payload: place.kind === 'project' ? { projectId: id, projectName: 'P', userId, role: place.role, version: seq } : { channelId: id, channelName: 'C', userId, role: place.role, version: seq },
  });

  test.each(places)('$type: members see them, a stranger and ADMIN get null without an error (RULES §1)', async (place) => {
    const [id, member] = [newId(), someViewer()];
    stats[place.kind].append(membership(place, id, member.id, 1, place.joined));
    stats.task.append(created({ [place.key]: id }, { status: 'COMPLETED' }), created({ [place.key]: id }), created({ [place.key]: newId() }));
    await eventually(async () => expect(await figures(place.type, id, member)).toMatchObject({ total: 2, completionRate: 0.5 }));
    for (const viewer of [someViewer(), someViewer('ADMIN')]) {
      expect(await ask(place.type, id, viewer)).toEqual({ status: 200, data: { _entities: [{ stats: null }] } });
    }
  });

  test.each(places)('$type: a member added a moment ago sees them at once, because the owner is asked (RULES §8)', async (place) => {
    const [id, member] = [newId(), someViewer()];
    stats[place.kind].members.set(`${id} ${member.id}`, { role: place.role, version: 3 });
    expect(await figures(place.type, id, member)).toMatchObject({ total: 0 });
  });

  test.each(places)('$type: who was removed sees nothing any more (RULES §8)', async (place) => {
    const [id, member] = [newId(), someViewer()];
    stats[place.kind].append(membership(place, id, member.id, 1, place.joined));
    await eventually(async () => expect(await figures(place.type, id, member)).toMatchObject({ total: 0 }));
    stats[place.kind].append(membership(place, id, member.id, 2, place.left));
    await eventually(async () => expect(await figures(place.type, id, member)).toBeNull());
  });

  test.each(places)('$type: with no row in the copy and the owner away the answer is SUBGRAPH_UNAVAILABLE (RULES §8)', async (place) => {
    stats[place.kind].away = true;
    try {
      const answer = await ask(place.type, newId());
      expect(answer.data._entities[0].stats).toBeNull();
      expect(answer.errors?.[0]).toMatchObject({ path: ['_entities', 0, 'stats'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });
    } finally {
      stats[place.kind].away = false;
    }
  });

  test('a project and a person with the same id do not share a count', async () => {
    const id = newId();
    stats.project.members.set(`${id} ${id}`, { role: 'OWNER', version: 1 });
    stats.task.append(created({ projectId: id }), created({ projectId: id }), created({ ownerId: id }));
    await eventually(async () => expect(await figures('Project', id, { ...someViewer(), id })).toMatchObject({ total: 2 }));
    expect(await own(id)).toMatchObject({ total: 1 });
  });
});

describe('asOf', () => {
  test('is an instant the logs have vouched for, and stands still while any of them is away', async () => {
    const user = newId();
    const asOf = async () => new Date((await own(user)).asOf).getTime();
    const first = await eventually(asOf);
    expect(Math.abs(first - Date.now())).toBeLessThan(10_000);
    await eventually(async () => expect(await asOf()).toBeGreaterThan(first));
    stats.channel.away = true;
    try {
      // The task log goes on being heard; a task that it tells of is counted although the figures are vouched for up to an earlier instant only.
      stats.task.append(created({ ownerId: user }));
      await eventually(async () => expect(await own(user)).toMatchObject({ total: 1 }));
      // An answer of the channel log may have been under way; then it stands still, whatever is counted meanwhile.
      let total = 1;
      await eventually(async () => {
        const standing = await asOf();
        stats.task.append(created({ ownerId: user }));
        total += 1;
        await eventually(async () => expect(await own(user)).toMatchObject({ total }));
        expect(await asOf()).toBe(standing);
      });
    } finally {
      stats.channel.away = false;
    }
    const back = Date.now();
    await eventually(async () => expect(await asOf()).toBeGreaterThan(back));
  });
});
