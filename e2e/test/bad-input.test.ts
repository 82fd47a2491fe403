// Bad input through the gateway: the code and path that the contract names, never an error of ours, and nothing half-written.
import { newId } from '@taskgraph/shared/ids';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BadCase, Ids } from './bad-input/case.js';
import { queryCases } from './bad-input/cases-queries.js';
import { taskCases } from './bad-input/cases-tasks.js';
import { textCases } from './bad-input/cases-texts.js';
import { register, type Answer, type Person } from './client.js';
import { makeDataDir, removeDataDir, startSystem, type System } from './system.js';

let dataDir: string;
let system: System;
let ada: Person;
let bob: Person;
let ids: Ids;

beforeAll(async () => {
  dataDir = await makeDataDir();
  system = await startSystem(dataDir);
  ada = await register(system.url, 'ada', 'Ada');
  bob = await register(system.url, 'bob', 'Bob');
  ids = await prepare();
});
afterAll(async () => {
  await system?.stop();
  await removeDataDir(dataDir);
});

async function prepare(): Promise<Ids> {
  const project = async (person: Person, key: string) => (await person.ok('mutation ($key: String!) { createProject(input: { key: $key, name: "A project" }) { project { id } } }', { key })).createProject.project.id;
  const task = async (input: object) => (await ada.ok('mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }', { input })).createTask.task.id;
  const projectId = await project(ada, 'OWN');
  const readOnlyId = await project(bob, 'READ');
  await bob.ok('mutation ($p: ID!, $u: ID!) { addProjectMember(input: { projectId: $p, userId: $u, role: VIEWER }) { project { id } } }', { p: readOnlyId, u: ada.id });
  const trashedId = await task({ title: 'In the trash', projectId });
  await ada.ok('mutation ($id: ID!) { deleteTask(input: { id: $id }) { cursor } }', { id: trashedId });
  const taskId = await task({ title: 'A task', projectId });
  return {
    meId: ada.id, projectId, readOnlyId, hiddenId: await project(bob, 'HIDDEN'), taskId, trashedId, missingId: newId(),
    channelId: (await ada.ok('mutation { createChannel(input: { name: "A channel" }) { channel { id } } }')).createChannel.channel.id,
    datedId: await task({ title: 'Dated', projectId, startAt: '2029-01-01T00:00:00Z', dueAt: '2030-01-01T00:00:00Z', recurrence: { rule: 'FREQ=YEARLY', timeZone: 'UTC' } }),
    commentId: (await ada.ok('mutation ($id: ID!) { addComment(input: { taskId: $id, body: "A comment" }) { comment { id } } }', { id: taskId })).addComment.comment.id,
    labelId: (await ada.ok('mutation ($id: ID!) { createLabel(input: { projectId: $id, name: "red" }) { label { id } } }', { id: projectId })).createLabel.label.id,
  };
}

/** All that the cases could have written to, in the words of the graph. */
async function everything(): Promise<unknown> {
  const document = `{
    me { name bio avatarUrl timeZone version } apiTokens { id } users { totalCount } taskTemplates { id }
    projects { nodes { id name description version status members { nodes { userId role } } invites { id } labels { id name color } } }
    channels { nodes { id name description version code members { nodes { userId role } } } }
    tasks { nodes { id title description status priority startAt dueAt version rank assignees { id } watchers { id } labels { id } parent { id } blockedBy { id } recurrence { rule } comments { nodes { id body version } } } }
    trashed: tasks(filter: { deleted: true }) { nodes { id version } }
    taskChanges(scope: { mine: true }) { nodes { cursor } }
  }`;
  return [await ada.ok(document), await bob.ok(document)];
}

async function run(cases: BadCase[]): Promise<string[]> {
  const wrong: string[] = [];
  const queue = [...cases];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const answer = await ada.query(next.document, next.variables(ids)).catch((error: Error) => error);
      const problem = answer instanceof Error ? String(answer) : judge(next, answer);
      if (problem) wrong.push(`${next.name}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return wrong;
}

function judge({ code, path }: BadCase, answer: Answer): string | null {
  const text = JSON.stringify(answer).slice(0, 300);
  const [error] = answer.errors ?? [];
  if (/select |insert |typeorm|\.ts:|\.js:|127\.0\.0\.1|Did you mean|driverError/i.test(text)) return `tells what is inside: ${text}`;
  if (code === 'null' || code === 'data') {
    const value = Object.values(answer.data ?? {})[0];
    return !error && (code === 'null') === (value === null) ? null : `expected ${code}, got ${text}`;
  }
  if (error?.extensions['code'] !== code) return `expected ${code}, got ${text}`;
  if (code !== 'BAD_USER_INPUT') return null;
  const fields = error.extensions['fields'] as { path: string; message: string }[] | undefined;
  return fields?.[0]?.path === path && fields[0].message ? null : `expected the path ${path}, got ${JSON.stringify(fields)} ${error.message.slice(0, 200)}`;
}

test.each([
  ['accounts, projects and channels', textCases],
  ['tasks and what hangs on them', taskCases],
  ['pages, cursors, filters and look-ups', queryCases],
])('of %s: the code and the path of the contract, and nothing is half-written', async (_name, cases) => {
  const before = await everything();
  const wrong = await run(cases);
  process.stdout.write(`[bad input] ${cases.length} cases\n`);
  expect(wrong).toEqual([]);
  expect(await everything()).toEqual(before);
}, 180_000);

const hostile = [
  '<script>alert("x")</script> & <b>bold</b> [link](javascript:alert(1)) `code` \'; drop table tasks; --',
  'שלום עולם \u202eمرحبا بالعالم\u202c ﷽',
  '👩‍👩‍👧‍👦 🏳️‍🌈 🇦🇹 e\u0301 é ﬁ ½ Å Ω',
  'a\tb  c\u00a0d\u200be\ufeff ｆｕｌｌ Z̸a̷l̵g̶o',
  '{{constructor}} ${7*7} %s %00 \\u0000 NULL null undefined -1 1/0',
];

/** As much of it as a label may hold. */
const labelOf = (text: string): string => text.slice(0, 60).toWellFormed().trim();

test('markup, right-to-left text, emoji and whatever else is text comes back byte for byte, wherever it is kept', async () => {
  for (const [index, text] of hostile.entries()) {
    const made = await ada.ok(
      `mutation ($key: String!, $text: String!, $tasks: JSON) {
        updateProfile(input: { name: $text, bio: $text }) { user { name bio } }
        createApiToken(input: { name: $text, scopes: [READ] }) { token { name } }
        createProject(input: { key: $key, name: $text, description: $text }) { project { id name description } }
        createChannel(input: { name: $text, description: $text }) { channel { id name description } }
        createTask(input: { title: $text, description: $text }) { task { id title description } }
        saveTaskTemplate(input: { name: $text, tasks: $tasks }) { template { name tasks } }
      }`,
      { key: `HOST${index}`, text, tasks: [{ title: text }] },
    );
    const [taskId, projectId, channelId] = [made.createTask.task.id, made.createProject.project.id, made.createChannel.channel.id];
    await ada.ok('mutation ($taskId: ID!, $text: String!) { addComment(input: { taskId: $taskId, body: $text }) { cursor } }', { taskId, text });
    await ada.ok('mutation ($projectId: ID!, $text: String!) { createLabel(input: { projectId: $projectId, name: $text }) { label { id } } }', { projectId, text: labelOf(text) });
    const read = await ada.ok(
      `query ($taskId: ID!, $projectId: ID!, $channelId: ID!, $text: String!) {
        me { name bio } project(id: $projectId) { name description labels { name } } channel(id: $channelId) { name description }
        task(id: $taskId) { title description comments { nodes { body } } } tasks(filter: { title: { eq: $text } }) { nodes { id } }
      }`,
      { taskId, projectId, channelId, text },
    );
    expect(read).toEqual({
      me: { name: text, bio: text }, project: { name: text, description: text, labels: [{ name: labelOf(text) }] }, channel: { name: text, description: text },
      task: { title: text, description: text, comments: { nodes: [{ body: text }] } }, tasks: { nodes: [{ id: taskId }] },
    });
    expect(made.saveTaskTemplate.template).toMatchObject({ name: text, tasks: [{ title: text }] });
  }
});

test('what is no GraphQL request at all is refused without an error of ours', async () => {
  const post = async (body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${system.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${ada.accessToken}`, ...headers }, body });
    return { status: response.status, text: await response.text() };
  };
  const bodies: [body: string, headers?: Record<string, string>][] = [
    ['{'], [''], ['null'], ['[]'], ['7'], ['"text"'], ['{}'], ['{"query":7}'], ['{"query":""}'], ['{"query":"{"}'], ['{"query":"{ me { id } }","variables":"none"}'], ['{"query":"{ me { id } }","variables":[]}'],
    ['[{"query":"{ me { id } }"},{"query":"{ me { id } }"}]'], ['{"query":"query A { me { id } } query B { me { id } }"}'], ['{"query":"{ nothing }"}'], ['{"query":"\u0000"}'], ['{"query":"{ me { id } }","operationName":"\u0000"}'],
    [JSON.stringify({ query: `{ ${'me { id } '.repeat(200_000)} }` })], ['query={me{id}}', { 'content-type': 'application/x-www-form-urlencoded' }], ['{ me { id } }', { 'content-type': 'text/plain' }],
    [JSON.stringify({ query: 'mutation { createTask(input: { title: "Bad" }) { cursor } }' }), { 'idempotency-key': 'k'.repeat(256) }],
  ];
  for (const [body, headers] of bodies) {
    const { status, text } = await post(body, headers);
    const label = `${body.slice(0, 60)} ${JSON.stringify(headers ?? {}).slice(0, 60)} -> ${status} ${text.slice(0, 200)}`;
    expect(status, label).toBeLessThan(500);
    expect(text, label).not.toMatch(/INTERNAL_SERVER_ERROR|Did you mean|\.js:|node_modules/);
    expect(status >= 400 || 'errors' in (JSON.parse(text) as object), label).toBe(true);
  }
});
