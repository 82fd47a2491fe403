// Who is told what, the inbox, and what comes back to it (RULES §7).
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newsClient } from './news-client.js';
import { makeProject, startWorld, tellTask, type Person, type WorkerHarness } from './worker-harness.js';

let world: WorkerHarness;
let workers: Awaited<ReturnType<WorkerHarness['start']>>[];
let client: ReturnType<typeof newsClient>;
beforeAll(async () => {
  world = await startWorld();
  // Two replicas: whatever happens, happens once.
  workers = [await world.start(), await world.start()];
  client = newsClient(world);
});
afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await world.stop();
});

let names = 0;
const someone = (more?: object) => world.person(`n${names++}`, more);
const comment = (author: Person, action: string, newMentions: Person[]) => ({
  commentId: newId(), authorId: author.id, action, mentionIds: newMentions.map((person) => person.id), newMentionIds: newMentions.map((person) => person.id),
});
/** A project whose members have heard that they were added. */
async function project(owner: Person, members: Person[]): Promise<string> {
  const { id } = makeProject(world, owner, members);
  for (const member of members) await eventually(async () => expect(await client.kinds(member)).toContain('PROJECT_ADDED'));
  return id;
}

describe('who is told (RULES §7)', () => {
  test('watchers, assignees and the creator hear of comments, who is mentioned hears that instead, and the author nothing', async () => {
    const [creator, assignee, watcher, author, mentioned] = [someone(), someone(), someone(), someone(), someone()];
    const projectId = await project(creator, [assignee, watcher, author, mentioned]);
    tellTask(world, 'task.commented', { actor: author, creator, projectId, before: [assignee], after: [assignee], watchers: [watcher], more: comment(author, 'added', [mentioned]) });
    const [node] = await client.told(mentioned, ['MENTIONED', 'PROJECT_ADDED']);
    expect(node?.title).toMatch(/ mentioned you on WEB-1 “Write tests”$/);
    await client.told(creator, ['TASK_COMMENTED']);
    await client.told(assignee, ['TASK_COMMENTED', 'PROJECT_ADDED']);
    await client.told(watcher, ['TASK_COMMENTED', 'PROJECT_ADDED']);
    expect(await client.kinds(author)).toEqual(['PROJECT_ADDED']);
    tellTask(world, 'task.commented', { actor: author, creator, projectId, before: [assignee], after: [assignee], more: comment(author, 'edited', [watcher]) });
    await client.told(watcher, ['MENTIONED', 'TASK_COMMENTED', 'PROJECT_ADDED']);
    expect(await client.kinds(assignee)).toEqual(['TASK_COMMENTED', 'PROJECT_ADDED']);
  });

  test('what is due is told to assignees, or to the creator where there are none, by nobody', async () => {
    const [creator, assignee] = [someone(), someone()];
    const projectId = await project(creator, [assignee]);
    const dueAt = new Date(Date.now() + 3_600_000);
    tellTask(world, 'task.due-soon', { actor: creator, nobody: true, projectId, before: [assignee], after: [assignee], fields: [], dueAt });
    tellTask(world, 'task.overdue', { actor: creator, nobody: true, projectId, before: [], after: [], fields: [], dueAt });
    const [node] = await client.told(assignee, ['TASK_DUE_SOON', 'PROJECT_ADDED']);
    expect(node).toMatchObject({ title: 'WEB-1 “Write tests” is due within 24 hours', body: `Due ${dueAt.toISOString()}`, actor: null });
    await client.told(creator, ['TASK_OVERDUE']);
  });

  test('a creator who is not of the project to which the task went is told nothing of it there', async () => {
    const [creator, owner, assignee] = [someone(), someone(), someone()];
    const [here, there] = [await project(creator, []), await project(owner, [assignee])];
    const taskId = newId();
    tellTask(world, 'task.moved', { actor: owner, creator, taskId, projectId: there, before: [assignee], after: [assignee], from: { projectId: here } });
    tellTask(world, 'task.completed', { actor: owner, creator, taskId, projectId: there, before: [assignee], after: [assignee] });
    await client.told(assignee, ['TASK_COMPLETED', 'TASK_UPDATED', 'PROJECT_ADDED']);
    expect(await client.kinds(creator)).toEqual([]);
  });

  test('imports and templates tell nobody, and a place in the manual order is no news', async () => {
    const [owner, maker, assignee] = [someone(), someone(), someone()];
    const projectId = await project(owner, [maker, assignee]);
    tellTask(world, 'task.created', { actor: maker, projectId, after: [assignee], imported: true });
    tellTask(world, 'task.moved', { actor: maker, projectId, before: [assignee], after: [assignee], fields: ['rank'] });
    tellTask(world, 'task.updated', { actor: maker, projectId, before: [assignee], after: [assignee] });
    await client.told(assignee, ['TASK_UPDATED', 'PROJECT_ADDED']);
    expect(await client.kinds(owner)).toEqual([]);
  });

  test('what is erased takes its news along', async () => {
    const [owner, assignee] = [someone(), someone()];
    const projectId = await project(owner, [assignee]);
    const taskId = newId();
    tellTask(world, 'task.assigned', { actor: owner, taskId, projectId, before: [], after: [assignee] });
    await client.told(assignee, ['TASK_ASSIGNED', 'PROJECT_ADDED']);
    world.task.append({ type: 'task.purged', aggregateId: taskId, actorId: null, payload: { taskId, projectId, channelId: null, ownerId: null, version: 3 } });
    await client.told(assignee, ['PROJECT_ADDED']);
  });

  test('who wants to hear nothing of a kind in the app does not; who wants to hear of nothing gets no row', async () => {
    const [owner, mailed, deaf] = [someone(), someone(), someone()];
    const projectId = await project(owner, [mailed, deaf]);
    await client.settings(mailed, { preferences: [{ kind: 'TASK_ASSIGNED', methods: ['EMAIL'] }] });
    await client.settings(deaf, { preferences: [{ kind: 'TASK_ASSIGNED', methods: [] }] });
    tellTask(world, 'task.assigned', { actor: owner, projectId, before: [], after: [mailed, deaf] });
    await eventually(async () => expect(client.mails(mailed).map((mail) => mail.text)).toContainEqual(expect.stringContaining('assigned you to')));
    expect([await client.kinds(mailed), await client.kinds(deaf)]).toEqual([['PROJECT_ADDED'], ['PROJECT_ADDED']]);
    expect(await world.sql('select kind, in_app from notifications where user_id = any($1::uuid[]) and kind <> $2', [[mailed.id, deaf.id], 'PROJECT_ADDED'])).toEqual([{ kind: 'TASK_ASSIGNED', in_app: false }]);
  });
});

describe('the inbox', () => {
  const snooze = (person: Person, id: string, until: Date) => client.mutate('snoozeNotification', 'SnoozeNotificationInput', { id, until }, person);
  const archive = (person: Person, ids: string[]) => client.mutate('archiveNotifications', 'ArchiveNotificationsInput', { ids }, person);

  async function assigned(count: number): Promise<{ owner: Person; person: Person; projectId: string; taskId: string }> {
    const [owner, person] = [someone(), someone()];
    const projectId = await project(owner, [person]);
    const taskId = newId();
    for (let made = 0; made < count; made += 1) tellTask(world, 'task.assigned', { actor: owner, projectId, taskId: made === 0 ? taskId : newId(), before: [], after: [person] });
    await client.told(person, [...Array.from({ length: count }, () => 'TASK_ASSIGNED'), 'PROJECT_ADDED']);
    return { owner, person, projectId, taskId };
  }

  test('what is snoozed leaves the inbox and comes back once, unread, on top, with the same id and a new cursor', async () => {
    const { person } = await assigned(1);
    const [newest, oldest] = (await client.list(person)).nodes;
    await client.mutate('markNotificationsRead', 'MarkNotificationsReadInput', { ids: [oldest?.id] }, person);
    const until = new Date(Date.now() + 2_500);
    const { payload } = await snooze(person, oldest?.id ?? '', until);
    expect(payload).toMatchObject({ unreadCount: 1, notifications: [{ id: oldest?.id, cursor: oldest?.cursor, snoozedUntil: until.toISOString() }] });
    const places = async () => (await world.sql<{ place: string }>('select place from notifications where id = $1', [oldest?.id]))[0]?.place;
    const before = await places();
    expect((await client.list(person, { filter: { snoozed: true } })).nodes.map((node) => node.id)).toEqual([oldest?.id]);
    const [first, second] = await client.told(person, ['PROJECT_ADDED', 'TASK_ASSIGNED']);
    expect(first).toMatchObject({ id: oldest?.id, createdAt: oldest?.createdAt, readAt: null, snoozedUntil: null });
    expect(first?.cursor).not.toBe(oldest?.cursor);
    expect(second?.id).toBe(newest?.id);
    expect(await client.list(person)).toMatchObject({ unreadCount: 2 });
    const back = await places();
    expect(Number(back)).toBeGreaterThan(Number(before));
    // Both replicas have looked more than once meanwhile: the place stays.
    await assigned(1);
    expect(await places()).toBe(back);
  });

  test('what its person can no longer see does not come back', async () => {
    const { owner, person, projectId, taskId } = await assigned(1);
    const [node] = (await client.list(person)).nodes;
    await snooze(person, node?.id ?? '', new Date(Date.now() + 3_600_000));
    tellTask(world, 'task.deleted', { actor: owner, taskId, projectId, before: [person], after: [person] });
    await eventually(async () => expect(await world.sql('select 1 from notifications where id = $1 and trashed', [node?.id])).toHaveLength(1));
    await world.sql('update notifications set snoozed_until = now() where id = $1', [node?.id]);
    await eventually(async () => expect(await client.kinds(person, { filter: { archived: true } })).toEqual(['TASK_ASSIGNED']));
    expect(await client.kinds(person)).toEqual(['PROJECT_ADDED']);
  });

  test('what is archived leaves the inbox and the count of unread ones; nobody touches what is somebody else\'s', async () => {
    const [{ person }, stranger] = [await assigned(2), someone()];
    const ids = (await client.list(person)).nodes.map((node) => node.id);
    expect((await archive(stranger, ids)).payload).toEqual({ unreadCount: 0, notifications: [] });
    expect((await snooze(stranger, ids[0] as string, new Date(Date.now() + 60_000))).error).toMatchObject({ code: 'NOT_FOUND' });
    expect((await archive(person, [ids[0] as string, 'junk', newId()])).payload).toMatchObject({ unreadCount: 2, notifications: [{ id: ids[0], archivedAt: expect.any(String) }] });
    expect((await archive(person, [ids[0] as string])).payload.notifications).toEqual([]);
    expect((await client.list(person)).nodes.map((node) => node.id)).toEqual(ids.slice(1));
    expect((await client.list(person, { filter: { archived: true } })).nodes.map((node) => node.id)).toEqual([ids[0]]);
    // Snoozing brings it back to the inbox later; archiving ends the snooze.
    await snooze(person, ids[0] as string, new Date(Date.now() + 3_600_000));
    expect([await client.kinds(person, { filter: { archived: true } }), await client.kinds(person, { filter: { snoozed: true } })]).toEqual([[], ['TASK_ASSIGNED']]);
    await archive(person, [ids[0] as string]);
    expect(await client.kinds(person, { filter: { snoozed: true } })).toEqual([]);
  });

  test('only an instant within the next year can be snoozed to, and a resend under one key is one snooze (RULES §3)', async () => {
    const { person } = await assigned(1);
    const [node] = (await client.list(person)).nodes;
    const id = node?.id as string;
    for (const until of [new Date(Date.now() - 1_000), new Date(Date.now() + 367 * 24 * 3_600_000)]) {
      expect((await snooze(person, id, until)).error).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.until' }] });
    }
    expect((await snooze(person, 'junk', new Date(Date.now() + 60_000))).error).toMatchObject({ code: 'NOT_FOUND' });
    const input = { id, until: new Date(Date.now() + 3_600_000).toISOString() };
    const [once, twice] = [await client.mutate('snoozeNotification', 'SnoozeNotificationInput', input, person, undefined, 'k1'), await client.mutate('snoozeNotification', 'SnoozeNotificationInput', input, person, undefined, 'k1')];
    expect(twice.payload).toEqual(once.payload);
    const other = await client.mutate('snoozeNotification', 'SnoozeNotificationInput', { ...input, until: new Date(Date.now() + 7_200_000).toISOString() }, person, undefined, 'k1');
    expect(other.error).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  });

  test('lists of several kinds are paged newest first', async () => {
    const { person } = await assigned(3);
    const filter = { kind: ['TASK_ASSIGNED', 'PROJECT_ADDED', 'MENTIONED'] };
    const first = await client.list(person, { filter, first: 3 });
    const rest = await client.list(person, { filter, first: 3, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...rest.nodes].map((node) => node.kind)).toEqual(['TASK_ASSIGNED', 'TASK_ASSIGNED', 'TASK_ASSIGNED', 'PROJECT_ADDED']);
    expect([first.totalCount, first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([4, true, false]);
  });
});

describe('the feed', () => {
  interface Activity {
    kind: string;
    summary: string;
    actor: { id: string } | null;
    task: { id: string } | null;
    project: { id: string } | null;
  }
  const feed = async (person: Person, variables: object = {}): Promise<{ nodes: Activity[]; pageInfo: { endCursor: string; hasNextPage: boolean } }> => {
    const { data, errors } = await world.api.query('query ($first: Int, $after: String) { feed(first: $first, after: $after) { nodes { kind summary actor { id } task { id } project { id } } pageInfo { endCursor hasNextPage } } }', variables, person);
    expect(errors).toBeUndefined();
    return data.feed;
  };
  const feedKinds = async (person: Person) => (await feed(person)).nodes.map((node) => node.kind);
  const shows = (person: Person, kinds: string[]) => eventually(async () => expect(await feedKinds(person)).toEqual(kinds));

  test('tells what happened in one\'s projects, newest first, page by page, and nothing of imports, personal tasks and changes', async () => {
    const [owner, member, stranger] = [someone(), someone(), someone()];
    const projectId = await project(owner, [member]);
    const taskId = newId();
    tellTask(world, 'task.created', { actor: owner, taskId, projectId, after: [] });
    tellTask(world, 'task.created', { actor: owner, projectId, after: [], imported: true });
    tellTask(world, 'task.created', { actor: owner, after: [] });
    tellTask(world, 'task.updated', { actor: owner, taskId, projectId, before: [], after: [] });
    tellTask(world, 'task.commented', { actor: owner, taskId, projectId, before: [], after: [], more: comment(owner, 'added', []) });
    tellTask(world, 'task.commented', { actor: owner, taskId, projectId, before: [], after: [], more: comment(owner, 'deleted', []) });
    tellTask(world, 'task.completed', { actor: member, creator: owner, taskId, projectId, before: [], after: [] });
    await shows(member, ['TASK_COMPLETED', 'TASK_COMMENTED', 'TASK_CREATED', 'MEMBER_JOINED', 'PROJECT_CREATED']);
    const first = await feed(member, { first: 2 });
    const rest = await feed(member, { first: 10, after: first.pageInfo.endCursor });
    expect([first.pageInfo.hasNextPage, rest.nodes.map((node) => node.kind)]).toEqual([true, ['TASK_CREATED', 'MEMBER_JOINED', 'PROJECT_CREATED']]);
    expect(first.nodes[0]).toEqual({ kind: 'TASK_COMPLETED', summary: expect.stringMatching(/ completed WEB-1 “Write tests”$/), actor: { id: member.id }, task: { id: taskId }, project: { id: projectId } });
    expect(rest.nodes[1]?.actor).toEqual({ id: member.id });
    expect(await feedKinds(stranger)).toEqual([]);
  });

  test('shows only what one can see now: a task that went away, to the trash, or a project that one left is gone from it', async () => {
    const [owner, member, other] = [someone(), someone(), someone()];
    const [here, there] = [await project(owner, [member]), await project(other, [])];
    const taskId = newId();
    const task = { actor: owner, taskId, before: [], after: [] };
    tellTask(world, 'task.created', { ...task, before: null, projectId: here });
    await shows(member, ['TASK_CREATED', 'MEMBER_JOINED', 'PROJECT_CREATED']);
    tellTask(world, 'task.deleted', { ...task, projectId: here });
    await shows(member, ['MEMBER_JOINED', 'PROJECT_CREATED']);
    tellTask(world, 'task.restored', { ...task, projectId: here });
    await shows(member, ['TASK_CREATED', 'MEMBER_JOINED', 'PROJECT_CREATED']);
    tellTask(world, 'task.moved', { ...task, projectId: there, from: { projectId: here } });
    await shows(member, ['MEMBER_JOINED', 'PROJECT_CREATED']);
    // Whoever sees the task where it is now sees what happened to it.
    await shows(other, ['TASK_MOVED', 'TASK_CREATED', 'PROJECT_CREATED']);
    world.project.append({ type: 'project.member-removed', aggregateId: here, actorId: owner.id, payload: { projectId: here, projectName: 'Website', userId: member.id, role: 'MEMBER', version: 9 } });
    await shows(member, []);
  });

  test('tells of channels and who joined them to their members', async () => {
    const [owner, joiner, stranger] = [someone(), someone(), someone()];
    const { payload } = await client.mutate('createChannel', 'CreateChannelInput', { name: 'Garden' }, owner, 'channel { id code }');
    await client.mutate('joinChannel', 'JoinChannelInput', { code: payload.channel.code }, joiner, 'channel { id }');
    tellTask(world, 'task.created', { actor: joiner, channelId: payload.channel.id, after: [] });
    await shows(owner, ['TASK_CREATED', 'CHANNEL_JOINED', 'CHANNEL_CREATED']);
    expect(await feedKinds(joiner)).toEqual(['TASK_CREATED', 'CHANNEL_JOINED', 'CHANNEL_CREATED']);
    expect(await feedKinds(stranger)).toEqual([]);
    await client.told(owner, ['CHANNEL_JOINED']);
  });
});
