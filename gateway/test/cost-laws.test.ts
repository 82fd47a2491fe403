// What holds for the price of any document, over the product's own graph.
import { readFileSync } from 'node:fs';
import { ApolloGateway } from '@apollo/gateway';
import fc from 'fast-check';
import { getNamedType, getOperationAST, isObjectType, isRequiredArgument, parse, type GraphQLObjectType } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { createCostModel, type CostModel } from '../src/limits/cost-model.js';
import { createCostTree } from '../src/limits/cost-tree.js';
import { dearestPaths, fittingPage, priceOf } from '../src/limits/price.js';

let model: CostModel;
beforeAll(async () => {
  const sdl = readFileSync(new URL('../supergraph.graphql', import.meta.url), 'utf8');
  const gateway = new ApolloGateway({ supergraphSdl: sdl });
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => (model = createCostModel(apiSchema, sdl)));
  await gateway.load();
  await gateway.stop();
});

/** Numbers that choose what is selected: the same ones are the same document. */
const choices = fc.array(fc.nat(), { minLength: 1, maxLength: 40 });
interface Field {
  name: string;
  /** Rows, where it is a page. */
  first: number | undefined;
  object: boolean;
  below: Field[];
}

function grow(numbers: number[]): Field[] {
  let at = 0;
  const next = (count: number) => (numbers[at++ % numbers.length] as number) % count;
  const of = (type: GraphQLObjectType, depth: number): Field[] => {
    const fields = Object.values(type.getFields()).filter(({ args }) => !args.some(isRequiredArgument));
    return Array.from({ length: 1 + next(3) }, () => fields[next(fields.length)]).flatMap((field): Field[] => {
      if (!field) return [];
      const named = getNamedType(field.type);
      const first = field.args.some(({ name }) => name === 'first') ? 1 + next(30) : undefined;
      if (!isObjectType(named)) return [{ name: field.name, first, object: false, below: [] }];
      return depth === 0 ? [] : [{ name: field.name, first, object: true, below: of(named, depth - 1) }];
    });
  };
  return of(model.schema.getQueryType() as GraphQLObjectType, 6);
}

/** A field once at each level: twice, with other arguments, they could not be merged. */
const print = (fields: Field[], size = (first: number) => String(first)): string =>
  `{ __typename ${[...new Map(fields.map((field) => [field.name, field])).values()].map(({ name, first, object, below }) => `${name}${first === undefined ? '' : `(first: ${size(first)})`}${object ? ` ${print(below, size)}` : ''}`).join(' ')} }`;

/** The one field that is printed of those of this name. */
const renamed = (fields: Field[], name: string) => `again_${name}: ${print(fields.filter((field) => field.name === name)).replace(/^\{ __typename /, '').replace(/ \}$/, '')}`;

const tree = (text: string) => {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return createCostTree(model, document, operation);
};
const price = (text: string, variables = {}) => priceOf(tree(text), variables);
const holds = (law: (fields: Field[]) => void) => fc.assert(fc.property(choices, (numbers) => law(grow(numbers))), { numRuns: 300 });

test('selecting more never costs less', () => {
  fc.assert(fc.property(choices, choices, (some, others) => {
    const fields = grow(some);
    expect(price(print([...grow(others), ...fields]))).toBeGreaterThanOrEqual(price(print(fields)));
  }), { numRuns: 300 });
});

test('doubling a page costs no less, and at most twice as much; doubling all of them costs no less', () => {
  holds((fields) => {
    const once = price(print(fields));
    const twice = price(print(fields, (first) => String(first * 2)));
    expect(twice).toBeGreaterThanOrEqual(once);
    for (const [index, field] of fields.entries()) {
      if (field.first === undefined) continue;
      const doubled = price(print(fields.with(index, { ...field, first: field.first * 2 })));
      expect(doubled).toBeGreaterThanOrEqual(once);
      expect(doubled).toBeLessThanOrEqual(once * 2);
    }
  });
});

test('asking the same twice under other names costs twice as much, and as a fragment exactly as much', () => {
  holds((fields) => {
    const text = print(fields);
    const once = price(text);
    expect(price(`query { ...all } fragment all on Query ${text}`)).toBe(once);
    expect(price(`{ ...all ...all ... on Query ${text} } fragment all on Query ${text}`)).toBe(once);
    expect(price(`{ ...all ${[...new Set(fields.map(({ name }) => name))].map((name) => renamed(fields, name)).join(' ')} } fragment all on Query ${text}`)).toBe(once * 2);
  });
});

test('a size in a variable costs what it costs in the document', () => {
  holds((fields) => {
    expect(price(`query ($n: Int = 7) ${print(fields, () => '$n')}`, { n: 13 })).toBe(price(print(fields, () => '13')));
    expect(price(`query ($n: Int = 7) ${print(fields, () => '$n')}`)).toBe(price(print(fields, () => '7')));
  });
});

test('the size of pages that is told passes, the next one does not', () => {
  fc.assert(fc.property(choices, fc.integer({ min: 1, max: 5_000 }), (numbers, limit) => {
    const open = tree(print(grow(numbers)));
    const size = fittingPage(open, {}, limit, 1_000);
    if (size === null) expect(priceOf(open, {}, 1)).toBeGreaterThan(limit);
    else expect(priceOf(open, {}, size)).toBeLessThanOrEqual(limit);
    if (size !== null && size < 1_000) expect(priceOf(open, {}, size + 1)).toBeGreaterThan(limit);
  }), { numRuns: 300 });
});

test('the dearest paths add up to the price', () => {
  holds((fields) => {
    const open = tree(print(fields));
    expect(dearestPaths(open, {}, Infinity).reduce((sum, { cost }) => sum + cost, 0)).toBe(priceOf(open, {}));
  });
});

test.each([
  ['the dashboard over all five subgraphs', '{ me { name stats { total daily(from: "2026-01-01", to: "2026-02-01") { date } } recommendedTasks { score task { title } } tasks(first: 20) { nodes { title } } } projects(first: 20) { nodes { name stats { total workload { user { name } } } members { nodes { user { name } } } tasks(first: 10) { nodes { title assignees { name } } } } } channels { nodes { name stats { total } } } notifications(first: 20) { nodes { id } } feed(first: 20) { nodes { id actor { name } task { title } } } }', 12_500],
  ['a list of 100 with all that is joined', '{ tasks(first: 100) { edges { cursor node { id title creator { name } assignees { name } watchers { name } project { key } channel { name } parent { id } labels { name } blockedBy { id } } } pageInfo { endCursor } totalCount } }', 5_000],
  ['the largest page with its usual joins', '{ tasks(first: 1000) { nodes { id title creator { name } assignees { name } project { key } labels { name } } } }', 25_000],
  ['pages in pages whose sizes are not said', '{ projects { nodes { tasks { nodes { title } } } } }', 12_500],
])('%s is well within the default limit', (_name, document, most) => {
  expect(price(document)).toBeLessThan(most);
});

test.each([
  '{ tasks(first: 1000) { nodes { subtasks(first: 1000) { nodes { id } } } } }',
  '{ projects { nodes { tasks { nodes { comments { nodes { id } } } } } } }',
  '{ users(first: 1000) { nodes { tasks(first: 100) { nodes { id } } } } }',
  '{ tasks(first: 1000) { nodes { blocks { blocks { blocks { id } } } } } }',
])('%s is not', (document) => {
  expect(price(document)).toBeGreaterThan(50_000);
});

test('words to look for cost extra, written in the document or given in a variable', () => {
  const literal = price('{ tasks(filter: { or: [{ text: "a" }, { title: { contains: "b" } }] }) { nodes { id } } }');
  expect(literal).toBe(1 + 20 + 10 + 100);
  expect(price('query ($f: TaskFilter) { tasks(filter: $f) { nodes { id } } }', { f: { or: [{ text: 'a' }, { title: { contains: 'b' } }] } })).toBe(literal);
});
