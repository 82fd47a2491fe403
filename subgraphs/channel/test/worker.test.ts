import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { freePort } from '@taskgraph/shared/testing/ports';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { retryDelayMs } from '../src/jobs/deliver-email.js';
import { makeProject, startWorld, tellTask, type Person, type WorkerHarness } from './worker-harness.js';

let world: WorkerHarness;
let worker: Awaited<ReturnType<WorkerHarness['start']>>;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.stop());

const ask = `query ($filter: NotificationFilter, $first: Int, $after: String) { notifications(filter: $filter, first: $first, after: $after) {
  totalCount unreadCount pageInfo { hasNextPage endCursor } nodes { id cursor kind title body task { id } project { id } channel { id } actor { id } readAt } } }`;
const newsOf = async (person: Person, variables: object = {}) => {
  const { data, errors } = await world.api.query(ask, variables, person);
  expect(errors).toBeUndefined();
  return data.notifications;
};
const kindsOf = async (person: Person): Promise<string[]> => (await newsOf(person)).nodes.map((node: { kind: string }) => node.kind);
const mailsTo = (person: Person) => world.smtp.mails.filter((mail) => mail.to === person.email);
const deliveriesOf = (person: Person) =>
  world.sql<{ id: string; state: string; attempts: number; last_error: string | null }>(
    'select d.* from deliveries d join notifications n on n.id = d.notification_id where n.user_id = $1 order by d.id',
    [person.id],
  );
/** Brings the next try forward, as time would. */
const hurry = () => world.sql(`update deliveries set next_attempt_at = now() where state = 'PENDING' and next_attempt_at > now()`);
let names = 0;
const someone = (more?: object) => world.person(`p${names++}`, more);

describe('news', () => {
  beforeAll(async () => void (worker = await world.start()));
  afterAll(() => worker.stop());

  test('PROJECT_ADDED reaches the added member in the app and by e-mail, with a stable Message-ID and a link', async () => {
    const [owner, member] = [someone(), someone()];
    const { id } = makeProject(world, owner, [member]);
    await eventually(async () => expect(await kindsOf(member)).toEqual(['PROJECT_ADDED']));
    const [node] = (await newsOf(member)).nodes;
    expect(node).toMatchObject({ title: expect.stringMatching(/added you to the project “Website”$/), project: { id }, task: null, actor: { id: owner.id }, readAt: null });
    await eventually(() => expect(mailsTo(member)).toHaveLength(1));
    expect(mailsTo(member)[0]?.message).toMatch(new RegExp(`Message-ID:\\s+<[0-9a-f-]{36}\\.${node.id}@localhost>`));
    expect(mailsTo(member)[0]?.message).toContain('https://tasks.example.org');
    await eventually(async () => expect((await deliveriesOf(member))[0]).toMatchObject({ state: 'DELIVERED', attempts: 1 }));
    expect(await kindsOf(owner)).toEqual([]);
  });

  test('PROJECT_CREATED is told to other ADMINs, in the app only', async () => {
    const [admin, maker, member] = [someone({ role: 'ADMIN' }), someone({ role: 'ADMIN' }), someone()];
    await eventually(async () => expect(await world.sql('select 1 from contacts where user_id = $1', [member.id])).toHaveLength(1));
    makeProject(world, maker);
    await eventually(async () => expect(await kindsOf(admin)).toEqual(['PROJECT_CREATED']));
    expect([await kindsOf(maker), await kindsOf(member), await deliveriesOf(admin)]).toEqual([[], [], []]);
  });

  test('TASK_ASSIGNED is mailed at once, TASK_CREATED reaches the owner in the app only', async () => {
    const [owner, maker, assignee] = [someone(), someone(), someone()];
    const { id } = makeProject(world, owner, [maker, assignee]);
    const taskId = newId();
    tellTask(world, 'task.created', { actor: maker, projectId: id, taskId, after: [assignee] });
    await eventually(async () => expect(await kindsOf(assignee)).toEqual(['TASK_ASSIGNED', 'PROJECT_ADDED']));
    const [node] = (await newsOf(assignee)).nodes;
    expect(node).toMatchObject({ title: expect.stringContaining('WEB-1 “Write tests”'), task: { id: taskId }, project: { id }, actor: { id: maker.id } });
    await eventually(() => expect(mailsTo(assignee)).toHaveLength(2));
    expect(await kindsOf(owner)).toEqual(['TASK_CREATED']);
    expect(mailsTo(owner)).toEqual([]);
    expect(await kindsOf(maker)).toEqual(['PROJECT_ADDED']);
  });

  test('a task that is heard of before its project waits for it', async () => {
    const [owner, maker] = [someone(), someone()];
    const projectId = newId();
    tellTask(world, 'task.created', { actor: maker, projectId, after: [] });
    await eventually(async () => expect((await world.sql('select 1 from scopes where place_id = $1', [projectId])).length).toBe(0));
    world.project.append({
      type: 'project.created', aggregateId: projectId, actorId: owner.id,
      payload: { projectId, key: 'LATE', name: 'Late', status: 'ACTIVE', version: 1, ownerId: owner.id },
    });
    await eventually(async () => expect(await kindsOf(owner)).toEqual(['TASK_CREATED']));
  });

  test('a TASK_UPDATED within 5 minutes of an unread one of the task joins that row and moves to the top (RULES §7)', async () => {
    const [owner, assignee] = [someone(), someone()];
    const { id: projectId } = makeProject(world, owner, [assignee]);
    const taskId = newId();
    const change = (minutesAgo: number, fields: string[]) =>
      tellTask(world, 'task.updated', { actor: owner, projectId, taskId, before: [assignee], after: [assignee], fields, at: new Date(Date.now() - minutesAgo * 60_000) });
    await eventually(async () => expect(await kindsOf(assignee)).toEqual(['PROJECT_ADDED']));
    change(20, ['dueAt']);
    change(9, ['title']);
    await eventually(async () => expect(await kindsOf(assignee)).toEqual(['PROJECT_ADDED', 'TASK_UPDATED', 'TASK_UPDATED']));
    const before = (await newsOf(assignee)).nodes[1];
    change(5, ['priority']);
    change(1, ['status', 'startAt']);
    const after = await eventually(async () => {
      const node = (await newsOf(assignee)).nodes[1];
      expect(node.body).toBe('Changed: title, priority, status, startAt');
      return node;
    });
    expect(after.id).toBe(before.id);
    expect(after.cursor).not.toBe(before.cursor);
    expect((await newsOf(assignee)).totalCount).toBe(3);

    await world.api.query('mutation ($ids: [ID!]) { markNotificationsRead(input: { ids: $ids }) { unreadCount } }', { ids: [after.id] }, assignee);
    change(0, ['title']);
    await eventually(async () => expect((await newsOf(assignee)).totalCount).toBe(4));
  });

  test('nobody is told of what they have lost, and a channel\'s tasks are told to its members only', async () => {
    const [owner, gone, member, stranger] = [someone(), someone(), someone(), someone()];
    const { id: projectId } = makeProject(world, owner, [gone]);
    world.project.append({
      type: 'project.member-removed', aggregateId: projectId, actorId: owner.id,
      payload: { projectId, projectName: 'Website', userId: gone.id, role: 'MEMBER', version: 9 },
    });
    world.project.setRole(projectId, gone.id, null);
    await eventually(async () => expect((await world.sql('select 1 from scope_members where user_id = $1 and role is null', [gone.id])).length).toBe(1));
    const made = await world.api.query('mutation { createChannel(input: { name: "Garden" }) { channel { id code } } }', {}, owner);
    const { id: channelId, code } = made.data.createChannel.channel;
    await world.api.query('mutation ($code: String!) { joinChannel(input: { code: $code }) { channel { id } } }', { code }, member);
    tellTask(world, 'task.assigned', { actor: owner, projectId, before: [], after: [gone] });
    tellTask(world, 'task.assigned', { actor: owner, channelId, before: [], after: [member, stranger] });
    await eventually(async () => expect(await kindsOf(member)).toEqual(['TASK_ASSIGNED']));
    expect((await newsOf(member)).nodes[0].channel).toEqual({ id: channelId });
    expect(await kindsOf(stranger)).toEqual([]);
    expect(await kindsOf(gone)).toEqual(['PROJECT_ADDED']);
  });

  test('the list is filtered, paged by cursor, counted when asked, and marked as read for its owner only', async () => {
    const [owner, assignee] = [someone(), someone()];
    const { id: projectId } = makeProject(world, owner, [assignee]);
    for (let made = 0; made < 3; made += 1) tellTask(world, 'task.assigned', { actor: owner, projectId, before: [], after: [assignee] });
    await eventually(async () => expect((await newsOf(assignee)).totalCount).toBe(4));
    const first = await newsOf(assignee, { first: 3 });
    expect(first).toMatchObject({ unreadCount: 4, pageInfo: { hasNextPage: true } });
    const rest = await newsOf(assignee, { first: 3, after: first.pageInfo.endCursor });
    expect(rest.nodes).toHaveLength(1);
    const ids = [...first.nodes, ...rest.nodes].map((node: { id: string }) => node.id);
    expect(new Set(ids).size).toBe(4);
    expect(await newsOf(assignee, { filter: { kind: ['PROJECT_ADDED'] } })).toMatchObject({ totalCount: 1, unreadCount: 4 });
    expect((await newsOf(assignee, { filter: { kind: [] } })).totalCount).toBe(0);

    const mark = (input: object, person: Person) =>
      world.api.query('mutation ($input: MarkNotificationsReadInput!) { markNotificationsRead(input: $input) { unreadCount notifications { id readAt } } }', { input }, person);
    expect((await mark({ ids }, owner)).data.markNotificationsRead.notifications).toEqual([]);
    expect((await mark({ ids: [ids[0], ids[0], 'junk', newId()] }, assignee)).data.markNotificationsRead).toEqual({
      unreadCount: 3, notifications: [{ id: ids[0], readAt: expect.any(String) }],
    });
    expect((await newsOf(assignee, { filter: { unread: true } })).totalCount).toBe(3);
    expect((await newsOf(assignee, { filter: { unread: false } })).totalCount).toBe(1);
    expect((await mark({ all: true }, assignee)).data.markNotificationsRead).toMatchObject({ unreadCount: 0 });
    expect((await mark({}, assignee)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect((await mark({ ids: [], all: true }, assignee)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('delivery', () => {
  test('somebody who is not known yet is mailed when the user log has told of them', async () => {
    worker = await world.start();
    const owner = someone();
    const late = { ...owner, id: newId(), email: 'late@example.org' };
    makeProject(world, owner, [late]);
    await eventually(async () => expect((await deliveriesOf(late))[0]).toMatchObject({ attempts: 0, last_error: 'the address is not known yet' }));
    world.user.append({
      type: 'user.registered', aggregateId: late.id, actorId: late.id,
      payload: { userId: late.id, handle: 'late', name: 'Late', email: late.email, emailVerified: false, timeZone: 'UTC', role: 'MEMBER', active: true, version: 1 },
    });
    await eventually(() => expect(mailsTo(late)).toHaveLength(1));
  });

  beforeEach(() => void (world.smtp.refuse = false));
  afterEach(() => worker.stop());

  test('an SMTP server that refuses is tried again with the same Message-ID until it takes the mail', async () => {
    worker = await world.start();
    world.smtp.refuse = true;
    const [owner, member] = [someone(), someone()];
    makeProject(world, owner, [member]);
    await eventually(async () => expect((await deliveriesOf(member))[0]).toMatchObject({ state: 'PENDING', attempts: 1, last_error: 'sending failed EMESSAGE 451' }));
    world.smtp.refuse = false;
    await hurry();
    await eventually(() => expect(mailsTo(member)).toHaveLength(1));
    await eventually(async () => expect((await deliveriesOf(member))[0]).toMatchObject({ state: 'DELIVERED', attempts: 2 }));
  });

  test('after eight tries a delivery is DEAD, with a dead letter that holds ids and no address', async () => {
    worker = await world.start();
    world.smtp.refuse = true;
    const [owner, member] = [someone(), someone()];
    makeProject(world, owner, [member]);
    await eventually(async () => expect((await deliveriesOf(member))[0]?.attempts).toBe(1));
    await world.sql(`update deliveries set attempts = 7 where state = 'PENDING'`);
    await hurry();
    const [dead] = await eventually(async () => {
      const rows = await deliveriesOf(member);
      expect(rows[0]).toMatchObject({ state: 'DEAD', attempts: 8 });
      return rows;
    });
    const letters = await world.sql<{ payload: { deliveryId: string } }>(`select * from dead_letters where queue = 'deliveries'`);
    const letter = letters.filter((row) => row.payload.deliveryId === dead?.id);
    expect(letter).toMatchObject([{ name: 'deliver-email', reason: 'sending failed EMESSAGE 451', attempts: 8, payload: { userId: member.id } }]);
    expect(JSON.stringify(letter)).not.toContain('@');
  });

  test('with the queue away news is written all the same and the worker says what is missing; the mail follows when the queue is back', async () => {
    worker = await world.start({ QUEUE_DATABASE_URL: `postgres://x:y@127.0.0.1:${await freePort()}/z` });
    const [owner, member] = [someone(), someone()];
    makeProject(world, owner, [member]);
    await eventually(async () => expect(await kindsOf(member)).toEqual(['PROJECT_ADDED']));
    expect(await worker.missing()).toEqual(['queue']);
    expect((await deliveriesOf(member))[0]).toMatchObject({ state: 'PENDING', attempts: 0 });
    await worker.stop();
    worker = await world.start();
    expect(await worker.missing()).toEqual([]);
    await eventually(() => expect(mailsTo(member)).toHaveLength(1));
    // Started again it has read the whole log: nobody is told twice.
    expect(await kindsOf(member)).toEqual(['PROJECT_ADDED']);
  });

  test('nobody is mailed what they can no longer see when it is sent', async () => {
    worker = await world.start({ QUEUE_DATABASE_URL: `postgres://x:y@127.0.0.1:${await freePort()}/z` });
    const [owner, member] = [someone(), someone()];
    const { id } = makeProject(world, owner, [member]);
    await eventually(async () => expect(await deliveriesOf(member)).toHaveLength(1));
    await worker.stop();
    world.project.append({
      type: 'project.member-removed', aggregateId: id, actorId: owner.id,
      payload: { projectId: id, projectName: 'Website', userId: member.id, role: 'MEMBER', version: 5_000 },
    });
    world.project.setRole(id, member.id, null);
    // Put off, so that the removal is read first.
    await world.sql(`update deliveries set next_attempt_at = now() + interval '1 hour' where state = 'PENDING'`);
    worker = await world.start();
    await eventually(async () => expect(await world.sql('select 1 from scope_members where user_id = $1 and role is null', [member.id])).toHaveLength(1));
    await hurry();
    await eventually(async () => expect((await deliveriesOf(member))[0]).toMatchObject({ state: 'SKIPPED', attempts: 0 }));
    expect(mailsTo(member)).toEqual([]);
  });

  test('with REQUIRE_VERIFIED_EMAIL an unverified address gets nothing and a verified one does', async () => {
    worker = await world.start({ REQUIRE_VERIFIED_EMAIL: 'true' });
    const [owner, unverified, verified] = [someone(), someone(), someone({ emailVerified: true })];
    makeProject(world, owner, [unverified, verified]);
    await eventually(() => expect(mailsTo(verified)).toHaveLength(1));
    await eventually(async () => expect((await deliveriesOf(unverified))[0]).toMatchObject({ state: 'SKIPPED', last_error: 'the address is not verified' }));
    expect(mailsTo(unverified)).toEqual([]);
  });
});

test('the pause between tries grows threefold and is never under its half', () => {
  expect([1, 2, 3, 8].map((attempts) => retryDelayMs(attempts, 0))).toEqual([1_000, 3_000, 9_000, 2_187_000]);
  expect(retryDelayMs(1, 0.999)).toBeLessThan(2_000);
});
