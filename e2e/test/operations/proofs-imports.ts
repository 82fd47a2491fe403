// Files in and out: imports and exports.
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { house, newKey, refuse, team, write } from './scenes.js';
import type { Client } from './session.js';
import { notUnderUsedKey, notWhileArchived, notWithTakenId } from './usual-proofs.js';
import { missingId, type World } from './world.js';

const show = async (who: Client, id: string): Promise<any> =>
  (await who.ask('query ($id: ID!) { taskImport(id: $id) { status totalRows processedRows createdRows failedRows dryRun startedAt finishedAt uploadUrl errorFileUrl } }', { id })).taskImport;

/** Signed addresses name PUBLIC_URL, which is where this system listens. */
const at = (world: World, url: string): string => `${world.url}${new URL(url).pathname}`;

/** A project of one's own with an import that was given this file and has ended. */
async function imported(world: World, file: string, more: object = {}) {
  const owner = await world.person('Importer');
  const project = await world.project(owner);
  const { taskImport } = await write(owner, 'startTaskImport', { projectId: project.id, format: 'CSV', ...more });
  expect((await fetch(at(world, taskImport.uploadUrl), { method: 'PUT', body: file })).status).toBe(202);
  await eventually(async () => expect((await show(owner, taskImport.id)).status).toBe('COMPLETED'));
  return { owner, project, id: taskImport.id as string };
}

export const importProofs: Proof[] = [
  {
    operation: 'Query.taskImport', outcome: 'success', title: 'shows who started it how far it is, and where the bad rows are told (RULES §10)',
    async prove(world) {
      const { owner, id } = await imported(world, 'title,priority\nfine,1\nbad,11\n');
      const found = await show(owner, id);
      expect(found).toMatchObject({ status: 'COMPLETED', totalRows: 2, processedRows: 2, createdRows: 1, failedRows: 1, dryRun: false, startedAt: expect.any(String), finishedAt: expect.any(String), uploadUrl: null });
      expect(await (await fetch(at(world, found.errorFileUrl))).text()).toMatch(/^line,column,reason\n3,priority,/);
    },
  },
  {
    operation: 'Query.taskImport', outcome: 'refusal', title: 'is null without an error to everybody else, the OWNER of the project included (RULES §1)',
    async prove(world) {
      const { project, owner, maintainer, stranger } = await team(world);
      const { taskImport } = await write(maintainer, 'startTaskImport', { projectId: project.id, format: 'JSON' });
      expect([await show(owner, taskImport.id), await show(stranger, taskImport.id), await show(maintainer, missingId())]).toEqual([null, null, null]);
      await write(maintainer, 'cancelTaskImport', { id: taskImport.id });
    },
  },
  {
    operation: 'Mutation.startTaskImport', outcome: 'success', title: 'answers a signed address; the file sent there becomes tasks of the project, mapped as told, which members read (RULES §10)',
    async prove(world) {
      const { project } = await imported(world, 'What,urgency,Parent,id\nWhole,2,,1\nPart,,1,2\n', { mapping: { What: 'title', urgency: 'priority' } });
      const viewer = await world.member(project, 'VIEWER');
      const { project: seen } = await viewer.ask('query ($id: ID!) { project(id: $id) { tasks(sort: { field: RANK }) { nodes { ref title priority parent { title } } } } }', { id: project.id });
      expect(seen.tasks.nodes).toEqual([{ ref: `${project.key}-1`, title: 'Whole', priority: 2, parent: null }, { ref: `${project.key}-2`, title: 'Part', priority: 5, parent: { title: 'Whole' } }]);
    },
  },
  {
    operation: 'Mutation.startTaskImport', outcome: 'success', title: 'with `dryRun` counts what would be made and makes nothing',
    async prove(world) {
      const { owner, project, id } = await imported(world, 'title\nfine\n', { dryRun: true });
      expect(await show(owner, id)).toMatchObject({ dryRun: true, totalRows: 1, failedRows: 0 });
      expect((await owner.ask('query ($id: ID!) { project(id: $id) { tasks { totalCount } } }', { id: project.id })).project.tasks.totalCount).toBe(0);
    },
  },
  {
    operation: 'Mutation.startTaskImport', outcome: 'refusal', title: 'is FORBIDDEN below MAINTAINER and to a channel\'s plain MEMBER, NOT_FOUND where one cannot see the place (RULES §1)',
    async prove(world) {
      const [{ project, member, viewer, stranger }, { channel, ...guests }] = [await team(world), await house(world)];
      const cases = [[member, { projectId: project.id }, 'FORBIDDEN'], [viewer, { projectId: project.id }, 'FORBIDDEN'], [guests.member, { channelId: channel.id }, 'FORBIDDEN'], [stranger, { projectId: project.id }, 'NOT_FOUND'], [stranger, { channelId: channel.id }, 'NOT_FOUND']] as const;
      for (const [who, place, code] of cases) expect(await refuse(who, 'startTaskImport', { ...place, format: 'CSV' })).toMatchObject({ code });
    },
  },
  {
    operation: 'Mutation.startTaskImport', outcome: 'refusal', title: 'is BAD_USER_INPUT with its path for no place, two places, a mapping that is none; RATE_LIMITED beyond five that wait or run',
    async prove(world) {
      const who = await world.person();
      const cases = [[{}, 'input.projectId'], [{ personal: true, projectId: missingId() }, 'input.projectId'], [{ personal: true, mapping: { Title: 'colour' } }, 'input.mapping.Title']] as const;
      for (const [input, path] of cases) expect(await refuse(who, 'startTaskImport', { format: 'CSV', ...input })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      for (let started = 0; started < 5; started += 1) await write(who, 'startTaskImport', { personal: true, format: 'CSV' });
      expect(await refuse(who, 'startTaskImport', { personal: true, format: 'CSV' })).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
    },
  },
  notWithTakenId('startTaskImport', async (world) => {
    const [who, another] = [await world.person(), await world.person()];
    const input = { id: newId(), personal: true, format: 'CSV' };
    return { who, another, input, changed: { ...input, format: 'JSON' } };
  }),
  notUnderUsedKey('startTaskImport', async (world) => ({ who: await world.person(), first: { personal: true, format: 'CSV' }, second: { personal: true, format: 'JSON' } })),
  notWhileArchived('startTaskImport', ({ project }) => ({ projectId: project.id, format: 'CSV' })),

  {
    operation: 'Mutation.cancelTaskImport', outcome: 'success', title: 'ends an import: its address takes no file any more; a repeat changes nothing',
    async prove(world) {
      const who = await world.person();
      const { taskImport } = await write(who, 'startTaskImport', { personal: true, format: 'CSV' });
      for (let sent = 0; sent < 2; sent += 1) expect((await write(who, 'cancelTaskImport', { id: taskImport.id })).taskImport).toMatchObject({ status: 'CANCELLED', uploadUrl: null });
      expect((await fetch(at(world, taskImport.uploadUrl), { method: 'PUT', body: 'title\nlate\n' })).status).toBe(409);
      expect((await who.ask('{ tasks { totalCount } }')).tasks.totalCount).toBe(0);
    },
  },
  {
    operation: 'Mutation.cancelTaskImport', outcome: 'refusal', title: 'is NOT_FOUND for an import of somebody else, in the own project too (RULES §1)',
    async prove(world) {
      const { project, owner, maintainer } = await team(world);
      const { taskImport } = await write(maintainer, 'startTaskImport', { projectId: project.id, format: 'CSV' });
      for (const id of [taskImport.id, missingId(), 'no id']) expect(await refuse(owner, 'cancelTaskImport', { id })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await show(maintainer, taskImport.id)).toMatchObject({ status: 'AWAITING_UPLOAD' });
      await write(maintainer, 'cancelTaskImport', { id: taskImport.id });
    },
  },
  {
    operation: 'Mutation.cancelTaskImport', outcome: 'conflict', title: 'is CONFLICT once the import is over',
    async prove(world) {
      const { owner, id } = await imported(world, 'title\nfine\n');
      expect(await refuse(owner, 'cancelTaskImport', { id })).toMatchObject({ code: 'CONFLICT', message: 'The import is over.' });
      expect(await show(owner, id)).toMatchObject({ status: 'COMPLETED', createdRows: 1 });
    },
  },

  {
    operation: 'Mutation.exportTasks', outcome: 'success', title: 'answers an address that streams the tasks that match, as CSV or JSON; a resend answers the same one (RULES §3)',
    async prove(world) {
      const who = await world.person('Exporter');
      const project = await world.project(who);
      for (const title of ['one, two', 'three']) await world.task(who, { projectId: project.id, title, assigneeIds: [who.id] });
      await world.task(who, { title: 'elsewhere' });
      const [filter, key] = [{ projectId: { eq: project.id } }, newKey()];
      const json = await write(who, 'exportTasks', { filter, format: 'JSON' }, { key });
      expect(await write(who, 'exportTasks', { filter, format: 'JSON' }, { key })).toEqual(json);
      expect(await (await fetch(at(world, json.url))).json()).toMatchObject([{ ref: `${project.key}-1`, title: 'one, two', assignees: [who.handle] }, { ref: `${project.key}-2`, title: 'three' }]);
      const csv = await write(who, 'exportTasks', { filter, format: 'CSV' });
      const lines = (await (await fetch(at(world, csv.url))).text()).trim().split(/\r?\n/);
      expect([lines.length, lines[1]]).toEqual([3, expect.stringContaining('"one, two"')]);
    },
  },
  {
    operation: 'Mutation.exportTasks', outcome: 'refusal', title: 'holds only what its maker sees when it is fetched, and a damaged address is 404 (RULES §1)',
    async prove(world) {
      const { project, owner, stranger } = await team(world);
      await world.task(owner, { projectId: project.id });
      const { url } = await write(stranger, 'exportTasks', { filter: { projectId: { eq: project.id } }, format: 'JSON' });
      expect(await (await fetch(at(world, url))).json()).toEqual([]);
      expect((await fetch(at(world, `${url.slice(0, -2)}AA`))).status).toBe(404);
    },
  },
  {
    operation: 'Mutation.exportTasks', outcome: 'refusal', title: 'is BAD_USER_INPUT with the path inside the filter, UNAUTHENTICATED without a token',
    async prove(world) {
      const { member } = await team(world);
      expect(await refuse(member, 'exportTasks', { format: 'CSV', filter: { and: [{ text: '' }] } })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.filter.and.0.text' }] });
      expect(await refuse(world.anonymous, 'exportTasks', { format: 'CSV' })).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
  notUnderUsedKey('exportTasks', async (world) => ({ who: await world.person(), first: { format: 'CSV' }, second: { format: 'JSON' } })),
];

const progress = 'subscription ($id: ID!) { taskImportProgress(id: $id) { id status totalRows processedRows } }';

export const importProgressProofs: Proof[] = [
  {
    operation: 'Subscription.taskImportProgress', outcome: 'success', title: 'tells how the import stands, then how it gets on, until its end (RULES §10)',
    async prove(world) {
      const who = await world.person('Watcher of an import');
      const { taskImport } = await write(who, 'startTaskImport', { personal: true, format: 'CSV', dryRun: true });
      const { received } = await who.subscribe(progress, { id: taskImport.id });
      const told = () => received.map((answer) => answer.data.taskImportProgress);
      await eventually(() => expect(told()).toEqual([{ id: taskImport.id, status: 'AWAITING_UPLOAD', totalRows: null, processedRows: 0 }]));
      expect((await fetch(at(world, taskImport.uploadUrl), { method: 'PUT', body: 'title\none\ntwo\n' })).status).toBe(202);
      await eventually(() => expect(told()).toContainEqual({ id: taskImport.id, status: 'COMPLETED', totalRows: 2, processedRows: 2 }));
    },
  },
  {
    operation: 'Subscription.taskImportProgress', outcome: 'refusal', title: 'is NOT_FOUND for an import of somebody else, UNAUTHENTICATED without a token (RULES §1)',
    async prove(world) {
      const { project, owner, maintainer } = await team(world);
      const { taskImport } = await write(maintainer, 'startTaskImport', { projectId: project.id, format: 'CSV' });
      for (const id of [taskImport.id, missingId()]) expect(await owner.refusedSubscription(progress, { id })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await world.anonymous.refusedSubscription(progress, { id: taskImport.id })).toMatchObject({ code: 'UNAUTHENTICATED' });
      await write(maintainer, 'cancelTaskImport', { id: taskImport.id });
    },
  },
];
