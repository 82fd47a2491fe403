// Lists, filters and filtered subscriptions of tasks as a client sees them: through the gateway, joined across subgraphs.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { register, subscribe, type Person, type Subscription } from './client.js';
import { makeDataDir, removeDataDir, startSystem, type System } from './system.js';


let dataDir: string;
let system: System;
let ada: Person;
let projectId: string;
let live: Subscription | undefined;

beforeAll(async () => {
  dataDir = await makeDataDir();
  system = await startSystem(dataDir);
  ada = await register(system.url, 'ada', 'Ada');
  projectId = (await ada.ok('mutation { createProject(input: { key: "WEB", name: "Website" }) { project { id } } }')).createProject.project.id;
});
afterAll(async () => {
  await live?.close();
  await system?.stop();
  await removeDataDir(dataDir);
});

const make = async (input: object) => (await ada.ok('mutation ($input: CreateTaskInput!) { createTask(input: $input) { cursor task { id } } }', { input: { projectId, ...input } })).createTask;
const titles = (page: { nodes: { title: string }[] }) => page.nodes.map((node) => node.title);

test('one document filters, sorts and pages tasks of everything, of a project and of a person', async () => {
  for (const [title, priority, dueAt, assigned] of [['c', 2, '2099-01-01T00:00:00Z', true], ['a', 1, null, false], ['b', 2, '2098-01-01T00:00:00Z', true], ['d', 9, '2097-01-01T00:00:00Z', true]] as const) {
    await make({ title, priority, dueAt, assigneeIds: assigned ? [ada.id] : [] });
  }
  const document = `query ($p: ID!, $filter: TaskFilter, $sort: [TaskSort!]) {
    tasks(filter: $filter, sort: $sort, first: 2) { totalCount nodes { title project { name } } pageInfo { hasNextPage } }
    project(id: $p) { tasks(filter: $filter, sort: $sort, last: 2) { nodes { title assignees { handle } } pageInfo { hasPreviousPage } } }
    me { tasks(filter: $filter, sort: $sort) { nodes { title } } }
  }`;
  const variables = { p: projectId, filter: { priority: { lt: 5 } }, sort: [{ field: 'PRIORITY' }, { field: 'DUE_AT', direction: 'DESC' }] };
  await eventually(async () => {
    const { tasks, project, me } = await ada.ok(document, variables);
    expect(tasks).toEqual({ totalCount: 3, nodes: ['a', 'c'].map((title) => ({ title, project: { name: 'Website' } })), pageInfo: { hasNextPage: true } });
    expect(project.tasks).toEqual({ nodes: ['c', 'b'].map((title) => ({ title, assignees: [{ handle: 'ada' }] })), pageInfo: { hasPreviousPage: true } });
    expect(titles(me.tasks)).toEqual(['c', 'b']);
  });
});

test('a filter or page that is none is BAD_USER_INPUT with its path, beside what else was asked', async () => {
  const { data, errors } = await ada.query('{ me { handle } tasks(filter: { and: [{ title: { contains: "a\\u0000" } }] }) { totalCount } again: tasks(first: 1, last: 1) { totalCount } }');
  expect(data).toEqual({ me: { handle: 'ada' }, tasks: null, again: null });
  expect(errors).toMatchObject([
    { path: ['tasks'], extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'filter.and.0.title.contains' }] } },
    { path: ['again'], extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'last' }] } },
  ]);
  const duration = await ada.query('query ($within: Duration) { tasks(filter: { dueAt: { within: $within } }) { totalCount } }', { within: 'next week' });
  expect(duration.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
});

test('a subscription with a filter replays and goes on live, with ENTERED and LEFT (RULES §4)', async () => {
  const { taskChanges } = await ada.ok('query ($p: ID!) { taskChanges(scope: { projectId: $p }, first: 1) { head } }', { p: projectId });
  const { task } = await make({ title: 'draft', priority: 8 });
  const patch = (input: object) => ada.ok('mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { cursor } }', { input: { id: task.id, ...input } });
  await patch({ priority: 1 });
  live = await subscribe(
    system.url,
    ada.accessToken,
    'subscription ($p: ID!, $after: String, $most: Int) { taskChanges(scope: { projectId: $p }, filter: { priority: { lte: $most } }, after: $after) { kind task { title priority } } }',
    { p: projectId, after: taskChanges.head, most: 3 },
  );
  const kinds = () => live?.received.map((answer) => answer.data?.taskChanges.kind);
  await eventually(() => expect(kinds()).toEqual(['ENTERED']));
  await patch({ title: 'live' });
  await patch({ priority: 4 });
  await patch({ title: 'unseen' });
  await make({ title: 'at once', priority: 3 });
  await eventually(() => expect(kinds()).toEqual(['ENTERED', 'UPDATED', 'LEFT', 'ENTERED']));
});
