// The viewer's notifications as a log (RULES §7): what the subscription notificationReceived reads, and what wakes it.
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeProject, startWorld, tellTask, type Person, type WorkerHarness } from './worker-harness.js';

let world: WorkerHarness;
let worker: Awaited<ReturnType<WorkerHarness['start']>>;
beforeAll(async () => {
  world = await startWorld();
  worker = await world.start();
});
afterAll(async () => {
  await worker.stop();
  await world.stop();
});

const ask = 'query ($after: String, $first: Int) { notificationFeed(after: $after, first: $first) { head pageInfo { endCursor hasNextPage } nodes { id cursor kind } } }';
const read = async (person: Person, variables: object = {}) => {
  const { data, errors } = await world.api.query(ask, variables, person);
  expect(errors).toBeUndefined();
  return data.notificationFeed;
};
const refusal = async (person: Person | null, variables: object) => (await world.api.query(ask, variables, person)).errors?.[0]?.extensions?.['code'];
let names = 0;
const someone = () => world.person(`feed${names++}`);

async function memberOfProject(): Promise<{ owner: Person; member: Person; projectId: string }> {
  const [owner, member] = [someone(), someone()];
  const { id } = makeProject(world, owner, [member]);
  await eventually(async () => expect((await read(member)).nodes).toHaveLength(1));
  return { owner, member, projectId: id };
}

test('reads on behind a cursor, oldest first, page by page, and its head is where what comes next begins', async () => {
  const { owner, member, projectId } = await memberOfProject();
  const { head } = await read(member);
  const assign = () => tellTask(world, 'task.assigned', { actor: owner, projectId, before: [], after: [member] });
  for (let index = 0; index < 3; index += 1) assign();
  await eventually(async () => expect((await read(member, { after: head })).nodes).toHaveLength(3));
  const all = (await read(member)).nodes;
  expect(all.map(({ kind }: { kind: string }) => kind)).toEqual(['PROJECT_ADDED', 'TASK_ASSIGNED', 'TASK_ASSIGNED', 'TASK_ASSIGNED']);
  expect((await read(member, { after: head })).nodes).toEqual(all.slice(1));
  const page = await read(member, { after: all[0].cursor, first: 2 });
  expect(page).toMatchObject({ nodes: all.slice(1, 3), pageInfo: { endCursor: all[2].cursor, hasNextPage: true } });
  expect(await read(member, { after: page.pageInfo.endCursor, first: 2 })).toMatchObject({ nodes: all.slice(3), pageInfo: { hasNextPage: false } });
  const end = await read(member, { after: all[3].cursor });
  expect(end).toMatchObject({ nodes: [], pageInfo: { endCursor: all[3].cursor, hasNextPage: false } });
  // A cursor of the list is one of the feed: the same field of the same row.
  const { data } = await world.api.query('{ notifications(first: 1) { nodes { cursor } } }', {}, member);
  expect((await read(member, { after: data.notifications.nodes[0].cursor })).nodes).toEqual([]);
});

test('a change that joins an unread row sends it again: the same id with a new cursor (RULES §7)', async () => {
  const { owner, member, projectId } = await memberOfProject();
  const taskId = newId();
  const change = () => tellTask(world, 'task.updated', { actor: owner, projectId, taskId, before: [member], after: [member] });
  change();
  await eventually(async () => expect((await read(member)).nodes).toHaveLength(2));
  const before = (await read(member)).nodes[1];
  change();
  await eventually(async () => expect((await read(member, { after: before.cursor })).nodes).toHaveLength(1));
  const [again] = (await read(member, { after: before.cursor })).nodes;
  expect([again.id, again.cursor === before.cursor]).toEqual([before.id, false]);
  expect((await read(member)).nodes).toHaveLength(2);
});

test('what is put off is left out until it is back, with a new cursor (RULES §7)', async () => {
  const { member } = await memberOfProject();
  const [row] = (await read(member)).nodes;
  const { errors } = await world.api.query('mutation ($input: SnoozeNotificationInput!) { snoozeNotification(input: $input) { unreadCount } }', { input: { id: row.id, until: new Date(Date.now() + 600_000) } }, member);
  expect(errors).toBeUndefined();
  expect((await read(member)).nodes).toEqual([]);
  await world.sql(`update notifications set snoozed_until = now() where id = $1`, [row.id]);
  await eventually(async () => expect((await read(member, { after: row.cursor })).nodes).toMatchObject([{ id: row.id }]));
});

test('shows nobody what is not theirs; a forged cursor is BAD_USER_INPUT, one of before a restore RESYNC_REQUIRED', async () => {
  const { member } = await memberOfProject();
  const stranger = someone();
  expect((await read(stranger)).nodes).toEqual([]);
  expect(await refusal(null, {})).toBe('UNAUTHENTICATED');
  expect(await refusal(member, { after: 'forged' })).toBe('BAD_USER_INPUT');
  expect(await refusal(member, { first: 0 })).toBe('BAD_USER_INPUT');
  const [row] = (await read(member)).nodes;
  // As after a backup was restored: the place had been given out then, and is not there now.
  await world.sql(`update notifications set place = place + 1000000 where id = $1`, [row.id]);
  const { cursor } = (await read(member)).nodes[0];
  await world.sql(`update notifications set place = place - 1000000 where id = $1`, [row.id]);
  expect(await refusal(member, { after: cursor })).toBe('RESYNC_REQUIRED');
});

test('the gateway hears whose news moved, without content; nobody else may listen', async () => {
  const { owner, member, projectId } = await memberOfProject();
  expect((await world.api.internal('/internal/wakeups', 'task')).status).toBe(403);
  const response = await world.api.internal('/internal/wakeups', 'gateway');
  let text = '';
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const reading = (async () => {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) text += Buffer.from(chunk.value).toString();
  })();
  await eventually(() => text.startsWith('{}\n'));
  tellTask(world, 'task.assigned', { actor: owner, projectId, before: [], after: [member], title: 'secret title' });
  await eventually(() => text.includes(member.id));
  expect(text).not.toContain('secret title');
  await reader.cancel();
  await reading;
});
