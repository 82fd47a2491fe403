import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { nullPaths } from '../src/null-paths.js';

const schema = buildSchema(`
  interface Named { name: String }
  type User implements Named { id: ID! name: String score: Int handle: String! }
  type Team implements Named { id: ID! name: String size: Int }
  type Query { me: User team: Team }
  type Mutation { rename: User }
`);
const entities = (selections: string) => `query ($representations: [_Any!]!, $no: Boolean!) { _entities(representations: $representations) { ${selections} } }`;
const paths = (query: string, representations?: object[]) => nullPaths(schema, query, { no: false }, representations).map((path) => path.join('.'));

test('a root fetch leaves null at each of its fields, under the name the client gave', () => {
  expect(paths('{ __typename a: me { id } team { id } }')).toEqual(['a', 'team']);
  expect(paths('mutation { done: rename { id } }')).toEqual(['done']);
});

test('an entity survives with null at each nullable field', () => {
  const query = entities('... on User { __typename points: score name } ... on Team { size }');
  expect(paths(query, [{ __typename: 'User' }, { __typename: 'Team' }])).toEqual(['_entities.0.points', '_entities.0.name', '_entities.1.size']);
});

test('a selected field that cannot be null takes the entity with it', () => {
  expect(paths(entities('... on User { handle score }'), [{ __typename: 'User' }, { __typename: 'User' }])).toEqual(['_entities.0', '_entities.1']);
});

test('fragments on interfaces count, excluded fields do not', () => {
  const query = `${entities('... on User { ...Both score @include(if: $no) }')} fragment Both on Named { name }`;
  expect(paths(query, [{ __typename: 'User' }])).toEqual(['_entities.0.name']);
});

test('fields that clients cannot see put the error at the entity', () => {
  expect(paths(entities('... on User { hidden }'), [{ __typename: 'User' }])).toEqual(['_entities.0']);
});
