import { parse, print } from 'graphql';
import { describe, expect, test } from 'vitest';
import { toLiveQuery } from '../src/subscriptions/live-query.js';

const page = (document: string, name?: string) => toLiveQuery(parse(document), name).page;
const tidy = (document: string) => print(parse(document));
const marks = '_tgKind: kind _tgCursor: cursor _tgTaskId: taskId';
const paging = 'pageInfo { endCursor hasNextPage }';

describe('a subscription becomes the query of the same name', () => {
  test('whose place is a variable and whose nodes carry the client\'s selection and their kind', () => {
    const query = toLiveQuery(parse('subscription { changes: taskChanges(scope: { mine: true }, after: "abc") { cursor task { title } } }'));
    expect(query).toMatchObject({ field: 'taskChanges', responseName: 'changes' });
    expect(query.page).toBe(
      tidy(`query ($_tgAfter: String, $_tgFirst: Int) {
        taskChanges(scope: { mine: true }, after: $_tgAfter, first: $_tgFirst) { nodes { cursor task { title } ${marks} } ${paging} }
      }`),
    );
    expect(query.head).toBe(tidy('{ taskChanges(scope: { mine: true }, first: 1) { head } }'));
  });

  test('with the variables it still uses, and without those only its own place used', () => {
    const query = toLiveQuery(
      parse('subscription S($scope: TaskScope!, $after: String, $first: Int = 5) { taskChanges(scope: $scope, after: $after) { task { subtasks(first: $first) { id } } } }'),
    );
    expect(query.page).toBe(
      tidy(`query ($scope: TaskScope!, $first: Int = 5, $_tgAfter: String, $_tgFirst: Int) {
        taskChanges(scope: $scope, after: $_tgAfter, first: $_tgFirst) { nodes { task { subtasks(first: $first) { id } } ${marks} } ${paging} }
      }`),
    );
    expect(query.head).toBe(tidy('query ($scope: TaskScope!) { taskChanges(scope: $scope, first: 1) { head } }'));
  });

  test('with the filter, and the variables inside it', () => {
    const query = toLiveQuery(parse('subscription S($id: ID!, $week: Duration) { taskChanges(scope: { projectId: $id }, filter: { dueAt: { within: $week }, not: { blocked: true } }) { kind } }'));
    const given = 'scope: { projectId: $id }, filter: { dueAt: { within: $week }, not: { blocked: true } }';
    expect(query.page).toBe(
      tidy(`query ($id: ID!, $week: Duration, $_tgAfter: String, $_tgFirst: Int) { taskChanges(${given}, after: $_tgAfter, first: $_tgFirst) { nodes { kind ${marks} } ${paging} } }`),
    );
    expect(query.head).toBe(tidy(`query ($id: ID!, $week: Duration) { taskChanges(${given}, first: 1) { head } }`));
  });

  test('with the fragments it uses and no others', () => {
    const document = `
      subscription S($names: Boolean!) { ... on Subscription { ...Root } }
      fragment Root on Subscription { taskChanges(scope: { mine: true }) { ...Change } }
      fragment Change on TaskChange { task { ...Named } }
      fragment Named on Task { title project { name @include(if: $names) } }
      query Other { me { id } }
    `;
    expect(page(document, 'S').split('\n\n').map((part) => part.split(' ').slice(0, 2).join(' '))).toEqual(['query ($names:', 'fragment Change', 'fragment Named']);
  });

  test('of the operation that is named', () => {
    const document = 'subscription A { taskChanges(scope: { mine: true }) { kind } } subscription B { taskChanges(scope: { taskId: "t" }) { cursor } }';
    expect(page(document, 'B')).toContain('taskId: "t"');
  });

  test('with the sub-selections of equal fields as one', () => {
    const query = page('subscription { taskChanges(scope: { mine: true }) { kind } taskChanges(scope: { mine: true }) { cursor } }');
    expect(query).toContain(tidy(`{ nodes { kind cursor ${marks} } }`).split('\n')[2]?.trim());
    expect(query.match(/taskChanges/g)).toHaveLength(1);
  });
});

test('notificationReceived becomes a page of notificationFeed', () => {
  const query = toLiveQuery(parse('subscription ($after: String) { notificationReceived(after: $after) { id kind } }'));
  expect(query).toMatchObject({ kind: 'log', field: 'notificationReceived', used: [] });
  expect(query.page).toBe(tidy(`query ($_tgAfter: String, $_tgFirst: Int) { notificationFeed(after: $_tgAfter, first: $_tgFirst) { nodes { id kind _tgCursor: cursor } ${paging} } }`));
  expect(query.head).toBe(tidy('{ notificationFeed(first: 1) { head } }'));
});

test('taskImportProgress becomes taskImport with what is watched of it', () => {
  const query = toLiveQuery(parse('subscription ($id: ID!) { taskImportProgress(id: $id) { failedRows } }'));
  expect(query).toMatchObject({ kind: 'state', field: 'taskImportProgress', used: ['id'] });
  const watched = ['status', 'totalRows', 'processedRows', 'createdRows', 'failedRows'].map((field) => `_tgWatched_${field}: ${field}`);
  expect(query.page).toBe(tidy(`query ($id: ID!) { taskImport(id: $id) { failedRows ${watched.join(' ')} } }`));
});

test.each(['subscription { taskChanges(scope: { mine: true }) @skip(if: true) { kind } }', 'subscription { ... @include(if: false) { taskChanges(scope: { mine: true }) { kind } } }'])(
  'a root field under a condition is refused',
  (document) => {
    expect(() => toLiveQuery(parse(document))).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  },
);

describe('fragments that spread others twice', () => {
  const levels = 30;
  const nest = (type: string, last: string) => Array.from({ length: levels }, (_, level) => `fragment A${level} on ${type} { ${level === levels - 1 ? last : `...A${level + 1} ...A${level + 1}`} }`).join('\n');
  const root = 'taskChanges(scope: { mine: true })';

  test('are walked once, around the field of Subscription', () => {
    const query = toLiveQuery(parse(`subscription { ...A0 } ${nest('Subscription', `${root} { kind }`)}`));
    expect(query.page).toContain(tidy(`{ nodes { kind ${marks} } }`).split('\n')[2]?.trim());
    expect(query.page).not.toContain('fragment');
  });

  test('are walked once, below it and below the changes of a task', () => {
    const query = toLiveQuery(parse(`subscription { ${root} { ...A0 } } ${nest('TaskChange', 'what: kind changes { ...B } task { title }')} fragment B on FieldChange { name: field ...B2 ...B2 } fragment B2 on FieldChange { was: before }`));
    expect(query).toMatchObject({ names: { kind: ['what'], changes: [{ name: 'changes', field: 'name', before: 'was' }] }, showsTask: true });
  });

  test('count anew on each level, and a condition on any of them is refused', () => {
    const query = toLiveQuery(parse(`subscription { ${root} { changes { ...C } more: changes { ...C } } } fragment C on FieldChange { f: field }`));
    expect(query.names.changes.map(({ field }) => field)).toEqual(['f', 'f']);
    const twice = `subscription { ...A0 ...A0 @skip(if: true) } ${nest('Subscription', `${root} { kind }`)}`;
    expect(() => toLiveQuery(parse(twice))).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });
});
