// Documents by their hash: those that the operator lists, and those that clients register.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLimits } from '../src/limits/limits.js';
import { readTrustedDocuments, sha256 } from '../src/limits/trusted-documents.js';
import { ask, baseLimits, startGraph, type TestGraph } from './support/graph.js';
import { connect, follow } from './support/socket.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'taskgraph-documents-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const listed = 'query Person($id: ID!) { person(id: $id) { name } }';
const other = '{ __typename }';
const byHash = (hash: string) => ({ persistedQuery: { version: 1, sha256Hash: hash } });

async function send(graph: TestGraph, body: object) {
  const response = await fetch(`${graph.gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: response.status, ...(await response.json() as { data?: any; errors?: any[] }) };
}

/** The first thing that an operation over a socket is answered with. */
async function overSocket(graph: TestGraph, payload: { query: string; variables?: Record<string, unknown>; extensions?: Record<string, unknown> }) {
  const client = connect(graph.gateway, await graph.token());
  const received = follow(client, payload);
  await expect.poll(() => received.results.length + (received.error ? 1 : 0), { timeout: 30_000 }).toBe(1);
  await client.dispose();
  return received.error ? { errors: received.error } : received.results[0];
}

describe('only listed documents', () => {
  let graph: TestGraph;
  beforeAll(async () => {
    const path = await fileOf('list.json', { [sha256(listed)]: listed });
    graph = await startGraph({ config: { trustedDocuments: { mode: 'only', path } } });
  });
  afterAll(() => graph.stop());

  test('run by their hash and by their text, over HTTP and sockets', async () => {
    const answer = { data: { person: { name: 'ADA' } } };
    const variables = { id: 'ada' };
    expect(await send(graph, { variables, extensions: byHash(sha256(listed)) })).toMatchObject({ status: 200, ...answer });
    expect(await send(graph, { query: listed, variables })).toMatchObject({ status: 200, ...answer });
    expect(await overSocket(graph, { query: '', variables, extensions: byHash(sha256(listed)) })).toMatchObject(answer);
    expect(await overSocket(graph, { query: listed, variables })).toMatchObject(answer);
  });

  test('others are refused, and cannot be registered', async () => {
    const refusal = { errors: [{ message: expect.stringContaining('listed'), extensions: { code: 'FORBIDDEN' } }] };
    expect(await send(graph, { query: other })).toMatchObject({ status: 403, ...refusal });
    expect(await send(graph, { query: other, extensions: byHash(sha256(other)) })).toMatchObject({ status: 403, ...refusal });
    expect(await overSocket(graph, { query: other })).toMatchObject(refusal);
    expect(await overSocket(graph, { query: 'subscription { x }' })).toMatchObject(refusal);
    expect(await send(graph, { extensions: byHash(sha256(other)) })).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] });
    expect(await overSocket(graph, { query: '', extensions: byHash(sha256(other)) })).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] });
  });
});

describe('documents that clients register', () => {
  let graph: TestGraph;
  beforeAll(async () => void (graph = await startGraph({ config: { limits: { ...baseLimits, persisted: 2 } } })));
  afterAll(() => graph.stop());

  test('are known by their hash afterwards, over every transport, until newer ones take their place', async () => {
    const document = (index: number) => `query Q${index} { __typename }`;
    const answer = { data: { __typename: 'Query' } };
    const unknown = { errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] };
    expect(await send(graph, { extensions: byHash(sha256(document(1))) })).toMatchObject(unknown);
    expect(await send(graph, { query: document(1), extensions: byHash(sha256(document(1))) })).toMatchObject(answer);
    expect(await send(graph, { extensions: byHash(sha256(document(1))) })).toMatchObject({ status: 200, ...answer });
    expect(await overSocket(graph, { query: '', extensions: byHash(sha256(document(1))) })).toMatchObject(answer);
    for (const index of [2, 3]) expect(await overSocket(graph, { query: document(index), extensions: byHash(sha256(document(index))) })).toMatchObject(answer);
    expect(await send(graph, { extensions: byHash(sha256(document(1))) })).toMatchObject(unknown);
    expect(await send(graph, { extensions: byHash(sha256(document(3))) })).toMatchObject(answer);
  });

  test('must have the hash they are sent with, and be within the bounds', async () => {
    expect(await send(graph, { query: other, extensions: byHash(sha256(listed)) })).toMatchObject({ status: 400, errors: [{}] });
    expect(await overSocket(graph, { query: other, extensions: byHash(sha256(listed)) })).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    const large = `{ ${Array.from({ length: 51 }, (_, index) => `a${index}: __typename`).join(' ')} }`;
    expect(await send(graph, { query: large, extensions: byHash(sha256(large)) })).toMatchObject({ errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }] });
    expect(await send(graph, { extensions: byHash(sha256(large)) })).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] });
  });
});

test('where neither is on, a hash means nothing', async () => {
  const graph = await startGraph({ config: { limits: { ...baseLimits, persisted: 0 } } });
  try {
    expect(await send(graph, { extensions: byHash(sha256(listed)) })).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }] });
    expect(await overSocket(graph, { query: '', extensions: byHash(sha256(listed)) })).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }] });
    expect((await ask(graph.gateway, other)).status).toBe(200);
  } finally {
    await graph.stop();
  }
});

test('with a preferred list others run as well, and listed ones go by any id that the list gives them', async () => {
  const path = await fileOf('apollo.json', { format: 'apollo-persisted-query-manifest', version: 1, operations: [{ id: 'person-1', name: 'Person', type: 'query', body: listed }] });
  const trusted = readTrustedDocuments(path, 'prefer');
  const limits = createLimits({ settings: { ...baseLimits, persisted: 0 }, trusted });
  expect(limits.persisted.get('person-1')).toBe(listed);
  expect(limits.check({ query: other })).toBeUndefined();
});

test('a list that cannot be meant ends the start with a sentence', async () => {
  const cases: [path: string | undefined, says: RegExp][] = [
    [undefined, /set TRUSTED_DOCUMENTS/],
    [join(folder, 'nowhere.json'), /cannot be read/],
    [await fileOf('text.json', 'no JSON'), /cannot be read/],
    [await fileOf('array.json', [listed]), /no list of documents/],
    [await fileOf('hash.json', { [sha256(other)]: listed }), /another sha256/],
    [await fileOf('broken.json', { [sha256('{')]: '{' }), /is no document/],
  ];
  for (const [path, says] of cases) expect(() => readTrustedDocuments(path, 'only')).toThrow(says);
  expect(readTrustedDocuments(undefined, 'off').mode).toBe('off');
});
