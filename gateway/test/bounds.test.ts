// How large an operation may be: refused before anything of it is validated, planned or run, over each transport.
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDocument } from '../src/limits/document-bounds.js';
import { excessOfVariables } from '../src/limits/variable-bounds.js';
import { ask, baseLimits, startGraph, type TestGraph } from './support/graph.js';
import { connect, follow } from './support/socket.js';

const times = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_, index) => text(index)).join(' ');

/** Each is more than its bound allows, and some are nothing but that. */
const costly: [name: string, bound: string, document: string][] = [
  ['10,000 tokens', 'tokens', `{ ${times(10_000, () => 'me')} }`],
  ['brackets within brackets', 'nesting', `{ person(id: ${'['.repeat(2_000)}${']'.repeat(2_000)}) { id } }`],
  ['50 levels', 'depth', `{ tasks { ${'creator { tasks { '.repeat(25)} id ${'} }'.repeat(25)} } }`],
  ['1,000 aliases', 'aliases', `{ me { ${times(1_000, (index) => `a${index}: id`)} } }`],
  ['51 aliases in a fragment spread once', 'aliases', `{ me { ...all } } fragment all on User { ${times(51, (index) => `a${index}: id`)} }`],
  ['60 mutations', 'rootFields', `mutation { ${times(60, () => 'createTask(title: "x") { id }')} }`],
  ['10 directives in one place', 'directives', '{ __typename @aa@aa@aa@aa@aa@aa@aa@aa@aa@aa }'],
  ['60 directives', 'directives', `{ ${times(40, () => 'me @skip(if: false) { id @include(if: true) }')} }`],
  ['500 times the same field', 'fields', `{ me { ${times(500, () => 'id')} } }`],
  ['300 times the same field', 'pairs', `{ me { ${times(300, () => 'id')} } }`],
  ['600 fields', 'fields', `{ tasks { ${times(40, () => `creator { ${times(15, () => 'id')} }`)} } }`],
  ['101 fragments', 'fragments', `{ me { id } } ${times(101, (index) => `fragment f${index} on User { id }`)}`],
  ['2⁶⁰ fields by fragments that spread the next one twice', 'rootFields', `{ ...f0 } ${times(60, (index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`)} fragment f60 on Query { me { id } }`],
  ['2⁶⁰ fields below a field', 'fields', `{ me { ...f0 } } ${times(60, (index) => `fragment f${index} on User { ...f${index + 1} ...f${index + 1} }`)} fragment f60 on User { id }`],
  ['a fragment that spreads itself', 'circle', '{ me { ...a } } fragment a on User { id ...a }'],
  ['fragments in a circle that nothing spreads', 'circle', '{ me { id } } fragment a on User { ...b } fragment b on User { ...a }'],
  ['fragments that spread the next one twice, and the last one is nowhere', 'fields', `{ ...f0 } ${times(60, (index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`)}`],
  ['6,000 comments', 'tokens', `{ __typename } ${'#\n'.repeat(6_000)}`],
  ['21 mutations', 'mutations', `mutation { ${times(21, (index) => `a${index}: createTask(title: "x") { id }`)} }`],
  ['51 operations', 'operations', times(51, (index) => `query q${index} { me { id } }`)],
];

let graph: TestGraph;
beforeAll(async () => void (graph = await startGraph()));
afterAll(() => graph.stop());

test.each(costly)('%s: refused over HTTP, the second time as well, and no subgraph hears of it', async (_name, bound, document) => {
  for (const _time of [1, 2]) {
    const { status, errors, body } = await ask(graph.gateway, document);
    expect(status).toBe(400);
    expect(errors).toEqual([{ message: expect.any(String), extensions: { code: 'QUERY_TOO_COMPLEX', bound, limit: expect.any(Number), requestId: expect.any(String) } }]);
    expect(body.data).toBeUndefined();
  }
  expect([...graph.user.calls, ...graph.task.calls]).toEqual([]);
});

test('the same over a WebSocket and as an event stream', async () => {
  const client = connect(graph.gateway, await graph.token());
  for (const [, bound, document] of costly) {
    const refusal = { extensions: { code: 'QUERY_TOO_COMPLEX', bound } };
    const received = follow(client, { query: document });
    await expect.poll(() => received.error, { timeout: 30_000 }).toMatchObject([refusal]);
    const stream = await fetch(`${graph.gateway.url}/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/event-stream' }, body: JSON.stringify({ query: document }),
    });
    const [, data = ''] = /^event: next\ndata: (.*)$/m.exec(await stream.text()) ?? [];
    expect(JSON.parse(data)).toMatchObject({ errors: [refusal] });
  }
  await client.dispose();
  expect([...graph.user.calls, ...graph.task.calls]).toEqual([]);
});

test('in the address of a GET as well', async () => {
  const query = `{ ${times(51, (index) => `a${index}: __typename`)} }`;
  const response = await fetch(`${graph.gateway.url}/graphql?query=${encodeURIComponent(query)}`, { headers: { 'apollo-require-preflight': '1' } });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }] });
});

test('several operations in one request are refused', async () => {
  const response = await fetch(`${graph.gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]) });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
});

test('a text is not longer than 100,000 characters, whatever they are', () => {
  const excess = (text: string) => (readDocument(text, baseLimits.document) as { excess?: { bound: string } } | undefined)?.excess?.bound;
  expect([excess(`{ me }${' '.repeat(99_994)}`), excess(`{ me }${' '.repeat(99_995)}`)]).toEqual([undefined, 'characters']);
});

test('a bound holds exactly: what reaches it passes, one more does not', () => {
  const { document: bounds } = baseLimits;
  const judge = (text: string) => readDocument(text, bounds);
  const pairs: [fits: string, over: string][] = [
    [`{ a(x: [${times(bounds.tokens - 9, () => '1')}]) }`, `{ a(x: [${times(bounds.tokens - 8, () => '1')}]) }`],
    [`${'{ a '.repeat(bounds.depth)}${'}'.repeat(bounds.depth)}`, `${'{ a '.repeat(bounds.depth + 1)}${'}'.repeat(bounds.depth + 1)}`],
    [`{ ${times(bounds.rootFields, (index) => `f${index}`)} }`, `{ ${times(bounds.rootFields + 1, (index) => `f${index}`)} }`],
    [`{ f { ${times(bounds.aliases, (index) => `a${index}: x`)} } }`, `{ f { ${times(bounds.aliases + 1, (index) => `a${index}: x`)} } }`],
    [`{ f { ${times(bounds.fields - 1, (index) => `f${index}`)} } }`, `{ f { ${times(bounds.fields, (index) => `f${index}`)} } }`],
    [`{ f { ${times(bounds.directives, (index) => `f${index} @a`)} } }`, `{ f { ${times(bounds.directives + 1, (index) => `f${index} @a`)} } }`],
    [`{ a } ${times(bounds.fragments, (index) => `fragment f${index} on T { a }`)}`, `{ a } ${times(bounds.fragments + 1, (index) => `fragment f${index} on T { a }`)}`],
  ];
  for (const [fits, over] of pairs) {
    expect(judge(fits), fits.slice(0, 60)).toHaveProperty('document');
    expect(judge(over), over.slice(0, 60)).toHaveProperty('excess');
  }
});

test('the question that tools ask for the schema is within the bounds', async () => {
  const whole = getIntrospectionQuery({ descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true });
  const { status, data } = await ask(graph.gateway, whole);
  expect(status).toBe(200);
  expect(data.__schema.queryType.name).toBe('Query');
});

test('variables are bounded in number and depth, without being walked recursively', async () => {
  expect(excessOfVariables({ list: Array.from({ length: baseLimits.variables - 1 }, () => 0) }, baseLimits.variables)).toBeUndefined();
  expect(excessOfVariables({ list: Array.from({ length: baseLimits.variables }, () => 0) }, baseLimits.variables)).toMatchObject({ bound: 'variables' });
  const deep: unknown = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
  expect(excessOfVariables(deep, 1_000_000)).toMatchObject({ bound: 'variableDepth' });
  expect(excessOfVariables(null, 1)).toBeUndefined();

  const { status, errors } = await ask(graph.gateway, 'query ($id: ID!) { person(id: $id) { id } }', { variables: { id: Array.from({ length: 20_000 }, () => 1) } });
  expect(status).toBe(400);
  expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX', bound: 'variables' } }]);
  const client = connect(graph.gateway, await graph.token());
  const received = follow(client, { query: 'query ($id: ID!) { person(id: $id) { id } }', variables: { id: Array.from({ length: 20_000 }, () => 1) } });
  await expect.poll(() => received.error, { timeout: 30_000 }).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX', bound: 'variables' } }]);
  await client.dispose();
});

test.each([
  ['of a variable', 'query ($level: Level!) { leveled(level: $level) }', 'BAD_USER_INPUT'],
  ['of an argument', '{ leveled(level: "LONG") }', 'GRAPHQL_VALIDATION_FAILED'],
  ['that is no token', '{ "LONG" }', 'GRAPHQL_PARSE_FAILED'],
])('a long value %s is not repeated in the refusal', async (_name, document, code) => {
  // Also what would be cut away as a suggestion, again and again.
  const value = 'Did you mean that? '.repeat(4_000);
  const { errors } = await ask(graph.gateway, document.replace('LONG', value), document.includes('$level') ? { variables: { level: value } } : {});
  expect(errors?.[0]?.extensions['code']).toBe(code);
  expect(JSON.stringify(errors).length).toBeLessThan(1_000);
});
