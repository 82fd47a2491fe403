// E-mail: how it looks, when it leaves, how it is stopped (RULES §7). Against a real SMTP server and two workers.
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newsClient, type Mail } from './news-client.js';
import { makeProject, startWorld, tellTask, type Person, type WorkerHarness } from './worker-harness.js';

let world: WorkerHarness;
let workers: Awaited<ReturnType<WorkerHarness['start']>>[];
let client: ReturnType<typeof newsClient>;
beforeAll(async () => {
  world = await startWorld();
  workers = [await world.start(), await world.start()];
  client = newsClient(world);
});
afterEach(() => Object.assign(world.smtp, { refuse: false, refuseCode: 451 }));
afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await world.stop();
});

let names = 0;
const someone = (more?: object) => world.person(`m${names++}`, more);
const mailed = (person: Person, count: number): Promise<Mail[]> =>
  eventually(() => {
    const mails = client.mails(person);
    expect(mails).toHaveLength(count);
    return mails;
  });
const states = async (person: Person) => (await client.deliveries(person)).map(({ state, hold }) => [state, hold]);

/** A project with a member who has heard of it, and got its mail. */
async function place(more?: object): Promise<{ owner: Person; member: Person; projectId: string }> {
  const [owner, member] = [someone(), someone(more)];
  const { id: projectId } = makeProject(world, owner, [member]);
  await mailed(member, 1);
  return { owner, member, projectId };
}

test('an e-mail has a text and an HTML part that say the same, and nothing that people wrote gets out of its place', async () => {
  const { owner, member, projectId } = await place();
  tellTask(world, 'task.assigned', { actor: owner, projectId, before: [], after: [member], title: '<script>alert(1)</script>\r\nBcc: victim@example.org\u202e & "more"' });
  const [, mail] = await mailed(member, 2);
  expect(mail?.headers).not.toMatch(/^Bcc:/im);
  expect(mail?.headers).toMatch(/^Auto-Submitted: auto-generated$/m);
  expect(mail?.headers).toMatch(/^List-Unsubscribe: <https:\/\/tasks\.example\.org\/unsubscribe\/[\w.-]+>$/m);
  expect(mail?.headers).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
  expect(mail?.text).toContain('assigned you to WEB-1 “<script>alert(1)</script> Bcc: victim@example.org & "more"”');
  expect(mail?.html).toContain('assigned you to WEB-1 “&lt;script&gt;alert(1)&lt;/script&gt; Bcc: victim@example.org &amp; &quot;more&quot;”');
  expect(mail?.html).not.toContain('<script');
  expect(mail?.html).toContain('<a href="https://tasks.example.org">');
});

test('forty edits of a task are one e-mail, a mention among them goes at once', async () => {
  const { owner, member, projectId } = await place();
  await client.settings(member, { preferences: [{ kind: 'TASK_UPDATED', methods: ['IN_APP', 'EMAIL'] }] });
  const task = { actor: owner, projectId, taskId: newId(), before: [member], after: [member] };
  for (let edit = 0; edit < 40; edit += 1) tellTask(world, 'task.updated', { ...task, fields: [`f${edit}`] });
  tellTask(world, 'task.commented', { ...task, more: { commentId: newId(), authorId: owner.id, action: 'added', mentionIds: [member.id], newMentionIds: [member.id] } });
  const [, mention] = await mailed(member, 2);
  expect(mention?.text).toContain('mentioned you');
  expect(await client.kinds(member)).toEqual(['MENTIONED', 'TASK_UPDATED', 'PROJECT_ADDED']);
  await client.hurry(member);
  const [, , edits] = await mailed(member, 3);
  expect(edits?.text).toMatch(/Changed: f0, f1, .*, f39/s);
  await eventually(async () => expect(await states(member)).toEqual([['DELIVERED', null], ['DELIVERED', 'GROUP'], ['DELIVERED', null]]));

  // The next change joins the same row, which is unread, and is mailed anew under another Message-ID.
  tellTask(world, 'task.updated', { ...task, fields: ['title'] });
  await eventually(async () => expect(await states(member)).toHaveLength(4));
  await client.hurry(member);
  const again = (await mailed(member, 4))[3];
  const idOf = (mail: Mail | undefined) => /^Message-ID: (.*)$/m.exec(mail?.headers ?? '')?.[1];
  expect(idOf(again)).not.toBe(idOf(edits));
});

test('changes that were read while they waited are not mailed', async () => {
  const { owner, member, projectId } = await place();
  await client.settings(member, { preferences: [{ kind: 'TASK_UPDATED', methods: ['IN_APP', 'EMAIL'] }] });
  tellTask(world, 'task.updated', { actor: owner, projectId, before: [member], after: [member] });
  await client.told(member, ['TASK_UPDATED', 'PROJECT_ADDED']);
  await client.mutate('markNotificationsRead', 'MarkNotificationsReadInput', { all: true }, member);
  await client.hurry(member);
  await eventually(async () => expect((await client.deliveries(member))[1]).toMatchObject({ state: 'SKIPPED', last_error: 'it was read while it waited', attempts: 0 }));
});

test('a digest is one e-mail with what gathered, also with two workers; a mention goes at once', async () => {
  const { owner, member, projectId } = await place();
  await client.settings(member, { digest: 'DAILY' });
  const task = { actor: owner, projectId, before: [], after: [member] };
  for (const title of ['one', 'two', 'three']) tellTask(world, 'task.assigned', { ...task, title });
  const mentions = { commentId: newId(), authorId: owner.id, action: 'added', mentionIds: [member.id], newMentionIds: [member.id] };
  tellTask(world, 'task.commented', { ...task, before: [member], title: 'four', more: mentions });
  expect((await mailed(member, 2))[1]?.text).toContain('mentioned you on WEB-1 “four”');
  expect((await states(member)).slice(1, 4)).toEqual([['PENDING', 'DIGEST'], ['PENDING', 'DIGEST'], ['PENDING', 'DIGEST']]);
  await client.hurry(member);
  const digest = (await mailed(member, 3))[2];
  expect(digest?.headers).toMatch(/^Subject: 3 pieces of news from Taskgraph$/m);
  for (const title of ['one', 'two', 'three']) expect([digest?.text, digest?.html]).toEqual([expect.stringContaining(`“${title}”`), expect.stringContaining(`“${title}”`)]);
  expect((await states(member)).slice(1, 4)).toEqual([['GATHERED', 'DIGEST'], ['GATHERED', 'DIGEST'], ['GATHERED', 'DIGEST']]);
  await eventually(async () => expect(await world.sql('select state, attempts from deliveries where user_id = $1 and notification_id is null', [member.id])).toEqual([{ state: 'DELIVERED', attempts: 1 }]));

  // Ending the digest sends what waits for it.
  tellTask(world, 'task.assigned', { ...task, title: 'five' });
  await eventually(async () => expect((await states(member)).at(-1)).toEqual(['PENDING', 'DIGEST']));
  await client.settings(member, { digest: 'OFF' });
  expect((await mailed(member, 4))[3]?.text).toContain('“five”');
});

/** Quiet hours around the present moment, in UTC. */
function quietNow(): { from: string; to: string } {
  const time = (ahead: number) => new Date(Date.now() + ahead * 3_600_000).toISOString().slice(11, 16);
  return { from: time(-2), to: time(2) };
}

test('quiet hours hold e-mail and nothing else; what is not seen any more when they end is not sent', async () => {
  const { owner, member, projectId } = await place({ timeZone: 'UTC' });
  await client.settings(member, { quietHours: quietNow() });
  const [kept, trashed] = [newId(), newId()];
  for (const taskId of [kept, trashed]) tellTask(world, 'task.assigned', { actor: owner, projectId, taskId, before: [], after: [member] });
  await client.told(member, ['TASK_ASSIGNED', 'TASK_ASSIGNED', 'PROJECT_ADDED']);
  await eventually(async () => {
    const held = (await client.deliveries(member)).slice(1);
    expect(held.map(({ state, attempts, last_error }) => ({ state, attempts, last_error }))).toEqual(Array.from({ length: 2 }, () => ({ state: 'PENDING', attempts: 0, last_error: 'quiet hours' })));
    const minutes = held.map(({ next_attempt_at }) => Math.round((next_attempt_at.getTime() - Date.now()) / 60_000));
    expect(Math.min(...minutes)).toBeGreaterThan(100);
    expect(Math.max(...minutes)).toBeLessThanOrEqual(121);
  });
  tellTask(world, 'task.deleted', { actor: owner, projectId, taskId: trashed, before: [member], after: [member] });
  await eventually(async () => expect(await world.sql('select 1 from notifications where task_id = $1 and trashed', [trashed])).toHaveLength(1));
  await client.settings(member, { quietHours: null });
  await mailed(member, 2);
  await eventually(async () => expect((await client.deliveries(member)).slice(1).map(({ state, last_error }) => [state, last_error])).toEqual([['DELIVERED', null], ['SKIPPED', 'the person can no longer see it']]));
});

describe('when SMTP fails', () => {
  test('an address that the server refuses for good is not tried again: DEAD, with a dead letter', async () => {
    const { owner, member, projectId } = await place();
    Object.assign(world.smtp, { refuse: true, refuseCode: 550 });
    tellTask(world, 'task.assigned', { actor: owner, projectId, before: [], after: [member] });
    await eventually(async () => expect((await client.deliveries(member))[1]).toMatchObject({ state: 'DEAD', attempts: 1, last_error: 'sending failed EMESSAGE 550' }));
    const [{ id } = { id: '' }] = (await client.deliveries(member)).slice(1);
    expect(await world.sql(`select reason from dead_letters where payload->>'deliveryId' = $1`, [id])).toEqual([{ reason: 'sending failed EMESSAGE 550' }]);
  });

  test('a process that dies during a try costs one try: another sends the same e-mail when it has been silent for a while', async () => {
    const { owner, member, projectId } = await place();
    await client.settings(member, { quietHours: quietNow() });
    tellTask(world, 'task.assigned', { actor: owner, projectId, before: [], after: [member] });
    await eventually(async () => expect((await client.deliveries(member))[1]).toMatchObject({ last_error: 'quiet hours' }));
    // What claimDelivery leaves of a process that died right behind it.
    await world.sql(`update deliveries set attempts = 1, next_attempt_at = clock_timestamp() + interval '2 seconds' where user_id = $1 and state = 'PENDING'`, [member.id]);
    await client.settings(member, { quietHours: null });
    await mailed(member, 2);
    await eventually(async () => expect((await client.deliveries(member))[1]).toMatchObject({ state: 'DELIVERED', attempts: 2 }));
  });
});

describe('List-Unsubscribe (RFC 8058)', () => {
  const open = async (path: string, method: 'GET' | 'POST', caller: 'gateway' | 'task' = 'gateway') => {
    const token = await world.api.identities.signer(caller).tokenFor('channel');
    const answer = await fetch(`${world.api.url}/internal${path}`, { method, headers: { authorization: `Bearer ${token}` } });
    return { status: answer.status, text: await answer.text() };
  };
  const linkIn = (mail: Mail | undefined) => /^List-Unsubscribe: <https:\/\/tasks\.example\.org(\/unsubscribe\/[^>]+)>$/m.exec(mail?.headers ?? '')?.[1] as string;
  const mailedKinds = async (person: Person) => (await client.settings(person, {})).preferences.filter(({ methods }) => methods.includes('EMAIL')).map(({ kind }) => kind);

  test('looking changes nothing, one click ends e-mail of that kind, another one all e-mail', async () => {
    const { owner, member, projectId } = await place();
    const link = linkIn(client.mails(member)[0]);
    const page = await open(link, 'GET');
    expect([page.status, await mailedKinds(member)]).toEqual([200, ['TASK_ASSIGNED', 'MENTIONED', 'TASK_OVERDUE', 'PROJECT_ADDED']]);
    const actions = [...page.text.matchAll(/action="([^"]+)"/g)].map(([, action]) => action as string);
    expect(actions[0]).toBe(link);

    const done = await open(link, 'POST');
    expect([done.status, done.text]).toEqual([200, expect.stringContaining('no more e-mail about projects you were added to')]);
    expect(await mailedKinds(member)).toEqual(['TASK_ASSIGNED', 'MENTIONED', 'TASK_OVERDUE']);
    expect((await client.settings(member, {})).version).toBe(2);
    await open(link, 'POST');
    expect((await client.settings(member, {})).version).toBe(2);

    await open(actions[1] as string, 'POST');
    expect(await mailedKinds(member)).toEqual([]);
    tellTask(world, 'task.assigned', { actor: owner, projectId, before: [], after: [member] });
    await client.told(member, ['TASK_ASSIGNED', 'PROJECT_ADDED']);
    expect(await client.deliveries(member)).toHaveLength(1);
  });

  test('a link that we did not make is 404, and nobody but the gateway may pass one on', async () => {
    const { member } = await place();
    const link = linkIn(client.mails(member)[0]);
    const [body = '', mac = ''] = link.slice('/unsubscribe/'.length).split('.');
    const otherKind = Buffer.from(Buffer.from(body, 'base64url').toString().replace('PROJECT_ADDED', 'TASK_ASSIGNED')).toString('base64url');
    for (const forged of [`${otherKind}.${mac}`, body, 'junk', `${body}.${mac.slice(0, -2)}`, '%00']) {
      expect((await open(`/unsubscribe/${forged}`, 'POST')).status).toBe(404);
    }
    expect((await open(link, 'POST', 'task')).status).toBe(403);
    expect(await mailedKinds(member)).toContain('PROJECT_ADDED');
  });
});
