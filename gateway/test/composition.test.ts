import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, isNonNullType, isObjectType, Kind, type ASTNode, type ConstDirectiveNode, type GraphQLField, type GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeSupergraph, supergraphFile } from '../src/composition.js';
import { startGateway, type RunningGateway } from '../src/server.js';
import { ask, baseConfig, logger } from './support/graph.js';
import { newKey, privateText } from './support/keys.js';
import { nullsIn } from './support/nulls.js';

const sdl = readFileSync(supergraphFile, 'utf8');
const schema = buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
const objects = Object.values(schema.getTypeMap()).filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'));

test('the committed supergraph is what the subgraph schemas compose to (else: npm run compose)', () => {
  expect(sdl === composeSupergraph()).toBe(true);
});

test('no root field of Query or Mutation is non-null, so one dead owner does not null its neighbours', () => {
  const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((root) => Object.values(root?.getFields() ?? {}));
  expect(roots.filter(({ type }) => isNonNullType(type)).map(({ name }) => name)).toEqual([]);
});

/** Subgraphs named by @join__type or @join__field. */
function graphsOf(node: ASTNode | null | undefined): string[] {
  const directives = (node as { directives?: readonly ConstDirectiveNode[] } | null | undefined)?.directives ?? [];
  return directives
    .filter(({ name }) => name.value === 'join__type' || name.value === 'join__field')
    .flatMap((directive) => (directive.arguments ?? []).flatMap(({ name, value }) => (name.value === 'graph' && value.kind === Kind.ENUM ? [value.value] : [])));
}
const strictFields = (type: GraphQLObjectType) => Object.values(type.getFields()).filter((field) => isNonNullType(field.type) && graphsOf(field.astNode).length > 0);
/** The subgraph that can be asked for the type's required fields; undefined where there is but one subgraph or nothing required. */
const ownerOf = (type: GraphQLObjectType) => (graphsOf(type.astNode).length > 1 ? strictFields(type).flatMap((field) => graphsOf(field.astNode))[0] : undefined);

test('no non-null field crosses a subgraph: a dead owner nulls its own fields and nothing else', () => {
  const crosses = (parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>): boolean => {
    if (!isNonNullType(field.type)) return false;
    const graphs = graphsOf(field.astNode).length > 0 ? graphsOf(field.astNode) : graphsOf(parent.astNode);
    const target = getNamedType(field.type);
    const owners = [ownerOf(parent), isObjectType(target) ? ownerOf(target) : undefined].filter((owner) => owner !== undefined);
    return graphs.length === 1 && owners.some((owner) => owner !== graphs[0]);
  };
  // A field of Subscription is never planned: the gateway runs it as a query, and sends no event where that answers null.
  const found = objects.filter(({ name }) => name !== 'Subscription').flatMap((type) => Object.values(type.getFields()).filter((field) => crosses(type, field)).map(({ name }) => `${type.name}.${name}`));
  expect(found).toEqual([]);
});

let gateway: RunningGateway;
beforeAll(async () => (gateway = await startGateway({ ...baseConfig, identityPrivateKey: privateText(newKey()) }, logger)));
afterAll(() => gateway.stop());

test('the committed supergraph loads and is served while every subgraph is away, with an error at each null', async () => {
  const { status, data, errors } = await ask(
    gateway,
    '{ me { name stats { total } tasks { nodes { title } } } notifications { unreadCount } projects { nodes { id } } everybody: users { nodes { handle } } }',
  );
  expect(status).toBe(200);
  expect(data).toEqual({ me: null, notifications: null, projects: null, everybody: null });
  expect(errors?.map(({ path }) => path)).toEqual(expect.arrayContaining(nullsIn(data)));
});
