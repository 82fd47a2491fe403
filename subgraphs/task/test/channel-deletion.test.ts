// RULES §6: deleting a channel trashes its tasks.
import { openDatabase } from '@taskgraph/shared/database';
import type { Viewer } from '@taskgraph/shared/identity';
import { createLogger } from '@taskgraph/shared/logger';
import { newId } from '@taskgraph/shared/ids';
import { scopeId } from '@taskgraph/shared/scope';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entities } from '../src/database.js';
import { trashChannels } from '../src/jobs/trash-channels.js';
import { createTask, startTask, type Harness } from './harness.js';

let task: Harness;
let sql: pg.Client;
beforeAll(async () => {
  task = await startTask();
  sql = new pg.Client(task.database.admin);
  await sql.connect();
  await sql.query('set search_path to task');
});
afterAll(async () => {
  await sql.end();
  await task.stop();
});

const make = async (viewer: Viewer, input: object): Promise<string> => (await task.ok(createTask, { input: { title: 'Water', ...input } }, viewer)).createTask.task.id;
const show = 'query ($id: ID!) { task(id: $id) { id deletedAt } }';
/** The channel log tells of the deletion; the owner of memberships knows of no such channel from then on. */
function deleteChannel(channelId: string, owner: Viewer, ...members: Viewer[]): void {
  for (const viewer of [owner, ...members]) task.channel.setMember(channelId, viewer.id, null);
  task.channel.publish('channel.deleted', channelId, { channelId, channelName: 'open', version: 1_000 }, owner.id);
}
const rowsOf = async (channelId: string) =>
  (await sql.query('select id, version, deleted_at as "deletedAt" from tasks where channel_id = $1', [channelId])).rows as { id: string; version: number; deletedAt: Date | null }[];
const deletions = async (channelId: string) =>
  (await sql.query(`select aggregate_id as id, version, actor_id as "actorId", payload from events where type = 'task.deleted' and scope_id = $1`, [scopeId('channel', channelId)])).rows;
const openTasks = async (channelId: string) => (await rowsOf(channelId)).filter((row) => row.deletedAt === null).length;
const purges = async (channelId: string) => (await sql.query('select 1 from channel_purges where scope_id = $1', [scopeId('channel', channelId)])).rowCount;

describe('deleting a channel (RULES §6)', () => {
  test('trashes its tasks: each one version, one event by who deleted it, and nobody sees them any more', async () => {
    const [owner, member] = [someViewer(), someViewer()];
    const [channelId, other] = [task.addChannel(owner), task.addChannel(owner)];
    task.addMember('channel', channelId, member, 'MEMBER');
    const ids: string[] = [];
    for (let index = 0; index < 45; index += 1) ids.push(await make(index % 2 ? owner : member, { channelId }));
    const parentId = ids[0] as string;
    ids.push(await make(owner, { channelId, parentId }));
    const elsewhere = await make(owner, { channelId: other });
    deleteChannel(channelId, owner, member);
    await eventually(async () => expect(await openTasks(channelId)).toBe(0));
    const rows = await rowsOf(channelId);
    expect(new Set(rows.map((row) => row.deletedAt?.getTime())).size).toBe(1);
    const events = await deletions(channelId);
    expect(events).toHaveLength(ids.length);
    expect(new Set(events.map((event) => event.id))).toEqual(new Set(ids));
    expect(events.every((event) => event.version === 2 && event.actorId === owner.id && event.payload.state.deletedAt !== null)).toBe(true);
    for (const viewer of [owner, member]) expect((await task.ok(show, { id: parentId }, viewer)).task).toBeNull();
    expect((await task.ok(show, { id: elsewhere }, owner)).task).toEqual({ id: elsewhere, deletedAt: null });
  });

  test('is not done when it has begun: a write that was checked before brings nothing back, and the record ends only then', async () => {
    const owner = someViewer();
    const channelId = task.addChannel(owner);
    const id = await make(owner, { channelId });
    deleteChannel(channelId, owner);
    await eventually(async () => expect(await openTasks(channelId)).toBe(0));
    expect(await purges(channelId)).toBe(1);
    await sql.query('update tasks set deleted_at = null where id = $1', [id]);
    await eventually(async () => expect(await openTasks(channelId)).toBe(0));
    await sql.query(`update channel_purges set created_at = now() - interval '2 minutes' where scope_id = $1`, [scopeId('channel', channelId)]);
    await eventually(async () => expect(await purges(channelId)).toBe(0));
  });

  test('with several workers at it each task goes there once', async () => {
    const owner = someViewer();
    const channelId = task.addChannel(owner);
    for (let index = 0; index < 25; index += 1) await make(owner, { channelId });
    const workers = await Promise.all([1, 2, 3].map(() =>
      openDatabase({ url: task.database.worker, poolSize: 2, entities, applicationName: 'test', log: createLogger({ service: 'test', level: 'silent' }) })));
    deleteChannel(channelId, owner);
    await eventually(async () => {
      await Promise.all(workers.map((worker) => trashChannels(worker)));
      expect(await openTasks(channelId)).toBe(0);
    });
    await Promise.all(workers.map((worker) => worker.destroy()));
    expect((await rowsOf(channelId)).map((row) => row.version)).toEqual(Array.from({ length: 25 }, () => 2));
    expect(await deletions(channelId)).toHaveLength(25);
  });

  test('nothing new comes into it afterwards, and a channel that nobody has tasks in leaves nothing to do', async () => {
    const owner = someViewer();
    const channelId = task.addChannel(owner);
    deleteChannel(channelId, owner);
    await eventually(async () => expect(await purges(channelId)).toBe(1));
    expect(await task.refused(createTask, { input: { title: 'late', channelId } }, owner)).toEqual(await task.refused(createTask, { input: { title: 'late', channelId: newId() } }, owner));
  });
});
