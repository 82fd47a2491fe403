// An owner of memberships comes back from a backup (RULES §4): what its restore took away is lost, and that is told.
import { scopeId } from '@taskgraph/shared/scope';
import { forgetPlaces, saveMember } from '@taskgraph/shared/access/copy';
import { openDatabase } from '@taskgraph/shared/database';
import type { Viewer } from '@taskgraph/shared/identity';
import { createLogger } from '@taskgraph/shared/logger';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { entities } from '../src/database.js';
import { onAccessLost } from '../src/events/on-access-lost.js';
import { tellRestoredLosses } from '../src/jobs/tell-restored-losses.js';
import { keepMembers } from '../src/repositories/restore-repository.js';
import { createTask, startTask, type Harness } from './harness.js';

let task: Harness;
let admin: pg.Client;
let worker: DataSource;
beforeAll(async () => {
  // The test itself is the worker, so that it decides when the restored log has been read.
  task = await startTask(undefined, { ROLES: 'api' });
  admin = new pg.Client(task.database.admin);
  await admin.connect();
  worker = await openDatabase({ url: task.database.worker, poolSize: 2, entities, applicationName: 'test worker', log: createLogger({ service: 'task worker', level: 'silent' }) });
});
afterAll(async () => {
  await worker.destroy();
  await admin.end();
  await task.stop();
});

const changes = 'query ($scope: TaskScope!, $after: String) { taskChanges(scope: $scope, after: $after) { head nodes { kind taskId } } }';
const read = async (viewer: Viewer, projectId: string, after: string | null) => (await task.ok(changes, { scope: { projectId }, after }, viewer)).taskChanges;
const tell = () => tellRestoredLosses(worker, 'access', onAccessLost);
const losses = async (projectId: string): Promise<string[]> =>
  (await admin.query(`select payload from task.events where type = 'scope.access-lost' and scope_id = $1 order by xid`, [scopeId('project', projectId)])).rows.flatMap((row) => row.payload.userIds);

test('whom the restored log does not know, or knows as removed, has lost the scope, once; who is still there, or there again, has not', async () => {
  const [owner, stays, unknown, removed, again] = [someViewer(), someViewer(), someViewer(), someViewer(), someViewer()];
  const projectId = task.addProject(owner, 'RES');
  const scope = scopeId('project', projectId);
  for (const viewer of [stays, unknown, removed, again]) task.addMember('project', projectId, viewer, 'MEMBER');
  const { cursor } = (await task.ok(createTask, { input: { title: 'seen', projectId } }, owner)).createTask;
  for (const viewer of [stays, unknown, removed, again]) await read(viewer, projectId, cursor);
  expect((await admin.query('select count(*)::int as members from task.scope_members where scope_id = $1 and role is not null', [scope])).rows).toEqual([{ members: 5 }]);

  // A new epoch: the copy is emptied, and its feed has not been read to its end.
  await admin.query(`insert into task.positions (consumer, source, place) values ('access', 'project', '')`);
  await writeTransaction(worker, { lock: [] }, async (tx) => {
    await keepMembers(tx.query, 'project');
    await forgetPlaces(tx.query, 'project');
  });
  expect(await tell()).toBe(false);
  await writeTransaction(worker, { lock: [] }, async (tx) => {
    for (const viewer of [owner, stays]) await saveMember(tx.query, scope, viewer.id, 'MEMBER', 2);
    await saveMember(tx.query, scope, removed.id, 'MEMBER', 3);
    await saveMember(tx.query, scope, removed.id, null, 4);
    await saveMember(tx.query, scope, again.id, null, 5);
    await saveMember(tx.query, scope, again.id, 'VIEWER', 6);
  });
  expect(await losses(projectId)).toEqual([]);
  await admin.query(`update task.positions set as_of = now() where source = 'project'`);
  task.project.setMember(projectId, unknown.id, null);
  task.project.setMember(projectId, removed.id, { role: null, version: 6, key: 'RES', writable: true });

  expect([await tell(), await tell()]).toEqual([true, false]);
  expect((await losses(projectId)).toSorted()).toEqual([unknown.id, removed.id].toSorted());
  for (const viewer of [unknown, removed]) expect((await read(viewer, projectId, cursor)).nodes).toEqual([{ kind: 'ACCESS_LOST', taskId: null }]);
  for (const viewer of [owner, stays, again]) expect((await read(viewer, projectId, cursor)).nodes).toEqual([]);
});

test('an owner\'s newer no takes the membership from the copy and tells of the loss, once (RULES §4, §8)', async () => {
  const [owner, ada] = [someViewer(), someViewer()];
  const projectId = task.addProject(owner, 'NOW');
  task.addMember('project', projectId, ada, 'MEMBER');
  const { cursor } = (await task.ok(createTask, { input: { title: 'seen', projectId } }, ada)).createTask;
  // Nobody follows the log here, so the feed is silent; the owner knows of the removal.
  await admin.query('truncate task.positions');
  task.removeMember('project', projectId, ada);
  await eventually(async () => {
    expect((await read(ada, projectId, cursor)).nodes).toEqual([{ kind: 'ACCESS_LOST', taskId: null }]);
    expect(await losses(projectId)).toEqual([ada.id]);
  });
  await Promise.all(Array.from({ length: 5 }, () => read(ada, projectId, cursor)));
  expect(await losses(projectId)).toEqual([ada.id]);
  expect((await admin.query('select role from task.scope_members where scope_id = $1 and user_id = $2', [scopeId('project', projectId), ada.id])).rows).toEqual([{ role: null }]);
  expect((await admin.query(`select kind from task.follow_ups where user_id = $1`, [ada.id])).rows).toEqual([{ kind: 'ACCESS_LOST' }]);
});
