// The gateway's own executor against the one of @apollo/gateway: any document over a graph whose fields fail and miss at random is
// answered with the same data and the same errors by both.
import { composeServices } from '@apollo/composition';
import { ApolloGateway } from '@apollo/gateway';
import { buildSubgraphSchema } from '@apollo/subgraph';
import fc from 'fast-check';
import {
  execute, getNamedType, getOperationAST, GraphQLError, isAbstractType, isCompositeType, isEnumType, isListType, isNonNullType, isObjectType, isUnionType, parse, specifiedRules, validate,
  type ExecutionResult, type GraphQLFieldResolver, type GraphQLNamedType, type GraphQLOutputType, type GraphQLSchema,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DataSource } from '../src/data-source.js';
import { loadGeneration, type Generation } from '../src/supergraph/generation.js';
import { logger } from './support/graph.js';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@shareable"])\n';
const sdl: Record<string, string> = {
  people: `${link}
    scalar JSON
    enum Level { LOW HIGH }
    interface Node { id: ID! label: String }
    union Found = Person | Thing
    type Query { me: Person people(n: Int = 3): [Person!] nodes: [Node] found: [Found!] box: Box! }
    type Mutation { rename(id: ID!): Person }
    type Box { level: Level any: JSON person: Person! boxes: [[Box]!] }
    type City { name: String! mayor: Person }
    type Address { street: String city: City! }
    type Person implements Node @key(fields: "id") { id: ID! label: String name: String! age: Int constructor: String friend: Person friends: [Person!] address: Address level: Level }
    type Thing implements Node @key(fields: "id") { id: ID! label: String title: String! owner: Person }`,
  things: `${link}
    scalar JSON
    type Query { things: [Thing!]! best: Thing }
    type Person @key(fields: "id") { id: ID! things: [Thing!]! score: Float extra: JSON seal: Boolean! }
    type Thing @key(fields: "id") { id: ID! weight: Int price: Int maker: Person! tags: [[String]!] }`,
  reviews: `${link}
    type Query { review(id: ID!): Review }
    type Review @key(fields: "id") { id: ID! body: String! author: Person! about: Thing }
    type Person @key(fields: "id") { id: ID! reviews: [Review!] nick: String }
    type Thing @key(fields: "id") { id: ID! weight: Int @external price: Int @external shipping: Int @requires(fields: "weight price") reviews: [Review!] stock: Int! }`,
};

/** The same text is the same number, in every subgraph and at every asking. */
function hash(text: string): number {
  let value = 2_166_136_261;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 16_777_619);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}

/** Of ten values so many fail, and so many of those that may are null. */
let failing = 1;
const nulls = 1;

const entities = new Set(['Person', 'Thing', 'Review']);
function made(schema: GraphQLSchema, type: GraphQLOutputType, seed: string): unknown {
  if (isNonNullType(type)) return made(schema, type.ofType as GraphQLOutputType, seed);
  if (isListType(type)) return Array.from({ length: hash(seed) % 4 }, (_, index) => (!isNonNullType(type.ofType) && hash(`${seed} ${index} null`) % 10 < nulls ? null : made(schema, type.ofType as GraphQLOutputType, `${seed} ${index}`)));
  let named: GraphQLNamedType = getNamedType(type);
  if (isAbstractType(named)) {
    const possible = schema.getPossibleTypes(named);
    named = possible[hash(seed) % possible.length] ?? named;
  }
  if (entities.has(named.name)) return { __typename: named.name, id: String(hash(seed) % 5) };
  if (isObjectType(named)) return { __typename: named.name, seed };
  if (isEnumType(named)) return ['LOW', 'HIGH'][hash(seed) % 2];
  const scalars: Record<string, unknown> = { Int: hash(seed) % 100, Float: hash(seed) / 7, Boolean: hash(seed) % 2 === 0, JSON: { 'a "quoted" name': [seed, null, 1] }, ID: String(hash(seed)) };
  return scalars[named.name] ?? `"${seed}"\n€`;
}

const resolve: GraphQLFieldResolver<any, unknown> = (source, args, _context, { fieldName, parentType, returnType, schema }) => {
  if (fieldName === 'id') return source.id;
  if (fieldName === 'shipping') return (source.weight ?? 0) + (source.price ?? 0);
  const seed = `${source?.seed ?? (source?.id ? `${parentType.name} ${source.id}` : '')} ${fieldName} ${JSON.stringify(args)}`;
  if (hash(`${seed} fails`) % 10 < failing) throw new GraphQLError(`no ${seed}`, { extensions: { code: 'FORBIDDEN' } });
  if (!isNonNullType(returnType) && hash(`${seed} null`) % 10 < nulls) return null;
  return made(schema, returnType, seed);
};

const subgraphs = new Map<string, GraphQLSchema>();
let calls = 0;
/** Documents that a subgraph fails at as a whole. */
let refuse: (query: string) => boolean = () => false;
/** Called before each answer of a subgraph. */
let held: () => Promise<void> = async () => undefined;
async function ask(subgraph: string, query: string, variableValues: Record<string, unknown>): Promise<ExecutionResult> {
  calls += 1;
  await held();
  if (refuse(query)) return { data: null, errors: [{ message: 'no list' } as never] };
  const schema = subgraphs.get(subgraph) as GraphQLSchema;
  const result = await execute({ schema, document: parse(query), variableValues, fieldResolver: resolve });
  return JSON.parse(JSON.stringify(result)) as ExecutionResult;
}
const source = (name: string): DataSource => ({
  async ask({ query, variables, body }) {
    expect(JSON.parse(body)).toMatchObject({ query, variables: JSON.parse(variables) });
    const { data = null, errors = [] } = await ask(name, query, JSON.parse(variables) as Record<string, unknown>);
    return { data: data as Record<string, unknown> | null, errors: errors as never };
  },
  broken: () => ({ message: 'broken', extensions: {} }),
});

let supergraphSdl: string;
let stock: ApolloGateway;
let schema: GraphQLSchema;
let ours: Generation[];
beforeAll(async () => {
  for (const [name, text] of Object.entries(sdl)) {
    const reference = { async __resolveReference(given: { __typename: string; id: string }) {
      const seed = `${name} ${given.__typename} ${given.id} is`;
      if (hash(seed) % 20 < failing) throw new GraphQLError(`no ${seed}`, { extensions: { code: 'NOT_FOUND' } });
      return hash(`${seed} null`) % 20 < nulls ? null : given;
    } };
    const known = [...entities].filter((type) => text.includes(`type ${type} `));
    subgraphs.set(name, buildSubgraphSchema({ typeDefs: parse(text), resolvers: Object.fromEntries(known.map((type) => [type, reference])) as never }));
  }
  const composed = composeServices(Object.entries(sdl).map(([name, text]) => ({ name, url: `http://${name}`, typeDefs: parse(text) })));
  supergraphSdl = composed.supergraphSdl ?? '';
  stock = new ApolloGateway({
    supergraphSdl, logger,
    buildService: ({ name }) => ({ process: async ({ request }) => (await ask(name, request.query ?? '', request.variables ?? {})) as never }),
  });
  stock.onSchemaLoadOrUpdate(({ apiSchema }) => (schema = apiSchema));
  await stock.load();
  ours = await Promise.all([true, false].map((mergeFetches) => loadGeneration({ supergraphSdl, dataSource: source, execution: { mergeFetches, writeText: false, shareQueries: false }, logger })));
});
afterAll(() => stock.stop());

/** A document made of numbers; the same numbers are the same document. */
function documentOf(numbers: number[], { mutation, abstract }: { mutation: boolean; abstract: boolean }): string {
  let at = 0;
  const next = (count: number) => (numbers[at++ % numbers.length] as number) % count;
  const fragments: string[] = [];
  const condition = () => ['', '', '', '', ' @skip(if: $a)', ' @include(if: $b)', ' @include(if: true)'][next(7)];
  function below(type: GraphQLNamedType, depth: number): string {
    if (isAbstractType(type) && (isUnionType(type) || next(2) === 0)) {
      const possible = schema.getPossibleTypes(type);
      return `{ ${next(2) === 0 ? '__typename ' : ''}${possible.map((one) => `... on ${one.name}${condition()} ${below(one, depth)}`).join(' ')} }`;
    }
    const all = Object.values((type as { getFields(): Record<string, { name: string; type: GraphQLOutputType; args: readonly unknown[] }> }).getFields());
    const fields = Array.from({ length: 1 + next(4) }, () => all[next(all.length)]).flatMap((field) => {
      const named = field && getNamedType(field.type);
      if (!field || !named || (isCompositeType(named) && depth === 0) || (isAbstractType(named) && !abstract)) return [];
      const args = field.name === 'people' ? ['', '(n: $n)', '(n: 2)'][next(3)] ?? '' : field.args.length > 0 ? '(id: "7")' : '';
      const alias = ['', '', 'toString', 'x'][next(4)] as string;
      // Names that say what they stand for never conflict.
      const name = alias || args ? `${alias}_${field.name}_${args.replace(/\W/g, '')}: ` : '';
      return [`${name}${field.name}${args}${condition()}${isCompositeType(named) ? ` ${below(named, depth - 1)}` : ''}`];
    });
    if (next(4) === 0) fields.push(next(2) === 0 ? '__typename' : 'kind: __typename');
    if (fields.length === 0) fields.push('__typename');
    const half = fields.length > 1 && next(3) === 0 ? fields.splice(1) : [];
    if (half.length > 0) {
      const name = `F${fragments.length}`;
      fragments.push('');
      fragments[Number(name.slice(1))] = `fragment ${name} on ${type.name} { ${half.join(' ')} }`;
      fields.push(next(2) === 0 ? `...${name}${condition()}` : `...${name} ... on ${type.name} { ${half[0]} }`);
    }
    return `{ ${fields.join(' ')} }`;
  }
  const root = (mutation ? schema.getMutationType() : schema.getQueryType()) as GraphQLNamedType;
  const body = below(root, 5);
  const text = `${body} ${fragments.join(' ')}`;
  const variables = [['$a', 'Boolean!'], ['$b', 'Boolean = true'], ['$n', 'Int']].filter(([name]) => new RegExp(`\\${name}\\b`).test(text)).map(([name, type]) => `${name}: ${type}`);
  return `${mutation ? 'mutation' : 'query'} Random${variables.length > 0 ? ` (${variables.join(', ')})` : ''} ${text}`;
}

const answerOf = async (run: (request: never) => Promise<ExecutionResult>, source: string, variables: Record<string, unknown>, context: object = {}) => {
  const document = parse(source);
  const request = { request: { query: source, variables: JSON.parse(JSON.stringify(variables)) }, source, document, operation: getOperationAST(document), queryHash: source, operationName: 'Random', schema, context, metrics: {}, logger };
  const { data, errors = [] } = await run(request as never);
  const told = errors.map(({ message, path, extensions }) => ({ message, path, extensions })).map((error) => JSON.stringify(error));
  return { data: JSON.parse(JSON.stringify(data ?? null)) as unknown, text: JSON.stringify(data), errors: told };
};

const choices = fc.array(fc.nat(), { minLength: 5, maxLength: 60 });
const variablesOf = fc.record({ a: fc.boolean(), b: fc.option(fc.boolean(), { nil: undefined }), n: fc.nat(4) });
let compared = 0;

async function agree(numbers: number[], variables: Record<string, unknown>, kind: { mutation: boolean; abstract: boolean }): Promise<void> {
  const document = documentOf(numbers, kind);
  fc.pre(validate(schema, parse(document), specifiedRules).length === 0);
  const wanted = await answerOf(stock.executor as never, document, variables);
  for (const { execute: run } of ours) {
    const got = await answerOf(run as never, document, variables);
    expect(got.data, document).toEqual(wanted.data);
    // With several types at one path stock tells an error at the place of another entity: it counts those that were asked for, of all there are.
    const of = (errors: string[]) => (kind.abstract ? errors.map((text) => JSON.stringify({ ...JSON.parse(text), path: null })) : errors).toSorted();
    expect(of(got.errors), document).toEqual(of(wanted.errors));
  }
  compared += 1;
}

/** `EXECUTION_RUNS=1000` looks longer. */
const runs = { numRuns: Number(process.env['EXECUTION_RUNS'] ?? 10) };

describe('any document is answered as by the executor of @apollo/gateway', () => {
  test('data, order of fields, and errors with their paths', async () => {
    await fc.assert(fc.asyncProperty(choices, variablesOf, (numbers, variables) => agree(numbers, variables, { mutation: false, abstract: false })), runs);
    expect(compared).toBeGreaterThan(runs.numRuns / 2);
  });

  test('where interfaces and unions are selected', () => fc.assert(fc.asyncProperty(choices, variablesOf, (numbers, variables) => agree(numbers, variables, { mutation: false, abstract: true })), runs));

  test('with the fields in the order of the document', async () => {
    const people = [0, 1, 2, 3, 4, 5].map((n) => `p${n}: people(n: ${n}) { ...P }`).join(' ');
    const document = `query Random { ${people} best { ...T } } fragment P on Person { reviews { about { ...T } id } name seal id label things { ...T } score } fragment T on Thing { stock price ...F id maker { seal name id label } weight } fragment F on Thing { tags title price }`;
    failing = 0;
    const wanted = await answerOf(stock.executor as never, document, {});
    expect(wanted.text.length).toBeGreaterThan(300);
    for (const { execute: run } of ours) expect((await answerOf(run as never, document, {})).text).toBe(wanted.text);
    failing = 1;
  });

  test('of the schema itself beside data', async () => {
    const document = 'query Random { type: __type(name: "Person") { name fields { name } ...F } me { id } __schema { queryType { name } } } fragment F on __Type { kind }';
    const wanted = await answerOf(stock.executor as never, document, {});
    for (const { execute: run } of ours) expect(await answerOf(run as never, document, {})).toEqual(wanted);
  });

  test('of mutations', () => fc.assert(fc.asyncProperty(choices, variablesOf, (numbers, variables) => agree(numbers, variables, { mutation: true, abstract: false })), runs));

  test('where much fails', async () => {
    failing = 4;
    await fc.assert(fc.asyncProperty(choices, variablesOf, (numbers, variables) => agree(numbers, variables, { mutation: false, abstract: false })), runs);
    failing = 1;
  });
});

describe('equal queries of one person that are under way together', () => {
  const query = 'query Random { people(n: 1) { id } }';
  const viewer = (id: string, scopes?: string[]) => ({ viewer: { id, role: 'MEMBER', sessionId: `session of ${id}`, ...(scopes ? { scopes } : {}) } });
  let sharing: Generation;
  beforeAll(async () => {
    sharing = await loadGeneration({ supergraphSdl, dataSource: source, execution: { mergeFetches: true, writeText: false, shareQueries: true }, logger });
    await answerOf(sharing.execute as never, query, {});
  });
  /** Calls of subgraphs while these run. */
  const callsOf = async (...runs: [string, object, object?][]) => {
    const before = calls;
    const answers = await Promise.all(runs.map(([text, context, variables = {}]) => answerOf(sharing.execute as never, text, variables as Record<string, unknown>, context)));
    return { calls: calls - before, answers };
  };

  test('are run once, and each has an answer of its own', async () => {
    const { calls: asked, answers } = await callsOf([query, viewer('ada')], [query, viewer('ada')]);
    expect(asked).toBe(1);
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.data).not.toBe(answers[1]?.data);
  });

  test.each<[string, [string, object, object?]]>([
    ['another person', [query, viewer('bob')]],
    ['nobody', [query, { viewer: null }]],
    ['a token that may less', [query, viewer('ada', ['READ'])]],
    ['another address', [query, { ...viewer('ada'), client: { ip: '10.0.0.9', userAgent: null } }]],
    ['other variables', ['query Random($n: Int) { people(n: $n) { id } }', viewer('ada'), { n: 2 }]],
    ['a subscription, which looks for news', [query, { ...viewer('ada'), internal: true }]],
  ])('%s shares nothing with them', async (_who, other) => {
    await callsOf(other);
    expect((await callsOf([query, viewer('ada')], other)).calls).toBe(2);
  });

  test('RULES §3: who has heard of a write is not answered from before it', async () => {
    let go = () => undefined as void;
    held = () => new Promise((resolve) => (go = resolve));
    const before = answerOf(sharing.execute as never, query, {}, viewer('ada'));
    const goBefore = go;
    held = async () => undefined;
    await callsOf(['mutation Random { rename(id: "7") { id } }', viewer('bob')]);
    expect((await callsOf([query, viewer('ada')])).calls).toBe(1);
    goBefore();
    await before;
  });

  test('mutations are never shared', async () => {
    const mutation = 'mutation Random { rename(id: "7") { id } }';
    expect((await callsOf([mutation, viewer('ada')], [mutation, viewer('ada')])).calls).toBe(2);
  });
});

test('who joins a document that is being planned is not refused for what another sent before', async () => {
  const [{ execute: run }] = ours as [Generation];
  const charged: string[] = [];
  const asking = (name: string, refused: boolean) => ({
    viewer: null,
    async chargePlanning() {
      charged.push(name);
      await Promise.resolve();
      if (refused) throw new GraphQLError('too many new documents', { extensions: { code: 'RATE_LIMITED' } });
      return async () => undefined;
    },
  });
  const document = 'query Random { joined: people(n: 3) { id } }';
  const [first, second] = await Promise.allSettled([answerOf(run as never, document, {}, asking('refused', true)), answerOf(run as never, document, {}, asking('other', false))]);
  expect(charged).toEqual(['refused', 'other']);
  expect(first.status).toBe('rejected');
  expect(second).toMatchObject({ status: 'fulfilled', value: { data: { joined: expect.any(Array) } } });
});

describe('fetches to one subgraph that begin together', () => {
  const document = `query Random { ${[0, 1, 2, 3, 4, 5].map((n) => `p${n}: people(n: ${n}) { nick }`).join(' ')} }`;

  test('go in one request', async () => {
    failing = 0;
    const [merging, plain] = ours as [Generation, Generation];
    for (const { execute: run } of ours) await answerOf(run as never, document, {});
    const count = async ({ execute: run }: Generation) => {
      const before = calls;
      await answerOf(run as never, document, {});
      return calls - before;
    };
    expect(await count(merging)).toBeLessThan(await count(plain));
    failing = 1;
  });

  test('are asked again one by one where one of them takes the others with it', async () => {
    failing = 0;
    const wanted = await answerOf(stock.executor as never, document, {});
    let refused = 0;
    refuse = (query) => {
      const merged = /\be1:_entities/.test(query);
      if (merged) refused += 1;
      return merged;
    };
    const got = await answerOf((ours[0] as Generation).execute as never, document, {});
    refuse = () => false;
    failing = 1;
    expect(refused).toBe(1);
    expect(got).toEqual(wanted);
  });
});
