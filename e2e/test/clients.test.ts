// The official clients against the real gateway, as docs/live.md shows them: graphql-sse, and Apollo Client over graphql-ws.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { gql } from '@apollo/client';
import { createClient, type Client } from 'graphql-sse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { register, type Person } from './client.js';
import { loadExamples, type Change, type Examples } from './clients/examples.js';
import { makeDataDir, removeDataDir, startSystem, type System } from './system.js';

let system: System;
let dataDir: string;
let examples: Examples;
let ada: Person;
let bob: Person;
/** Of ada, with bob as a member. */
let projectId: string;
const sockets: WebSocket[] = [];

beforeAll(async () => {
  dataDir = await makeDataDir();
  system = await startSystem(dataDir, { LIVE_SOCKETS_PER_USER: '3' });
  examples = await loadExamples();
  [ada, bob] = [await register(system.url, 'ada', 'Ada'), await register(system.url, 'bob', 'Bob')];
  projectId = (await ada.ok('mutation { createProject(input: { key: "CLI", name: "Clients" }) { project { id } } }')).createProject.project.id;
});
afterAll(async () => {
  await system?.stop();
  await removeDataDir(dataDir);
});

const head = async (person: Person): Promise<string> => (await person.ok('query ($p: ID!) { taskChanges(scope: { projectId: $p }, first: 1) { head } }', { p: projectId })).taskChanges.head;
const make = async (title: string): Promise<{ id: string; cursor: string }> => {
  const { createTask } = await ada.ok('mutation ($p: ID!, $title: String!) { createTask(input: { projectId: $p, title: $title }) { cursor task { id } } }', { p: projectId, title });
  return { id: createTask.task.id, cursor: createTask.cursor };
};
const addBob = () => ada.ok('mutation ($p: ID!, $u: ID!) { addProjectMember(input: { projectId: $p, userId: $u, role: MEMBER }) { project { id } } }', { p: projectId, u: bob.id });
const removeBob = () => ada.ok('mutation ($p: ID!, $u: ID!) { removeProjectMember(input: { projectId: $p, userId: $u }) { project { id } } }', { p: projectId, u: bob.id });

/** Keeps what it opened, so that a test can cut it. */
class Socket extends WebSocket {
  constructor(...given: ConstructorParameters<typeof WebSocket>) {
    super(...given);
    sockets.push(this);
  }
}

interface Heard {
  results: any[];
  error: unknown;
  completed: boolean;
  stop: () => void;
}

const streams = (person: Pick<Person, 'accessToken'>): Client => createClient({ url: `${system.url}/graphql`, singleConnection: false, retryAttempts: 0, headers: { authorization: `Bearer ${person.accessToken}` } });

function hear(client: Client, query: string, variables: Record<string, unknown> = {}): Heard {
  const heard: Heard = { results: [], error: null, completed: false, stop: () => undefined };
  heard.stop = client.subscribe({ query, variables }, {
    next: (result) => void heard.results.push(result),
    error: (error) => void (heard.error = error),
    complete: () => void (heard.completed = true),
  });
  return heard;
}

const changes = 'subscription ($p: ID!, $after: String) { taskChanges(scope: { projectId: $p }, after: $after) { cursor kind task { title creator { handle } } } }';
const cursorsOf = ({ results }: Heard) => results.map(({ data }) => data.taskChanges.cursor);

test('graphql-sse in distinct connections mode: events as they come, resumed from a cursor, each once', async () => {
  const client = streams(ada);
  const first = hear(client, changes, { p: projectId, after: await head(ada) });
  const made = [await make('one'), await make('two')];
  await eventually(() => first.results.length === 2);
  expect(first.results[0]).toEqual({ data: { taskChanges: { cursor: made[0]?.cursor, kind: 'CREATED', task: { title: 'one', creator: { handle: 'ada' } } } } });
  first.stop();
  // Away; then back from the last cursor, and on live.
  made.push(await make('three'));
  const second = hear(client, changes, { p: projectId, after: cursorsOf(first).at(-1) });
  await eventually(() => second.results.length === 1);
  made.push(await make('four'));
  await eventually(() => second.results.length === 2);
  expect([...cursorsOf(first), ...cursorsOf(second)]).toEqual(made.map(({ cursor }) => cursor));
  expect([first.error, second.error]).toEqual([null, null]);
  second.stop();
  client.dispose();
});

test('graphql-sse is told the end: of a query, of a refusal, of a lost scope, and of a bad token', async () => {
  const client = streams(ada);
  const query = hear(client, '{ me { handle } }');
  await eventually(() => query.completed);
  expect(query.results).toMatchObject([{ data: { me: { handle: 'ada' } } }]);
  const refused = hear(client, changes, { p: ada.id });
  await eventually(() => refused.completed);
  expect(refused.results).toMatchObject([{ errors: [{ extensions: { code: 'NOT_FOUND' } }] }]);
  const invalid = hear(client, 'subscription { nothing }');
  await eventually(() => invalid.completed);
  expect(invalid.results).toMatchObject([{ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] }]);
  const stranger = hear(streams({ accessToken: 'nonsense' }), changes, { p: projectId });
  await eventually(() => stranger.error !== null);
  expect(stranger.error).toMatchObject({ response: { status: 401 } });

  await addBob();
  const member = hear(streams(bob), changes, { p: projectId, after: await head(bob) });
  await make('seen by bob');
  await eventually(() => member.results.length === 1);
  await removeBob();
  await eventually(() => member.completed);
  expect(member.results.map(({ data }) => data.taskChanges.kind)).toEqual(['CREATED', 'ACCESS_LOST']);
  client.dispose();
});

test('a subscription to one task tells its move out of sight and its loss, live and on resume, and the loss of its project (RULES §4)', async () => {
  await addBob();
  const client = streams(bob);
  const ofTask = 'subscription ($t: ID!, $after: String) { taskChanges(scope: { taskId: $t }, after: $after) { cursor kind taskId task { title } } }';
  const kinds = ({ results }: Heard) => results.map(({ data }) => data.taskChanges.kind);
  const [moved, kept] = [await make('goes away'), await make('stays')];
  const [one, two] = [hear(client, ofTask, { t: moved.id, after: moved.cursor }), hear(client, ofTask, { t: kept.id, after: kept.cursor })];
  const rename = 'mutation ($id: ID!) { updateTask(input: { id: $id, title: "seen" }) { cursor } }';
  for (const { id } of [moved, kept]) await ada.ok(rename, { id });
  await eventually(() => one.results.length === 1 && two.results.length === 1);
  const secret = (await ada.ok('mutation { createProject(input: { key: "HUSH", name: "Hushed" }) { project { id } } }')).createProject.project.id;
  await ada.ok('mutation ($t: ID!, $p: ID!) { moveTask(input: { id: $t, projectId: $p }) { cursor } }', { t: moved.id, p: secret });
  await eventually(() => one.completed);
  expect(kinds(one)).toEqual(['UPDATED', 'MOVED', 'ACCESS_LOST']);
  const again = hear(client, ofTask, { t: moved.id, after: cursorsOf(one)[0] });
  await eventually(() => again.completed);
  expect(cursorsOf(again)).toEqual(cursorsOf(one).slice(1));
  // Nothing happens to the task itself here.
  await removeBob();
  await eventually(() => two.completed);
  expect(kinds(two)).toEqual(['UPDATED', 'ACCESS_LOST']);
  client.dispose();
});

test('graphql-sse that aborts is released: its place among the streams of its person is free', async () => {
  const client = streams(ada);
  const after = await head(ada);
  const open = Array.from({ length: 3 }, () => hear(client, changes, { p: projectId, after }));
  await make('for all three');
  await eventually(() => open.every(({ results }) => results.length === 1));
  const tooMany = hear(client, changes, { p: projectId, after });
  await eventually(() => tooMany.error !== null);
  expect(tooMany.error).toMatchObject({ response: { status: 429 } });
  open[0]?.stop();
  await eventually(async () => {
    const again = hear(client, changes, { p: projectId, after });
    await eventually(() => again.error !== null || again.results.length > 0);
    again.stop();
    return again.results.length > 0;
  });
  expect(open.map(({ error }) => error)).toEqual([null, null, null]);
  client.dispose();
});

test('the graphql-sse example of the page follows a project, comes back with its cursor, and ends when it is aborted', async () => {
  const told: Change[] = [];
  const follow = (after: string | null, signal: AbortSignal) =>
    examples.followOnce({ url: `${system.url}/graphql`, token: () => ada.accessToken, projectId, after, onChange: (change) => void told.push(change), signal }).catch(() => undefined);
  const after = await head(ada);
  const made: string[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const cut = new AbortController();
    const ended = follow(told.at(-1)?.cursor ?? after, cut.signal);
    made.push((await make(`turn ${turn}`)).cursor);
    await eventually(() => told.length === made.length);
    cut.abort();
    await ended;
    made.push((await make('unheard')).cursor);
  }
  const last = new AbortController();
  const ended = follow(told.at(-1)?.cursor ?? null, last.signal);
  await eventually(() => told.length === made.length);
  last.abort();
  await ended;
  expect(told.map(({ cursor }) => cursor)).toEqual(made);
});

test('the Apollo Client example of the page keeps its cache live over cuts, misses nothing, and ends with the loss of the scope', async () => {
  await addBob();
  // GraphQLWsLink asks for the browser's WebSocket when a connection fails.
  globalThis.WebSocket ??= WebSocket as never;
  const client = examples.createLiveClient({ url: `${system.url.replace('http', 'ws')}/graphql`, token: () => bob.accessToken, onResync: () => head(bob), webSocketImpl: Socket });
  const list = gql`query ($id: ID!) { task(id: $id) { id title } }`;
  const document = gql`subscription ($projectId: ID!, $after: String) { taskChanges(scope: { projectId: $projectId }, after: $after) { cursor kind taskId task { id title } } }`;
  const first = await make('as it was');
  expect((await client.query({ query: list, variables: { id: first.id } })).data.task.title).toBe('as it was');
  const told: string[] = [];
  const kinds: string[] = [];
  let completed = false;
  client.subscribe({ query: document, variables: { projectId, after: first.cursor } }).subscribe({
    next: ({ data }: any) => {
      const { cursor, kind, taskId, task } = data.taskChanges;
      told.push(cursor);
      kinds.push(kind);
      if (taskId && !task) client.cache.evict({ id: `Task:${taskId as string}` });
    },
    complete: () => void (completed = true),
  });
  const rename = 'mutation ($id: ID!, $title: String!) { updateTask(input: { id: $id, title: $title }) { cursor } }';
  const made: string[] = [];
  for (let cut = 0; cut < 3; cut += 1) {
    made.push((await ada.ok(rename, { id: first.id, title: `renamed ${cut}` })).updateTask.cursor);
    await eventually(() => told.length === made.length);
    sockets.at(-1)?.terminate();
    made.push((await make('while away')).cursor);
  }
  await eventually(() => told.length === made.length);
  expect(told).toEqual(made);
  expect(sockets.length).toBeGreaterThan(3);
  // The list has what changed, without being asked again.
  expect(client.readQuery({ query: list, variables: { id: first.id } })?.task.title).toBe('renamed 2');
  await ada.ok('mutation ($id: ID!) { deleteTask(input: { id: $id }) { cursor } }', { id: first.id });
  await eventually(() => kinds.at(-1) === 'DELETED');
  expect(client.cache.extract()[`Task:${first.id}`]).toBeUndefined();
  await removeBob();
  await eventually(() => completed);
  expect(kinds.at(-1)).toBe('ACCESS_LOST');
  client.stop();
});
