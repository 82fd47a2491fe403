import type { Viewer } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { someViewer } from '@taskgraph/shared/testing/identity';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSpan, writeSpan } from '../src/template-tasks.js';
import { createTask, startTask, type Harness } from './harness.js';

let task: Harness;
beforeAll(async () => void (task = await startTask()));
afterAll(() => task.stop());

const save = 'mutation ($input: SaveTaskTemplateInput!) { saveTaskTemplate(input: $input) { template { id name project { id } tasks } } }';
const use = `mutation ($input: CreateTasksFromTemplateInput!) { createTasksFromTemplate(input: $input) { cursor tasks {
  id ref title description status priority startAt dueAt version parent { id } labels { name } project { id } channel { id } } } }`;
const list = 'query ($projectId: ID) { taskTemplates(projectId: $projectId) { id name } }';
const createLabel = 'mutation ($input: CreateLabelInput!) { createLabel(input: $input) { label { id } } }';
const saved = async (viewer: Viewer, input: object) => (await task.ok(save, { input: { name: 'n', ...input } }, viewer)).saveTaskTemplate.template;
const used = async (viewer: Viewer, input: object) => (await task.ok(use, { input }, viewer)).createTasksFromTemplate;
const make = async (viewer: Viewer, input: object): Promise<string> => (await task.ok(createTask, { input: { title: 't', ...input } }, viewer)).createTask.task.id;

describe('who may (RULES §1)', () => {
  test('MAINTAINER and OWNER save a project\'s templates, MEMBER uses them, VIEWER only sees them, strangers hear of none', async () => {
    const [owner, maintainer, member, viewer, eve] = [someViewer(), someViewer(), someViewer(), someViewer(), someViewer()];
    const projectId = task.addProject(owner, 'TPA');
    task.addMember('project', projectId, maintainer, 'MAINTAINER');
    task.addMember('project', projectId, member, 'MEMBER');
    task.addMember('project', projectId, viewer, 'VIEWER');
    const input = { projectId, name: 'Release', tasks: [{ title: 'Tag' }] };
    for (const person of [member, viewer]) expect(await task.refused(save, { input }, person)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await task.refused(save, { input }, eve)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await task.refused(save, { input }, null)).toMatchObject({ code: 'UNAUTHENTICATED' });
    const template = await saved(maintainer, input);
    expect(template).toEqual({ id: expect.any(String), name: 'Release', project: { id: projectId }, tasks: [{ title: 'Tag' }] });
    for (const person of [owner, member, viewer]) expect((await task.ok(list, { projectId }, person)).taskTemplates).toEqual([{ id: template.id, name: 'Release' }]);
    expect((await task.ok(list, { projectId }, eve)).taskTemplates).toBeNull();
    expect((await task.ok(list, { projectId: newId() }, eve)).taskTemplates).toBeNull();
    expect((await task.ok(list, {}, maintainer)).taskTemplates).toEqual([]);
    expect(await task.refused(use, { input: { templateId: template.id } }, viewer)).toMatchObject({ code: 'FORBIDDEN' });
    const [foreign, missing] = [await task.query(use, { input: { templateId: template.id } }, eve), await task.query(use, { input: { templateId: newId() } }, eve)];
    expect(foreign.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect(foreign.errors?.[0]?.message).toBe(missing.errors?.[0]?.message);
    expect((await used(member, { templateId: template.id })).tasks).toMatchObject([{ title: 'Tag', ref: 'TPA-1', status: 'PENDING', priority: 5, version: 1 }]);
  });

  test('a template of one\'s own is nobody else\'s, and can be used anywhere one may create', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const template = await saved(ada, { tasks: [{ title: 'Pack' }] });
    expect(template.project).toBeNull();
    expect((await task.ok(list, {}, ada)).taskTemplates).toEqual([{ id: template.id, name: 'n' }]);
    expect((await task.ok(list, {}, bob)).taskTemplates).toEqual([]);
    expect(await task.refused(use, { input: { templateId: template.id } }, bob)).toMatchObject({ code: 'NOT_FOUND' });
    expect((await used(ada, { templateId: template.id })).tasks).toMatchObject([{ ref: null, project: null, channel: null }]);
    const channelId = task.addChannel(ada);
    expect((await used(ada, { templateId: template.id, channelId })).tasks).toMatchObject([{ channel: { id: channelId } }]);
    const foreign = task.addProject(bob, 'TPB');
    expect(await task.refused(use, { input: { templateId: template.id, projectId: foreign } }, ada)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await task.refused(use, { input: { templateId: template.id, projectId: foreign, channelId } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('using one', () => {
  test('makes all tasks at once with refs in order, dates from startAt, labels by name and parents, and tells nobody (RULES §7)', async () => {
    const owner = someViewer();
    const projectId = task.addProject(owner, 'TPC');
    await task.ok(createLabel, { input: { projectId, name: 'Bug' } }, owner);
    const tasks = [
      { title: 'A', description: 'text', priority: 1, startAfter: 'P0D', dueAfter: 'P1WT2H', labels: ['bug', 'unknown'], subtasks: [{ title: 'A1', dueAfter: '-PT30M' }, { title: 'A2' }] },
      { title: 'B', recurrence: { rule: 'FREQ=DAILY', timeZone: 'Europe/Berlin' } },
    ];
    const template = await saved(owner, { projectId, tasks });
    expect(template.tasks).toEqual(tasks);
    const { head } = (await task.ok('query ($scope: TaskScope!) { taskChanges(scope: $scope) { head } }', { scope: { projectId } }, owner)).taskChanges;
    const made = await used(owner, { templateId: template.id, startAt: '2026-12-01T09:00:00Z' });
    const [a, a1, a2, b] = made.tasks;
    expect(made.tasks.map((row: { ref: string; title: string }) => [row.ref, row.title])).toEqual([['TPC-1', 'A'], ['TPC-2', 'A1'], ['TPC-3', 'A2'], ['TPC-4', 'B']]);
    expect(a).toMatchObject({
      description: 'text', priority: 1, startAt: '2026-12-01T09:00:00.000Z', dueAt: '2026-12-08T11:00:00.000Z', labels: [{ name: 'Bug' }], parent: null,
    });
    expect([a1.parent, a2.parent, b.parent]).toEqual([{ id: a.id }, { id: a.id }, null]);
    expect([a1.dueAt, a2.dueAt]).toEqual(['2026-12-01T08:30:00.000Z', null]);
    const changes = 'query ($scope: TaskScope!, $after: String, $until: String) { taskChanges(scope: $scope, after: $after, until: $until) { nodes { cursor kind taskId } } }';
    const { nodes } = (await task.ok(changes, { scope: { projectId }, after: head, until: made.cursor }, owner)).taskChanges;
    expect(nodes.map((node: { kind: string; taskId: string }) => [node.kind, node.taskId])).toEqual(made.tasks.map((row: { id: string }) => ['CREATED', row.id]));
    expect(nodes.at(-1).cursor).toBe(made.cursor);
    const admin = new pg.Client(task.database.admin);
    await admin.connect();
    try {
      const { rows } = await admin.query(`select xid::text, payload->'imported' as imported, payload->'state'->'labels' as labels from task.events where aggregate_id = any ($1) order by ordinal`, [
        made.tasks.map((row: { id: string }) => row.id),
      ]);
      expect(new Set(rows.map((row: { xid: string }) => row.xid)).size).toBe(1);
      expect(rows.map((row: { imported: boolean }) => row.imported)).toEqual([true, true, true, true]);
      expect(rows[0].labels).toEqual(['bug']);
    } finally {
      await admin.end();
    }
    // The next task of the project goes on without a gap.
    expect((await task.ok(createTask, { input: { title: 'next', projectId } }, owner)).createTask.task.ref).toBe('TPC-5');
  });

  test('two used at once leave no gap in the refs, and a resend under one key makes nothing new (RULES §3)', async () => {
    const owner = someViewer();
    const projectId = task.addProject(owner, 'TPD');
    const template = await saved(owner, { projectId, tasks: Array.from({ length: 10 }, (_, index) => ({ title: `t${index}` })) });
    const answers = await Promise.all(Array.from({ length: 4 }, () => used(owner, { templateId: template.id })));
    const refs = answers.flatMap((answer) => answer.tasks.map((row: { ref: string }) => Number(row.ref.slice(4))));
    expect(refs.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    const send = () => task.query(use, { input: { templateId: template.id } }, owner, { 'idempotency-key': 'k' });
    const [first, second] = [await send(), await send()];
    expect(first.data.createTasksFromTemplate.tasks).toHaveLength(10);
    expect(second.data).toEqual(first.data);
    expect((await task.ok('query ($r: [_Any!]!) { _entities(representations: $r) { ... on Project { tasks { totalCount } } } }', {
      r: [{ __typename: 'Project', id: projectId }],
    }, owner))._entities[0].tasks.totalCount).toBe(50);
  });
});

describe('saving one', () => {
  test('from a task takes its subtasks, labels and dates as spans, and comes back the same when used', async () => {
    const owner = someViewer();
    const projectId = task.addProject(owner, 'TPE');
    const labelId = (await task.ok(createLabel, { input: { projectId, name: 'Ops' } }, owner)).createLabel.label.id;
    const root = await make(owner, {
      title: 'Root', description: 'why', projectId, startAt: '2026-12-01T08:00:00Z', dueAt: '2026-12-03T12:30:00Z', labelIds: [labelId], assigneeIds: [owner.id],
    });
    const child = await make(owner, { title: 'Child', projectId, parentId: root, priority: 2 });
    await make(owner, { title: 'Grandchild', projectId, parentId: child, startAt: '2026-11-30T08:00:00Z' });
    await make(owner, { title: 'Second', projectId, parentId: root });
    const template = await saved(owner, { fromTaskId: root });
    expect(template.tasks).toEqual([{
      title: 'Root', description: 'why', priority: 5, startAfter: 'P0D', dueAfter: 'P2DT4H30M', labels: ['Ops'],
      subtasks: [{ title: 'Child', priority: 2, subtasks: [{ title: 'Grandchild', priority: 5, startAfter: '-P1D' }] }, { title: 'Second', priority: 5 }],
    }]);
    const { tasks } = await used(owner, { templateId: template.id, projectId, startAt: '2027-01-01T08:00:00Z' });
    expect(tasks).toMatchObject([
      { title: 'Root', startAt: '2027-01-01T08:00:00.000Z', dueAt: '2027-01-03T12:30:00.000Z', labels: [{ name: 'Ops' }] },
      { title: 'Child', parent: { id: tasks[0].id } }, { title: 'Grandchild', startAt: '2026-12-31T08:00:00.000Z', parent: { id: tasks[1].id } }, { title: 'Second' },
    ]);
    expect(await task.refused(save, { input: { name: 'x', fromTaskId: root } }, someViewer())).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('the same create again, also at once, is one template; anything else under its id is CONFLICT (RULES §3)', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const input = { id: newId(), name: 'once', tasks: [{ title: 'x' }] };
    const answers = await Promise.all(Array.from({ length: 5 }, () => saved(ada, input)));
    expect(new Set(answers.map((template) => JSON.stringify(template))).size).toBe(1);
    expect((await task.ok(list, {}, ada)).taskTemplates).toHaveLength(1);
    expect(await task.refused(save, { input: { ...input, name: 'twice' } }, ada)).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
    expect(await task.refused(save, { input }, bob)).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
    const send = () => task.query(save, { input: { name: 'keyed', tasks: [{ title: 'x' }] } }, ada, { 'idempotency-key': 'k' });
    expect((await send()).data).toEqual((await send()).data);
    expect((await task.ok(list, {}, ada)).taskTemplates).toHaveLength(2);
  });

  const deep = (levels: number): object => (levels === 1 ? { title: 'x' } : { title: 'x', subtasks: [deep(levels - 1)] });
  const bottomless = JSON.parse(`${'[{"subtasks":'.repeat(1_000)}[]${'}]'.repeat(1_000)}`) as unknown;
  test.each([
    ['nothing', undefined, 'input.tasks'], ['no list', { title: 'x' }, 'input.tasks'], ['an empty list', [], 'input.tasks'],
    ['no title', [{ priority: 1 }], 'input.tasks.0.title'], ['an empty title', [{ title: ' ' }], 'input.tasks.0.title'],
    ['an unknown key', [{ title: 'x', owner: 'y' }], 'input.tasks.0'], ['priority 11', [{ title: 'x', priority: 11 }], 'input.tasks.0.priority'],
    ['U+0000', [{ title: 'x', subtasks: [{ title: 'a\u0000' }] }], 'input.tasks.0.subtasks.0.title'],
    ['a lone surrogate', [{ title: 'x', description: '\ud800' }], 'input.tasks.0.description'],
    ['no span', [{ title: 'x', dueAfter: '7 days' }], 'input.tasks.0.dueAfter'], ['due before start', [{ title: 'x', startAfter: 'P2D', dueAfter: 'P1D' }], 'input.tasks.0.dueAfter'],
    ['no rule', [{ title: 'x', recurrence: { rule: 'FREQ=NEVER', timeZone: 'UTC' } }], 'input.tasks.0.recurrence'],
    ['101 tasks', Array.from({ length: 101 }, () => ({ title: 'x' })), 'input.tasks'], ['eleven levels', [deep(11)], `input.tasks.0${'.subtasks.0'.repeat(10)}`],
    ['a thousand levels', bottomless, 'input.tasks'], ['too much text', [{ title: 'x', description: 'y'.repeat(65_000) }, { title: 'x', description: 'y'.repeat(65_000) }, { title: 'z'.repeat(2_000) }], 'input.tasks'],
  ])('%s is BAD_USER_INPUT naming the path', async (_what, tasks, path) => {
    expect(await task.refused(save, { input: { name: 'n', tasks } }, someViewer())).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
  });

  test('dates out of the calendar and both sources at once are BAD_USER_INPUT', async () => {
    const ada = someViewer();
    const template = await saved(ada, { tasks: [{ title: 'x', dueAfter: 'P99999W' }] });
    expect(await task.refused(use, { input: { templateId: template.id, startAt: '9000-01-01T00:00:00Z' } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.startAt' }] });
    expect(await task.refused(save, { input: { name: 'n', fromTaskId: newId(), tasks: [{ title: 'x' }] } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await task.refused(save, { input: { name: '', tasks: [{ title: 'x' }] } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.name' }] });
  });

  test('spans are read and written alike', () => {
    const read = { P0D: 0, PT1S: 1_000, P1D: 86_400_000, P2W: 1_209_600_000, 'P1DT2H3M4S': 93_784_000, '-PT30M': -1_800_000 };
    for (const [text, ms] of Object.entries(read)) expect([text, readSpan(text)]).toEqual([text, ms]);
    for (const text of ['', 'P', 'PT', 'P1DT', 'P1Y', 'P1.5D', '1D', 'P-1D', 'p1d', 'P1D ']) expect([text, readSpan(text)]).toEqual([text, null]);
    for (const ms of [0, 1_000, -1_000, 86_400_000, 93_784_000, -93_784_000, 1_209_600_000]) expect(readSpan(writeSpan(ms))).toBe(ms);
  });
});
