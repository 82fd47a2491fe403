// Imports and exports as a client meets them: files in and out through the gateway, tasks and silence in between, and
// TASKS_CSV, on both backends.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { backends, type Backend } from './backends.js';
import { register, type Person } from './client.js';
import { makeDataDir, removeDataDir, startSystem, type System } from './system.js';

const patience = { timeoutMs: 60_000 };

describe.each(backends)('on $name', ({ start, available }) => {
  let backend: Backend;
  let dataDir: string;
  let files: string;
  let system: System;
  let ada: Person;
  let bob: Person;
  let projectId: string;

  beforeAll(async () => {
    if (!available) return;
    [dataDir, files] = [await makeDataDir(), await mkdtemp(join(tmpdir(), 'taskgraph-e2e-files-'))];
    await writeFile(join(files, 'first.csv'), 'title;priority\nfrom the start;3\n');
    backend = await start();
    system = await startSystem(dataDir, { ...backend.env, TASKS_CSV: join(files, 'first.csv'), TASKS_CSV_OWNER: 'bob' });
    [ada, bob] = [await register(system.url, 'ada', 'Ada'), await register(system.url, 'bob', 'Bob')];
    projectId = (await ada.ok('mutation { createProject(input: { key: "IMP", name: "Imported" }) { project { id } } }')).createProject.project.id;
    await ada.ok('mutation ($p: ID!, $u: ID!) { addProjectMember(input: { projectId: $p, userId: $u, role: MAINTAINER }) { project { id } } }', { p: projectId, u: bob.id });
  });
  afterAll(async () => {
    if (!available) return;
    await system?.stop();
    await backend?.stop();
    await removeDataDir(dataDir);
    await rm(files, { recursive: true, force: true });
  });
  const step = test.skipIf(!available);

  /** Addresses name PUBLIC_URL, which is where this system listens. */
  const at = (url: string) => url.replace(/^https?:\/\/[^/]+/, system.url);

  const titles = 'query ($f: TaskFilter) { tasks(filter: $f, sort: { field: RANK }) { nodes { title ref assignees { handle } labels { name } parent { ref } } } }';

  step('a file becomes tasks of the project, bad rows are told, and nobody is notified', async () => {
    const { startTaskImport } = await ada.ok('mutation ($input: StartTaskImportInput!) { startTaskImport(input: $input) { taskImport { id status uploadUrl } } }', { input: { projectId, format: 'CSV' } });
    const { id, uploadUrl } = startTaskImport.taskImport;
    const csv = 'title,assignees,labels,parent,due\nfirst,bob,"red, blue",,2031-01-01\nsecond,bob@example.org,,first,\nthird,nobody-known,,,\n';
    const uploaded = await fetch(at(uploadUrl), { method: 'PUT', body: csv, headers: { 'content-type': 'text/csv' } });
    expect(uploaded.status).toBe(202);
    expect((await fetch(at(uploadUrl), { method: 'PUT', body: csv })).status).toBe(409);
    const show = 'query ($id: ID!) { taskImport(id: $id) { status totalRows createdRows failedRows failure errorFileUrl } }';
    const { taskImport } = await eventually(async () => {
      const data = await ada.ok(show, { id });
      expect(data.taskImport).toMatchObject({ status: 'COMPLETED' });
      return data;
    }, patience);
    expect(taskImport).toMatchObject({ totalRows: 3, createdRows: 2, failedRows: 1, failure: null });
    expect((await bob.ok(show, { id })).taskImport).toBeNull();
    const errors = await (await fetch(at(taskImport.errorFileUrl))).text();
    expect(errors).toBe('line,column,reason\n4,assignees,must name people who can see the task: nobody-known\n');
    await eventually(async () =>
      expect((await bob.ok(titles, { f: { projectId: { eq: projectId } } })).tasks.nodes).toEqual([
        { title: 'first', ref: 'IMP-1', assignees: [{ handle: 'bob' }], labels: [{ name: 'blue' }, { name: 'red' }], parent: null },
        { title: 'second', ref: 'IMP-2', assignees: [{ handle: 'bob' }], labels: [], parent: { ref: 'IMP-1' } },
      ]), patience);
    // What comes after the import in the same log has been told; of the import nobody was.
    await ada.ok('mutation ($p: ID!, $b: ID!) { createTask(input: { projectId: $p, title: "by hand", assigneeIds: [$b] }) { task { id } } }', { p: projectId, b: bob.id });
    const told = async () => (await bob.ok('{ notifications { nodes { kind task { title } } } }')).notifications.nodes.filter((node: { kind: string }) => node.kind.startsWith('TASK'));
    await eventually(async () => expect(await told()).toEqual([{ kind: 'TASK_ASSIGNED', task: { title: 'by hand' } }]), patience);
  });

  step('the progress of an import is told live to its owner alone, and completes with its end', async () => {
    const { startTaskImport } = await ada.ok('mutation { startTaskImport(input: { personal: true, format: CSV, dryRun: true }) { taskImport { id uploadUrl } } }');
    const { id, uploadUrl } = startTaskImport.taskImport;
    const query = 'subscription ($id: ID!) { taskImportProgress(id: $id) { id status totalRows processedRows } }';
    const watch = (person: Person) => {
      const client = createClient({ url: `${system.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${person.accessToken}` } });
      const told: any[] = [];
      const done = new Promise<unknown>((resolve) =>
        client.subscribe({ query, variables: { id } }, { next: (result) => void told.push(result.data?.['taskImportProgress']), error: resolve, complete: () => resolve('complete') }),
      ).finally(() => client.dispose());
      return { told, done };
    };
    expect(await watch(bob).done).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    const { told, done } = watch(ada);
    await eventually(() => expect(told).toEqual([{ id, status: 'AWAITING_UPLOAD', totalRows: null, processedRows: 0 }]), patience);
    expect((await fetch(at(uploadUrl), { method: 'PUT', body: `title\n${'a row\n'.repeat(3_000)}` })).status).toBe(202);
    expect(await done).toBe('complete');
    expect(told.at(-1)).toEqual({ id, status: 'COMPLETED', totalRows: 3_000, processedRows: 3_000 });
    const rows = told.map(({ processedRows }) => processedRows);
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
  });

  step('an export is what the viewer sees, and imports again elsewhere', async () => {
    const { exportTasks } = await bob.ok('mutation ($input: ExportTasksInput!) { exportTasks(input: $input) { url expiresAt } }', { input: { format: 'JSON', filter: { projectId: { eq: projectId } } } });
    const answer = await fetch(at(exportTasks.url));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toContain('tasks.json');
    const exported = (await answer.json()) as object[];
    expect(exported).toMatchObject([
      { ref: 'IMP-1', title: 'first', assignees: ['bob'], labels: ['blue', 'red'], dueAt: '2031-01-01T23:59:59.000Z' },
      { ref: 'IMP-2', title: 'second', parent: 'IMP-1' },
      { ref: 'IMP-3', title: 'by hand' },
    ]);
    const damaged = `${exportTasks.url.slice(0, -2)}AA`;
    expect((await fetch(at(damaged))).status).toBe(404);
  });

  step('TASKS_CSV is there as the personal tasks of its owner, and does not come twice', async () => {
    const personal = async () => (await bob.ok('{ tasks(filter: { personal: true }) { nodes { title priority } } }')).tasks.nodes;
    await eventually(async () => expect(await personal()).toEqual([{ title: 'from the start', priority: 3 }]), patience);
    await system.stop();
    system = await startSystem(dataDir, { ...backend.env, TASKS_CSV: join(files, 'first.csv'), TASKS_CSV_OWNER: 'bob' });
    const again = await fetch(`${system.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bob.accessToken}` },
      body: JSON.stringify({ query: '{ tasks(filter: { personal: true }) { nodes { title } } }' }),
    });
    expect(await again.json()).toMatchObject({ data: { tasks: { nodes: [{ title: 'from the start' }] } } });
  });
});
