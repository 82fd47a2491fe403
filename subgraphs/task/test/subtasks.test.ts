import type { Viewer } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTask, startTask, updateTask, type Harness } from './harness.js';

let task: Harness;
/** Statements over the tree. */
const statements: string[] = [];
const collect = ({ sql }: { sql?: string }) => sql && /parent_id = |t\.id = any/.test(sql) && statements.push(sql);
const log = pino({ level: 'trace' }, { write: (line: string) => void collect(JSON.parse(line) as { sql?: string }) });
beforeAll(async () => void (task = await startTask(log)));
afterAll(() => task.stop());

const show = `query ($id: ID!, $first: Int, $after: String) {
  task(id: $id) { parent { id } subtaskProgress subtasks(first: $first, after: $after) { totalCount nodes { id title } pageInfo { hasNextPage endCursor } } }
}`;
const make = async (viewer: Viewer, input: object): Promise<string> => (await task.ok(createTask, { input: { title: 't', ...input } }, viewer)).createTask.task.id;
const hang = (viewer: Viewer, id: string, parentId: string | null) => task.ok(updateTask, { input: { id, parentId } }, viewer);
const refusedHang = (viewer: Viewer, id: string, parentId: string) => task.refused(updateTask, { input: { id, parentId } }, viewer);
const badParent = { code: 'BAD_USER_INPUT', fields: [{ path: 'input.parentId' }] };

test('subtasks are listed page by page in manual order, know their parent, and progress is the completed share', async () => {
  const ada = someViewer();
  const parent = await make(ada, {});
  const empty = (await task.ok(show, { id: parent }, ada)).task;
  expect(empty).toMatchObject({ parent: null, subtaskProgress: null, subtasks: { totalCount: 0, nodes: [] } });
  const children: string[] = [];
  for (const title of ['a', 'b', 'c', 'd']) children.push(await make(ada, { title, parentId: parent }));
  await task.ok(updateTask, { input: { id: children[0], status: 'COMPLETED' } }, ada);

  const first = (await task.ok(show, { id: parent, first: 3 }, ada)).task;
  expect(first.subtaskProgress).toBe(0.25);
  expect(first.subtasks).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } });
  const rest = (await task.ok(show, { id: parent, first: 3, after: first.subtasks.pageInfo.endCursor }, ada)).task.subtasks;
  expect([...first.subtasks.nodes, ...rest.nodes].map((node: { title: string }) => node.title)).toEqual(['a', 'b', 'c', 'd']);
  expect(rest.pageInfo.hasNextPage).toBe(false);
  expect((await task.ok(show, { id: children[1] }, ada)).task.parent).toEqual({ id: parent });
  expect(await task.refused(show, { id: parent, after: 'x' }, ada)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'after' }] });
});

test('a patch hangs a task under another and takes it out again', async () => {
  const ada = someViewer();
  const [parent, child] = [await make(ada, {}), await make(ada, {})];
  await hang(ada, child, parent);
  expect((await task.ok(show, { id: child }, ada)).task.parent).toEqual({ id: parent });
  await hang(ada, child, null);
  expect((await task.ok(show, { id: child }, ada)).task.parent).toBeNull();
  expect((await task.ok(show, { id: parent }, ada)).task.subtasks.totalCount).toBe(0);
});

test('parent and child share a scope; a foreign parent and a missing one get the same answer (RULES §6)', async () => {
  const [ada, bob] = [someViewer(), someViewer()];
  const projectId = task.addProject(ada, 'SUB');
  const inProject = await make(ada, { projectId });
  const personal = await make(ada, {});
  expect(await refusedHang(ada, personal, inProject)).toMatchObject(badParent);
  expect(await task.refused(createTask, { input: { title: 'x', projectId, parentId: personal } }, ada)).toMatchObject(badParent);
  const foreign = await refusedHang(ada, personal, await make(bob, {}));
  expect(foreign).toMatchObject(badParent);
  expect(await refusedHang(ada, personal, newId())).toEqual(foreign);
  expect(await refusedHang(ada, personal, 'no id')).toEqual(foreign);
});

test('no cycle, and at most ten levels, whether the tree grows below or above', async () => {
  const ada = someViewer();
  const chain = [await make(ada, {})];
  while (chain.length < 10) chain.push(await make(ada, { parentId: chain.at(-1) }));
  expect(await task.refused(createTask, { input: { title: 'x', parentId: chain[9] } }, ada)).toMatchObject(badParent);
  expect(await refusedHang(ada, chain[0] as string, await make(ada, {}))).toMatchObject(badParent);
  for (const below of [chain[0], chain[1], chain[9]]) expect(await refusedHang(ada, chain[0] as string, below as string)).toMatchObject(badParent);
  // Nothing was half done.
  expect((await task.ok(show, { id: chain[0] }, ada)).task.parent).toBeNull();
});

test('two branches that hang under each other at the same time make no cycle', async () => {
  const ada = someViewer();
  for (let round = 0; round < 10; round += 1) {
    const [a, c] = [await make(ada, {}), await make(ada, {})];
    const [b, d] = [await make(ada, { parentId: c }), await make(ada, { parentId: a })];
    // No task is in both writes: only what they look at is.
    const answers = await Promise.all([[a, b], [c, d]].map(([id, parentId]) => task.query(updateTask, { input: { id, parentId } }, ada)));
    expect(answers.filter((answer) => answer.errors === undefined)).toHaveLength(1);
  }
});

test('a task in the trash becomes nobody\'s parent', async () => {
  const ada = someViewer();
  const [parent, child] = [await make(ada, {}), await make(ada, {})];
  await task.ok('mutation ($id: ID!) { deleteTask(input: { id: $id }) { task { id } } }', { id: parent }, ada);
  expect(await refusedHang(ada, child, parent)).toMatchObject(badParent);
});

test('subtasks, progress and parent of many tasks are one statement each, whatever the page size', async () => {
  const ada = someViewer();
  const projectId = task.addProject(ada, 'LVL');
  for (let index = 0; index < 6; index += 1) {
    const parentId = await make(ada, { projectId });
    await make(ada, { projectId, parentId });
    await make(ada, { projectId, parentId });
  }
  const document = 'query ($first: Int) { tasks(first: $first) { nodes { subtaskProgress parent { id } subtasks(first: 2) { totalCount nodes { id } } } } }';
  for (const first of [2, 18]) {
    statements.length = 0;
    await task.ok(document, { first }, ada);
    // Subtasks, their counts, and the parents.
    expect(statements).toHaveLength(3);
  }
});
