import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import type { Viewer } from '@taskgraph/shared/identity';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSignedLinks } from '../src/signed-links.js';
import { createTask, startTask, type Harness } from './harness.js';
import { begin, ended, exportTasks, internal } from './import-tools.js';

let task: Harness;
beforeAll(async () => void (task = await startTask()));
afterAll(() => task.stop());

const linkOf = async (viewer: Viewer, input: object): Promise<{ url: string; expiresAt: string }> => (await task.ok(exportTasks, { input: { format: 'CSV', ...input } }, viewer)).exportTasks;
const fetchLink = async ({ url }: { url: string }) => {
  const answer = await internal(task, 'exports', url);
  expect(answer.status).toBe(200);
  // `text()` would take the byte order mark off.
  return { text: Buffer.from(await answer.arrayBuffer()).toString(), headers: answer.headers };
};
const csv = async (viewer: Viewer, input: object = {}): Promise<Record<string, string>[]> =>
  parse((await fetchLink(await linkOf(viewer, input))).text, { columns: true, bom: true });
const json = async (viewer: Viewer, input: object = {}) => JSON.parse((await fetchLink(await linkOf(viewer, { format: 'JSON', ...input }))).text) as Record<string, unknown>[];

test('an export is an address at the gateway, good for 15 minutes', async () => {
  const link = await linkOf(someViewer(), {});
  expect(link.url).toMatch(/^https:\/\/tasks\.example\.org\/exports\/[\w-]{40,}$/);
  expect(Math.abs(Date.parse(link.expiresAt) - Date.now() - 15 * 60_000)).toBeLessThan(5_000);
  const { text, headers } = await fetchLink(link);
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(headers.get('content-disposition')).toBe('attachment; filename="tasks.csv"');
  expect(text).toBe('\ufeffid,ref,title,description,status,priority,start,due,completed,assignees,labels,parent,project,channel,created,updated\n');
  expect(await json(someViewer())).toEqual([]);
  expect(await task.refused(exportTasks, { input: { format: 'CSV' } }, null)).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('it holds what matches the filter and the viewer can see, oldest first, with names for people, labels and parents', async () => {
  const [ada, bob, eve] = [someViewer(), someViewer(), someViewer()];
  const handle = `bob${bob.id.slice(-6)}`;
  task.user.setHandle(handle, bob.id);
  const projectId = task.addProject(ada, 'EXP');
  task.addMember('project', projectId, bob, 'MEMBER');
  const foreign = task.addProject(eve, 'FOR');
  await task.ok(createTask, { input: { title: 'not theirs', projectId: foreign } }, eve);
  await task.ok(createTask, { input: { title: 'personal', priority: 1 } }, ada);
  const label = (await task.ok('mutation ($input: CreateLabelInput!) { createLabel(input: $input) { label { id } } }', { input: { projectId, name: 'a, b' } }, ada)).createLabel.label;
  const top = (await task.ok(createTask, { input: { title: 'top', projectId, assigneeIds: [ada.id, bob.id], labelIds: [label.id], dueAt: '2026-12-01T09:00:00Z' } }, ada)).createTask.task;
  await task.ok(createTask, { input: { title: 'below', projectId, parentId: top.id } }, ada);

  // Lists over all scopes follow the feed.
  await eventually(async () => expect(new Set((await csv(ada)).map((row) => row['title']))).toEqual(new Set(['below', 'personal', 'top'])));
  const rows = await csv(ada, { filter: { projectId: { eq: projectId } } });
  expect(rows).toMatchObject([
    { ref: 'EXP-1', title: 'top', status: 'PENDING', priority: '5', due: '2026-12-01T09:00:00.000Z', assignees: `${ada.id}, ${handle}`, labels: 'a, b\n', parent: '', project: projectId },
    { ref: 'EXP-2', title: 'below', parent: 'EXP-1' },
  ]);
  expect(await json(ada, { filter: { priority: { eq: 1 } } })).toMatchObject([{ title: 'personal', projectId: null, assignees: [] }]);
  await eventually(async () => expect((await json(bob)).map((row) => row['title'])).toEqual(['top', 'below']));
  expect(await task.refused(exportTasks, { input: { format: 'CSV', filter: { text: ' ' } } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.filter.text' }] });
});

test('cells that a spreadsheet would run begin with a quote sign, and an import takes it off again', async () => {
  const [ada, bob] = [someViewer(), someViewer()];
  const titles = ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', "'=quoted", 'plain', 'שלום 👋 "quotes", and commas'];
  for (const title of titles) await task.ok(createTask, { input: { title, description: `=${title}\nnext line` } }, ada);
  const file = (await fetchLink(await linkOf(ada, {}))).text;
  const cells = parse(file, { columns: true, bom: true }) as Record<string, string>[];
  expect(cells.map((row) => row['title'])).toEqual([...titles.slice(0, 5).map((title) => `'${title}`), ...titles.slice(5)]);
  const done = await ended(task, bob, await begin(task, bob, { personal: true }, file));
  expect(done).toMatchObject({ createdRows: titles.length, failedRows: 0 });
  expect((await json(bob)).map((row) => [row['title'], row['description']])).toEqual(titles.map((title) => [title, `=${title}\nnext line`]));
});

test('thousands of tasks come page by page, each once', async () => {
  const ada = someViewer();
  const count = 2_500;
  await ended(task, ada, await begin(task, ada, { personal: true }, `title\n${Array.from({ length: count }, (_, index) => `task ${index}`).join('\n')}\n`));
  const exported = await json(ada);
  expect(exported).toHaveLength(count);
  expect(new Set(exported.map((row) => row['id'])).size).toBe(count);
  expect(exported.map((row) => row['title'])).toEqual(Array.from({ length: count }, (_, index) => `task ${index}`));
});

test('what may be seen is decided when the address is used', async () => {
  const [ada, bob] = [someViewer(), someViewer()];
  const projectId = task.addProject(ada, 'NOW');
  task.addMember('project', projectId, bob, 'MEMBER');
  await task.ok(createTask, { input: { title: 'secret', projectId } }, ada);
  const link = await linkOf(bob, { format: 'JSON' });
  await eventually(async () => expect(JSON.parse((await fetchLink(link)).text)).toHaveLength(1));
  task.removeMember('project', projectId, bob);
  await eventually(async () => expect(JSON.parse((await fetchLink(link)).text)).toEqual([]));
  task.user.deactivate(bob.id);
  expect((await internal(task, 'exports', link.url)).status).toBe(404);
});

test('an address that has ended, is forged, or is one of an upload opens nothing', async () => {
  const ada = someViewer();
  const { url } = await linkOf(ada, {});
  expect((await internal(task, 'exports', `${url.slice(0, -2)}AA`)).status).toBe(404);
  expect((await internal(task, 'uploads', url, { method: 'PUT', body: 'x' })).status).toBe(404);
  expect((await internal(task, 'exports', '/exports/x')).status).toBe(404);
  const links = createSignedLinks(task.settings['SECRET_KEY'] as string);
  const old = (kind: 'upload' | 'export' | 'errors') => `/${links.sign({ kind, id: newId(), viewerId: ada.id, until: new Date(Date.now() - 1_000) })}`;
  expect((await internal(task, 'exports', old('export'))).status).toBe(410);
  expect((await internal(task, 'exports', old('errors'))).status).toBe(410);
  expect((await internal(task, 'uploads', old('upload'), { method: 'PUT', body: 'x' })).status).toBe(410);
  const admin = new pg.Client(task.database.admin);
  await admin.connect();
  await admin.query('delete from task.exports where viewer_id = $1', [ada.id]);
  await admin.end();
  expect((await internal(task, 'exports', url)).status).toBe(404);
});

test('sent again under its Idempotency-Key it is the same address', async () => {
  const ada = someViewer();
  const key = newId();
  const [first, second] = await Promise.all([0, 1].map(() => task.query(exportTasks, { input: { format: 'CSV' } }, ada, { 'idempotency-key': key })));
  expect(first?.data.exportTasks.url).toBe(second?.data.exportTasks.url);
  expect(first?.data.exportTasks).toEqual(second?.data.exportTasks);
});
