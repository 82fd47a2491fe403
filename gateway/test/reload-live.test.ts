// Subscriptions outlive another supergraph: those that fit it go on from their cursor, only the others end, with the reason.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { decodeJwt } from 'jose';
import type { Client } from 'graphql-ws';
import { afterEach, describe, expect, test } from 'vitest';
import { cursors, personId, startEngine, type Engine } from './support/engine.js';
import { startReloadGraph, type ReloadGraph } from './support/reloads.js';
import { connect, follow } from './support/socket.js';
import { createTaskLog } from './support/task-log.js';

const numbered = (to: number) => Array.from({ length: to }, (_, index) => `c${index + 1}`);

describe('over the gateway', () => {
  let graph: ReloadGraph;
  let client: Client;
  afterEach(async () => {
    await client.dispose();
    await graph.stop();
  });
  async function begin() {
    const log = createTaskLog();
    graph = await startReloadGraph({ task: log });
    graph.task.route = log.route;
    await eventually(() => log.streams.size === 1);
    client = connect(graph.gateway, await graph.token());
    return log;
  }
  const changes = (fields: string) => `subscription ($p: ID!, $after: String) { taskChanges(scope: { projectId: $p }, after: $after) { cursor ${fields} } }`;

  test('a subscription that delivers all the time misses nothing during reloads, gets nothing twice and all of it in order (RULES §4)', async () => {
    const log = await begin();
    const kinds = ['task { title creator { name } }', 'kind', 'task { title } changes { field after }'];
    const received = kinds.map((fields) => follow(client, { query: changes(fields), variables: { p: log.projectId, after: 'c0' } }));
    let written = 0;
    let writing = true;
    // Something is always under way, and never more than a slow machine can take.
    const writer = (async () => {
      for (; writing; written += 1) {
        log.append({});
        await received[0]?.atLeast(written - 2);
      }
    })();
    try {
      for (let count = 0; count < 10; count += 1) {
        const before = written;
        await graph.reload();
        await eventually(() => written > before + 3);
      }
    } finally {
      writing = false;
      await writer;
    }
    for (const { atLeast } of received) expect(cursors(await atLeast(written))).toEqual(numbered(written));
    expect(received.map(({ error, completed }) => [error, completed])).toEqual(kinds.map(() => [undefined, false]));
    // Many turns, on whatever machine.
  }, 300_000);

  test('one whose field is gone ends with the reason, while another on the same socket goes on', async () => {
    const log = await begin();
    let closed = false;
    client.on('closed', () => (closed = true));
    const variables = { p: log.projectId, after: 'c0' };
    const ends = follow(client, { query: changes('task { title who: seenBy }'), variables });
    const stays = follow(client, { query: changes('task { title }'), variables });
    log.append({ title: 'before' });
    await Promise.all([ends.atLeast(1), stays.atLeast(1)]);
    await graph.reload((sdl) => sdl.replace(' seenBy: String', ''));
    await eventually(() => ends.error ?? null);
    expect(ends.error).toEqual([{
      message: 'The graph has changed and has no place for this subscription any more: Cannot query field "seenBy" on type "Task".',
      locations: [{ line: 1, column: expect.any(Number) }],
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED', requestId: expect.any(String) },
    }]);
    log.append({ title: 'after' });
    expect((await stays.atLeast(2)).map(({ data }) => data.taskChanges)).toEqual([{ cursor: 'c1', task: { title: 'before' } }, { cursor: 'c2', task: { title: 'after' } }]);
    expect([ends.results.length, stays.error, closed]).toEqual([1, undefined, false]);
    // Whoever comes with it afterwards is refused in the same way.
    const late = follow(client, { query: changes('task { title who: seenBy }'), variables });
    await eventually(() => late.error ?? null);
    expect(late.error).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });

  test('over server-sent events the reason is the last result before complete', async () => {
    const log = await begin();
    const response = await fetch(`${graph.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${await graph.token()}` },
      body: JSON.stringify({ query: changes('task { seenBy }'), variables: { p: log.projectId, after: 'c0' } }),
    });
    log.append({});
    let text = '';
    const read = (async () => {
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk;
    })();
    await eventually(() => text.includes('c1'));
    await graph.reload((sdl) => sdl.replace(' seenBy: String', ''));
    await read;
    const events = text.split('\n\n').map((part) => /^event: (\w+)\ndata: (.*)$/.exec(part)).flatMap((match) => (match ? [[match[1], match[2] ? JSON.parse(match[2]) : null]] : []));
    expect(events.slice(1)).toEqual([
      ['next', { errors: [expect.objectContaining({ message: expect.stringMatching(/^The graph has changed/), extensions: { code: 'GRAPHQL_VALIDATION_FAILED', requestId: expect.any(String) } })] }],
      ['complete', null],
    ]);
  });
});

describe('the engine', () => {
  let engine: Engine;
  afterEach(() => engine.stop());
  const [ada, bob] = [personId(1), personId(2)];
  const ended = async (consumer: { ended: Promise<unknown> }) => (await consumer.ended) as { errors?: object[] };

  test('ends what is valid but whose variables no longer fit with BAD_USER_INPUT', async () => {
    engine = await startEngine();
    const query = 'subscription ($scope: TaskScope!) { taskChanges(scope: $scope, after: "c0") { cursor } }';
    const consumer = await engine.subscribe(ada, { scope: { projectId: engine.log.projectId } }, query);
    const other = await engine.subscribe(ada, { after: 'c0' }, 'subscription ($p: ID!, $after: String) { taskChanges(scope: { projectId: $p, tenant: 1 }, after: $after) { cursor } }').catch((error: Error) => error);
    expect(other).toBeInstanceOf(Error);
    await engine.reload((sdl) => sdl.replace('input TaskScope {', 'input TaskScope { tenant: Int!'));
    expect((await ended(consumer)).errors).toMatchObject([{ message: expect.stringContaining('The graph has changed'), extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'scope' }] } }]);
    expect(engine.listening.size).toBe(0);
  });

  test('ends those to a state as well, and leaves those alone that still fit', async () => {
    engine = await startEngine();
    engine.log.taskImport.owner = ada;
    const [ends, stays] = [
      await engine.subscribe(ada, { id: 'i1' }, 'subscription ($id: ID!) { taskImportProgress(id: $id) { status id } }'),
      await engine.subscribe(ada, { id: 'i1' }, 'subscription ($id: ID!) { taskImportProgress(id: $id) { processedRows } }'),
    ];
    await Promise.all([ends.atLeast(1), stays.atLeast(1)]);
    await engine.reload((sdl) => sdl.replace('type TaskImport { id: ID!', 'type TaskImport {'));
    expect((await ended(ends)).errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    engine.log.taskImport.processedRows = 7;
    expect((await stays.atLeast(2)).at(-1)).toEqual({ data: { taskImportProgress: { processedRows: 7 } } });
  });

  test('shares runs no longer where the selection may differ between people in the new graph, and nobody misses a change', async () => {
    engine = await startEngine();
    const query = 'subscription ($p: ID!, $after: String) { taskChanges(scope: { projectId: $p }, after: $after) { cursor task { title creator { id } } } }';
    const consumers = [await engine.subscribe(ada, { after: 'c0' }, query), await engine.subscribe(bob, { after: 'c0' }, query)];
    let written = 0;
    /** Who asked for the next change. */
    const askers = async () => {
      const from = engine.calls();
      engine.log.append({});
      written += 1;
      await Promise.all(consumers.map(({ atLeast }) => atLeast(written)));
      return new Set(engine.subgraph.calls.slice(from).map(({ headers }) => decodeJwt(String(headers.authorization).slice('Bearer '.length)).sub));
    };
    await eventually(async () => (await askers()).size === 1);
    // A type that is not on the list of what is the same for all.
    await engine.reload((sdl) => sdl.replace('type User @key', 'type Person @key').replace('creator: User', 'creator: Person'));
    for (let count = 0; count < 5; count += 1) expect((await askers()).size).toBe(2);
    await engine.reload((sdl) => sdl);
    await eventually(async () => (await askers()).size === 1);
    for (const consumer of consumers) expect(cursors(consumer.results)).toEqual(numbered(written));
  });

  test('asks nothing more for a reload that changes nothing for its subscriptions', async () => {
    engine = await startEngine();
    const consumers = [];
    for (let index = 0; index < 20; index += 1) consumers.push(await engine.subscribe(personId(index), { after: 'c0' }));
    engine.log.append({});
    await Promise.all(consumers.map(({ atLeast }) => atLeast(1)));
    // Until all of them stand in one group.
    let quiet = -1;
    await eventually(() => {
      const now = engine.calls();
      const settled = now === quiet;
      quiet = now;
      return settled;
    }, { intervalMs: 300 });
    await engine.reload((sdl) => `${sdl} extend type Query { more: String }`);
    expect(engine.calls()).toBe(quiet);
    engine.log.append({});
    for (const { atLeast } of consumers) expect(cursors(await atLeast(2))).toEqual(numbered(2));
  });
});
