import type { Viewer } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { scopeId } from '@taskgraph/shared/scope';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTask, startTask, updateTask, type Harness } from './harness.js';

let task: Harness;
beforeAll(async () => void (task = await startTask()));
afterAll(() => task.stop());

const changes = `query ($scope: TaskScope!, $after: String, $until: String, $first: Int) {
  taskChanges(scope: $scope, after: $after, until: $until, first: $first) {
    head pageInfo { endCursor hasNextPage }
    nodes { cursor kind taskId task { title } changes { field before after } actor { id } }
  }
}`;
const read = async (viewer: Viewer, variables: object) => (await task.ok(changes, variables, viewer)).taskChanges;
const make = async (viewer: Viewer, input: object) => (await task.ok(createTask, { input }, viewer)).createTask;
const patch = async (viewer: Viewer, input: object) => (await task.ok(updateTask, { input }, viewer)).updateTask;

describe('taskChanges', () => {
  test('gives each write once, in order, with what changed, page by page', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'LOG');
    const scope = { projectId };
    const { head } = await read(ada, { scope });
    const made = await make(ada, { title: 'one', projectId });
    const id = made.task.id;
    await patch(ada, { id, title: 'two', priority: 2 });
    await patch(ada, { id, assigneeIds: [ada.id] });
    const last = await patch(ada, { id, status: 'COMPLETED' });

    const whole = await read(ada, { scope, after: head, until: last.cursor });
    expect(whole.nodes.map((node: { kind: string }) => node.kind)).toEqual(['CREATED', 'UPDATED', 'ASSIGNED', 'COMPLETED']);
    expect(whole.nodes[1]).toMatchObject({
      taskId: id, task: { title: 'two' }, actor: { id: ada.id },
      changes: [{ field: 'title', before: 'one', after: 'two' }, { field: 'priority', before: 5, after: 2 }],
    });
    expect(whole.nodes.at(-1).cursor).toBe(last.cursor);
    expect(whole.pageInfo.hasNextPage).toBe(false);

    const seen: string[] = [];
    let after: string = head;
    for (let more = true; more; ) {
      const page = await read(ada, { scope, after, first: 1 });
      seen.push(...page.nodes.map((node: { cursor: string }) => node.cursor));
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(seen).toEqual(whole.nodes.map((node: { cursor: string }) => node.cursor));
  });

  test('a cursor of a mutation is readable with until: one reads one\'s own write', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'OWN');
    for (let index = 0; index < 10; index += 1) {
      const { cursor } = await make(ada, { title: `t${index}`, projectId });
      const page = await read(ada, { scope: { projectId }, until: cursor });
      expect(page.nodes.at(-1).cursor).toBe(cursor);
    }
  });

  test('nothing is skipped while another transaction is open: the page ends before it, and goes on after it', async () => {
    const ada = someViewer();
    const scope = { projectId: task.addProject(ada, 'HOR') };
    const { head } = await read(ada, { scope });
    const open = new pg.Client({ connectionString: task.database.admin });
    await open.connect();
    try {
      await open.query('begin');
      await open.query('select pg_current_xact_id()');
      const { cursor } = await make(ada, { title: 'later id, earlier commit', projectId: scope.projectId });
      const during = await read(ada, { scope, after: head });
      expect(during.nodes).toEqual([]);
      await open.query('commit');
      const after = await read(ada, { scope, after: during.pageInfo.endCursor, until: cursor });
      expect(after.nodes.map((node: { cursor: string }) => node.cursor)).toEqual([cursor]);
    } finally {
      await open.end();
    }
  });

  test('keyed writes racing on one task give a log whose order is the order of versions', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'RAC');
    const { task: made, cursor } = await make(ada, { title: 'race', projectId });
    const written = await Promise.all(Array.from({ length: 30 }, (_, index) => patch(ada, { id: made.id, title: `race ${index}` })));
    const page = await read(ada, { scope: { taskId: made.id }, after: cursor });
    expect(page.nodes).toHaveLength(30);
    const byVersion = written.sort((a, b) => a.task.version - b.task.version).map((write) => write.cursor);
    expect(page.nodes.map((node: { cursor: string }) => node.cursor)).toEqual(byVersion);
    expect(byVersion.every((value, index) => written[index]?.task.version === index + 2 && value)).toBe(true);
  });

  test('in scope mine the first tie is ENTERED and the last one lost is LEFT', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'MIN');
    task.addMember('project', projectId, bob, 'MEMBER');
    const { head } = await read(bob, { scope: { mine: true } });
    const { task: made } = await make(ada, { title: 'for bob', projectId, assigneeIds: [bob.id] });
    await patch(ada, { id: made.id, priority: 1 });
    const { cursor } = await patch(ada, { id: made.id, assigneeIds: [] });
    const page = await read(bob, { scope: { mine: true }, after: head, until: cursor });
    expect(page.nodes.map((node: { kind: string }) => node.kind)).toEqual(['ENTERED', 'UPDATED', 'LEFT']);
  });

  test('who loses the scope gets one ACCESS_LOST, now and at any later resume; a scope never seen is NOT_FOUND', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'LOS');
    task.addMember('project', projectId, bob, 'MEMBER');
    const scope = { projectId };
    const { cursor } = await make(ada, { title: 'seen', projectId });
    expect((await read(bob, { scope, until: cursor })).nodes).toHaveLength(1);
    task.removeMember('project', projectId, bob);
    await eventually(async () => {
      const { nodes } = await read(bob, { scope, after: cursor });
      expect(nodes).toMatchObject([{ kind: 'ACCESS_LOST', taskId: null, task: null }]);
    });
    await make(ada, { title: 'not for bob', projectId });
    const resumed = await read(bob, { scope });
    expect(resumed.nodes).toMatchObject([{ kind: 'ACCESS_LOST' }]);
    expect(JSON.stringify(resumed)).not.toContain('not for bob');
    // Nobody else hears of it.
    expect((await read(ada, { scope })).nodes.map((node: { kind: string }) => node.kind)).not.toContain('ACCESS_LOST');
    expect(await task.refused(changes, { scope: { projectId: newId() } }, bob)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a forged cursor is BAD_USER_INPUT, one of an older log is RESYNC_REQUIRED, and a scope must be exactly one thing', async () => {
    const ada = someViewer();
    const scope = { mine: true };
    const { head } = await read(ada, { scope });
    expect(await task.refused(changes, { scope, after: `A${head.slice(1)}` }, ada)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'after' }] });
    expect(await task.refused(changes, { scope: {} }, ada)).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await task.refused(changes, { scope: { mine: true, projectId: newId() } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT' });
    const admin = new pg.Client({ connectionString: task.database.admin });
    await admin.connect();
    try {
      await admin.query('update task.event_log set epoch = epoch + 1');
      expect(await task.refused(changes, { scope, after: head }, ada)).toMatchObject({ code: 'RESYNC_REQUIRED' });
      await admin.query('update task.event_log set epoch = epoch - 1');
    } finally {
      await admin.end();
    }
  });
});

describe('taskChanges with a filter (RULES §4)', () => {
  const filtered = `query ($scope: TaskScope!, $filter: TaskFilter, $after: String, $until: String, $first: Int) {
    taskChanges(scope: $scope, filter: $filter, after: $after, until: $until, first: $first) { head pageInfo { endCursor hasNextPage } nodes { cursor kind taskId } }
  }`;
  const readKinds = async (viewer: Viewer, variables: object): Promise<string[]> => (await task.ok(filtered, variables, viewer)).taskChanges.nodes.map((node: { kind: string }) => node.kind);

  test('ENTERED and LEFT stand for the change with which a task starts or stops to match; what never matches is left out', async () => {
    const ada = someViewer();
    const scope = { projectId: task.addProject(ada, 'FLT') };
    const { head } = await read(ada, { scope });
    const filter = { priority: { lte: 3 }, not: { title: { contains: 'DRAFT' } } };
    const { task: made } = await make(ada, { title: 'a draft', priority: 1, projectId: scope.projectId });
    await make(ada, { title: 'never', priority: 9, projectId: scope.projectId });
    await patch(ada, { id: made.id, title: 'ready' });
    await patch(ada, { id: made.id, assigneeIds: [ada.id] });
    await patch(ada, { id: made.id, priority: 4, status: 'COMPLETED' });
    await patch(ada, { id: made.id, title: 'out of sight' });
    const { cursor: last } = await make(ada, { title: 'at once', priority: 2, projectId: scope.projectId });
    expect(await readKinds(ada, { scope, filter, after: head, until: last })).toEqual(['ENTERED', 'ASSIGNED', 'LEFT', 'ENTERED']);
    // The same page by page: a page of rows that do not match is empty, and goes on.
    const kinds: string[] = [];
    for (let after: string = head, more = true; more; ) {
      const { nodes, pageInfo } = (await task.ok(filtered, { scope, filter, after, first: 2 }, ada)).taskChanges;
      kinds.push(...nodes.map((node: { kind: string }) => node.kind));
      after = pageInfo.endCursor;
      more = pageInfo.hasNextPage;
    }
    expect(kinds).toEqual(['ENTERED', 'ASSIGNED', 'LEFT', 'ENTERED']);
  });

  test('DELETED and RESTORED of a matching task keep their kind', async () => {
    const ada = someViewer();
    const scope = { projectId: task.addProject(ada, 'DEL') };
    const { head } = await read(ada, { scope });
    const { task: made } = await make(ada, { title: 'one', projectId: scope.projectId });
    await task.ok('mutation ($id: ID!) { deleteTask(input: { id: $id }) { cursor } }', { id: made.id }, ada);
    const { restoreTask } = await task.ok('mutation ($id: ID!) { restoreTask(input: { id: $id }) { cursor } }', { id: made.id }, ada);
    const variables = { scope, after: head, until: restoreTask.cursor };
    expect(await readKinds(ada, { ...variables, filter: { status: { eq: 'PENDING' } } })).toEqual(['ENTERED', 'DELETED', 'RESTORED']);
    expect(await readKinds(ada, { ...variables, filter: { deleted: true } })).toEqual(['DELETED', 'RESTORED']);
    expect(await readKinds(ada, { ...variables, filter: { status: { eq: 'COMPLETED' } } })).toEqual([]);
  });

  test('both sides are judged at the time of the change on what the log carries: a replay says what was said live', async () => {
    const ada = someViewer();
    const scope = { projectId: task.addProject(ada, 'REP') };
    const { head } = await read(ada, { scope });
    // The notices about the due date come when they come.
    const written = async (variables: object) => (await readKinds(ada, variables)).filter((kind) => kind !== 'DUE_SOON' && kind !== 'OVERDUE');
    const soon = new Date(Date.now() + 400).toISOString();
    const { task: made, cursor } = await make(ada, { title: 'soon due', dueAt: soon, projectId: scope.projectId });
    expect(await written( { scope, after: head, until: cursor, filter: { overdue: false } })).toEqual(['ENTERED']);
    await eventually(() => expect(Date.now()).toBeGreaterThan(new Date(soon).getTime()));
    // By now it is overdue; at the time of its making it was not, at that of the next change it was.
    expect(await written( { scope, after: head, filter: { overdue: false } })).toEqual(['ENTERED']);
    expect(await written( { scope, after: head, filter: { overdue: true } })).toEqual([]);
    const { cursor: last } = await patch(ada, { id: made.id, priority: 1 });
    expect(await written( { scope, after: cursor, until: last, filter: { overdue: true } })).toEqual(['UPDATED']);
    await patch(ada, { id: made.id, title: 'renamed' });
    expect(await written( { scope, after: head, until: cursor, filter: { title: { eq: 'soon due' } } })).toEqual(['ENTERED', 'UPDATED', 'LEFT']);
  });

  test('labels are judged by the names that they had, and a rename before any other change is told with that change', async () => {
    const ada = someViewer();
    const scope = { projectId: task.addProject(ada, 'LBL') };
    const { head } = await read(ada, { scope });
    const { createLabel } = await task.ok('mutation ($input: CreateLabelInput!) { createLabel(input: $input) { label { id } } }', { input: { projectId: scope.projectId, name: 'Urgent' } }, ada);
    const { task: made } = await make(ada, { title: 'labelled', projectId: scope.projectId });
    await patch(ada, { id: made.id, labelIds: [createLabel.label.id] });
    await task.ok('mutation ($input: UpdateLabelInput!) { updateLabel(input: $input) { label { id } } }', { input: { id: createLabel.label.id, name: 'Later' } }, ada);
    const { cursor } = await patch(ada, { id: made.id, labelIds: [] });
    expect(await readKinds(ada, { scope, after: head, until: cursor, filter: { label: { eq: 'URGENT' } } })).toEqual(['ENTERED', 'LEFT']);
    // Either the rename was told first, or the removal tells of both.
    const later = await readKinds(ada, { scope, after: head, until: cursor, filter: { label: { startsWith: 'lat' } } });
    expect([[], ['ENTERED', 'LEFT']]).toContainEqual(later);
  });

  test('with `text` a change of title or description is ENTERED where it matches now, else LEFT', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const scope = { projectId: task.addProject(ada, 'TXT') };
    task.addMember('project', scope.projectId, bob, 'MEMBER');
    const { head } = await read(ada, { scope });
    const filter = { text: 'walrus' };
    const { task: made } = await make(ada, { title: 'the walrus', projectId: scope.projectId });
    await make(ada, { title: 'the carpenter', projectId: scope.projectId });
    await patch(ada, { id: made.id, priority: 1 });
    const { cursor } = await patch(ada, { id: made.id, description: 'and oysters' });
    expect(await readKinds(ada, { scope, filter, after: head, until: cursor })).toEqual(['ENTERED', 'UPDATED', 'ENTERED']);
    const { cursor: last } = await patch(ada, { id: made.id, title: 'the oyster' });
    expect(await readKinds(ada, { scope, filter, after: cursor, until: last })).toEqual(['LEFT']);
    // What has moved out of sight matches nothing, whatever it says by now: the filter must not answer questions about it.
    const elsewhere = task.addProject(ada, 'ELS');
    const secret = await make(ada, { title: 'plain', projectId: scope.projectId });
    const { moveTask } = await task.ok('mutation ($input: MoveTaskInput!) { moveTask(input: $input) { cursor } }', { input: { id: secret.task.id, projectId: elsewhere } }, ada);
    await patch(ada, { id: secret.task.id, title: 'secret walrus' });
    expect(await readKinds(bob, { scope, filter, after: last, until: moveTask.cursor })).toEqual(['LEFT']);
    expect(await readKinds(ada, { scope, filter, after: last, until: moveTask.cursor })).toEqual(['ENTERED', 'ENTERED']);
  });

  test('in scope mine a task enters when both the tie and the filter hold', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'MIF');
    task.addMember('project', projectId, bob, 'MEMBER');
    const { head } = await read(bob, { scope: { mine: true } });
    const { task: made } = await make(ada, { title: 'low', priority: 8, projectId, assigneeIds: [bob.id] });
    await patch(ada, { id: made.id, priority: 1 });
    await patch(ada, { id: made.id, assigneeIds: [] });
    const { cursor } = await patch(ada, { id: made.id, assigneeIds: [bob.id], priority: 9 });
    expect(await readKinds(bob, { scope: { mine: true }, filter: { priority: { lt: 5 } }, after: head, until: cursor })).toEqual(['ENTERED', 'LEFT']);
  });

  test('a scope that is lost is told whatever the filter; a bad filter is BAD_USER_INPUT with its path', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'LOF');
    task.addMember('project', projectId, bob, 'MEMBER');
    const { cursor } = await make(ada, { title: 'one', projectId });
    await read(bob, { scope: { projectId }, until: cursor });
    task.removeMember('project', projectId, bob);
    await eventually(async () => expect(await readKinds(bob, { scope: { projectId }, filter: { or: [] }, after: cursor })).toEqual(['ACCESS_LOST']));
    expect(await task.refused(filtered, { scope: { mine: true }, filter: { text: '' } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'filter.text' }] });
  });
});

describe('wake-ups', () => {
  test('the gateway hears of a movement at once, without content; nobody else may listen', async () => {
    const ada = someViewer();
    const projectId = task.addProject(ada, 'WAK');
    const url = `${task.url}/internal/wakeups`;
    const stranger = await task.identities.signer('stats').tokenFor('task');
    expect((await fetch(url, { headers: { authorization: `Bearer ${stranger}` } })).status).toBe(403);

    const abort = new AbortController();
    const token = await task.identities.signer('gateway').tokenFor('task');
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: abort.signal });
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString();
    })().catch(() => undefined);
    await eventually(() => text.startsWith('{}\n'));
    const { task: made } = await make(ada, { title: 'secret title', projectId });
    // A line may also tell of what an earlier test's reactions wrote at that moment, and has no order to keep.
    const told = { scopes: [scopeId('project', projectId)], tasks: [made.id], users: [ada.id] };
    await eventually(() => {
      const lines = text.trim().split('\n').map((line) => JSON.parse(line) as Partial<Record<keyof typeof told, string[]>>);
      for (const [kind, ids] of Object.entries(told)) {
        expect(lines.flatMap((line) => line[kind as keyof typeof told] ?? [])).toEqual(expect.arrayContaining(ids));
      }
    });
    expect(text).not.toContain('secret title');
    abort.abort();
    await reading;
  });
});
