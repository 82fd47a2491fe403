import type { TaskCommented } from '@taskgraph/shared/contracts/task-events';
import type { Viewer } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { someViewer } from '@taskgraph/shared/testing/identity';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handlesIn } from '../src/handles.js';
import { createTask, startTask, type Harness } from './harness.js';

let task: Harness;
const statements: string[] = [];
const collect = ({ sql }: { sql?: string }) => sql && /from comments /.test(sql) && statements.push(sql);
const log = pino({ level: 'trace' }, { write: (line: string) => void collect(JSON.parse(line) as { sql?: string }) });
beforeAll(async () => void (task = await startTask(log)));
afterAll(() => task.stop());

const comment = 'comment { id body version editedAt author { id } mentions { id } task { id } }';
const add = `mutation ($input: AddCommentInput!) { addComment(input: $input) { cursor ${comment} } }`;
const update = `mutation ($input: UpdateCommentInput!) { updateComment(input: $input) { cursor ${comment} } }`;
const remove = 'mutation ($input: DeleteCommentInput!) { deleteComment(input: $input) { id cursor } }';
const list = `query ($id: ID!, $first: Int, $after: String) { task(id: $id) { version comments(first: $first, after: $after) {
  totalCount nodes { body } pageInfo { hasNextPage endCursor } } } }`;
const changes = `query ($scope: TaskScope!, $after: String, $until: String) {
  taskChanges(scope: $scope, after: $after, until: $until) { nodes { cursor kind taskId changes { field before after } actor { id } } } }`;
const makeTask = async (viewer: Viewer, input: object = {}): Promise<{ id: string; cursor: string }> => {
  const { createTask: made } = await task.ok(createTask, { input: { title: 't', ...input } }, viewer);
  return { id: made.task.id, cursor: made.cursor };
};
const say = async (viewer: Viewer, taskId: string, body: string) => (await task.ok(add, { input: { taskId, body } }, viewer)).addComment;
const bodies = async (viewer: Viewer, id: string): Promise<string[]> => (await task.ok(list, { id }, viewer)).task.comments.nodes.map((node: { body: string }) => node.body);

async function payloads(taskId: string): Promise<TaskCommented[]> {
  const admin = new pg.Client(task.database.admin);
  await admin.connect();
  try {
    const { rows } = await admin.query(`select payload from task.events where aggregate_id = $1 and type = 'task.commented' order by seq`, [taskId]);
    return rows.map((row: { payload: TaskCommented }) => row.payload);
  } finally {
    await admin.end();
  }
}

describe('who may comment (RULES §1)', () => {
  test('whoever sees the task does, VIEWER too; edit only the author, delete also those above a plain member', async () => {
    const [owner, maintainer, viewer, member, eve] = [someViewer(), someViewer(), someViewer(), someViewer(), someViewer()];
    const projectId = task.addProject(owner, 'CMA');
    task.addMember('project', projectId, maintainer, 'MAINTAINER');
    task.addMember('project', projectId, viewer, 'VIEWER');
    task.addMember('project', projectId, member, 'MEMBER');
    const { id } = await makeTask(owner, { projectId });
    const said = (await say(viewer, id, '**markup** <b>שלום</b> 👩‍👩‍👧')).comment;
    expect(said).toEqual({ id: expect.any(String), body: '**markup** <b>שלום</b> 👩‍👩‍👧', version: 1, editedAt: null, author: { id: viewer.id }, mentions: [], task: { id } });
    for (const [document, input] of [[update, { id: said.id, body: 'x' }], [remove, { id: said.id }]] as const) {
      expect(await task.refused(document, { input }, null)).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await task.refused(document, { input }, member)).toMatchObject({ code: 'FORBIDDEN' });
      const [foreign, missing] = [await task.query(document, { input }, eve), await task.query(document, { input: { ...input, id: newId() } }, eve)];
      expect(foreign.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
      expect(foreign.errors?.[0]?.message).toBe(missing.errors?.[0]?.message);
    }
    expect(await task.refused(update, { input: { id: said.id, body: 'x' } }, maintainer)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await task.refused(add, { input: { taskId: id, body: 'x' } }, eve)).toMatchObject({ code: 'NOT_FOUND' });
    const edited = (await task.ok(update, { input: { id: said.id, body: 'better' } }, viewer)).updateComment.comment;
    expect(edited).toMatchObject({ body: 'better', version: 2, editedAt: expect.any(String) });
    expect((await task.ok(remove, { input: { id: said.id } }, maintainer)).deleteComment.id).toBe(said.id);
    expect(await task.refused(remove, { input: { id: said.id } }, maintainer)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await bodies(owner, id)).toEqual([]);
  });

  test('on a personal task only its owner; in a channel MODERATOR deletes any; the trash and an archive take none', async () => {
    const [ada, bob, moderator] = [someViewer(), someViewer(), someViewer()];
    const personal = await makeTask(ada);
    await say(ada, personal.id, 'note to self');
    expect(await task.refused(add, { input: { taskId: personal.id, body: 'hi' } }, bob)).toMatchObject({ code: 'NOT_FOUND' });
    const channelId = task.addChannel(ada);
    task.addMember('channel', channelId, bob, 'MEMBER');
    task.addMember('channel', channelId, moderator, 'MODERATOR');
    const open = await makeTask(ada, { channelId });
    const { comment: said } = await say(ada, open.id, 'hello');
    expect(await task.refused(remove, { input: { id: said.id } }, bob)).toMatchObject({ code: 'FORBIDDEN' });
    await task.ok(remove, { input: { id: said.id } }, moderator);
    await task.ok('mutation ($id: ID!) { deleteTask(input: { id: $id }) { cursor } }', { id: personal.id }, ada);
    expect(await task.refused(add, { input: { taskId: personal.id, body: 'late' } }, ada)).toMatchObject({ code: 'CONFLICT' });

    const projectId = newId();
    task.project.setMember(projectId, ada.id, { role: 'OWNER', version: 1, key: 'CMB', writable: true });
    const closing = await makeTask(ada, { projectId });
    const admin = new pg.Client(task.database.admin);
    await admin.connect();
    await admin.query('update task.scopes set writable = false where place_id = $1', [projectId]);
    await admin.end();
    task.project.setMember(projectId, ada.id, { role: 'OWNER', version: 2, key: 'CMB', writable: false });
    expect(await task.refused(add, { input: { taskId: closing.id, body: 'late' } }, ada)).toMatchObject({ code: 'CONFLICT' });
  });

  test.each([['', 'input.body'], [' \n', 'input.body'], ['a\u0000b', 'input.body'], ['\ud800', 'input.body'], ['é'.repeat(32_769), 'input.body']])(
    'a bad body is BAD_USER_INPUT (case %#)',
    async (body, path) => {
      const ada = someViewer();
      const { id } = await makeTask(ada);
      expect(await task.refused(add, { input: { taskId: id, body } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      expect(await task.refused(add, { input: { taskId: id, body: 'x', id: '6d0b1a3e-6f57-4b5e-9a8f-0d5f5f5f5f5f' } }, ada)).toMatchObject({
        code: 'BAD_USER_INPUT', fields: [{ path: 'input.id' }],
      });
    },
  );
});

describe('writing', () => {
  test('add, edit and delete are COMMENTED without a new version of the task; payloads hold ids only (RULES §2)', async () => {
    const [owner, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(owner, 'CMC');
    task.addMember('project', projectId, bob, 'MEMBER');
    const { id, cursor } = await makeTask(owner, { projectId, assigneeIds: [bob.id] });
    const said = await say(bob, id, 'secret words');
    const edited = (await task.ok(update, { input: { id: said.comment.id, body: 'other words' } }, bob)).updateComment;
    const gone = (await task.ok(remove, { input: { id: said.comment.id } }, owner)).deleteComment;
    for (const scope of [{ projectId }, { taskId: id }, { mine: true }]) {
      const { nodes } = (await task.ok(changes, { scope, after: cursor, until: gone.cursor }, bob)).taskChanges;
      expect(nodes).toEqual([
        { cursor: said.cursor, kind: 'COMMENTED', taskId: id, changes: [{ field: 'comments', before: null, after: said.comment.id }], actor: { id: bob.id } },
        { cursor: edited.cursor, kind: 'COMMENTED', taskId: id, changes: [{ field: 'comments', before: said.comment.id, after: said.comment.id }], actor: { id: bob.id } },
        { cursor: gone.cursor, kind: 'COMMENTED', taskId: id, changes: [{ field: 'comments', before: said.comment.id, after: null }], actor: { id: owner.id } },
      ]);
    }
    expect((await task.ok(list, { id }, owner)).task.version).toBe(1);
    const told = await payloads(id);
    expect(told.map(({ action, commentId, authorId, version }) => ({ action, commentId, authorId, version }))).toEqual(
      ['added', 'edited', 'deleted'].map((action) => ({ action, commentId: said.comment.id, authorId: bob.id, version: 1 })),
    );
    expect(JSON.stringify(told)).not.toContain('words');
  });

  test('another version by now is CONFLICT with the present body; the same body changes nothing', async () => {
    const ada = someViewer();
    const { id } = await makeTask(ada);
    const said = await say(ada, id, 'one');
    const same = (await task.ok(update, { input: { id: said.comment.id, body: 'one' } }, ada)).updateComment;
    expect(same).toEqual(said);
    await task.ok(update, { input: { id: said.comment.id, body: 'two', expectedVersion: 1 } }, ada);
    expect(await task.refused(update, { input: { id: said.comment.id, body: 'three', expectedVersion: 1 } }, ada)).toMatchObject({
      code: 'CONFLICT', fields: ['body'], current: { version: 2, body: 'two' },
    });
    expect(await task.refused(update, { input: { id: said.comment.id, body: 'three', expectedVersion: 9 } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await task.refused(update, { input: { id: said.comment.id, body: 'three', expectedVersion: 0 } }, ada)).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('the same create again, also at once, is one comment; anything else under its id is CONFLICT (RULES §3)', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const { id } = await makeTask(ada);
    const input = { id: newId(), taskId: id, body: 'once' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => task.ok(add, { input }, ada)));
    expect(new Set(answers.map((answer) => answer.addComment.cursor)).size).toBe(1);
    expect(await bodies(ada, id)).toEqual(['once']);
    expect(await task.refused(add, { input: { ...input, body: 'twice' } }, ada)).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
    const other = await makeTask(bob);
    expect(await task.refused(add, { input: { ...input, taskId: other.id } }, bob)).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
    await task.ok(remove, { input: { id: input.id } }, ada);
    expect(await task.refused(add, { input }, ada)).toMatchObject({ code: 'CONFLICT', fields: ['id'] });
  });

  test('a resend under one key hears the first answer, of a deletion too (RULES §3)', async () => {
    const ada = someViewer();
    const { id } = await makeTask(ada);
    const send = (key: string, document: string, input: object) => task.query(document, { input }, ada, { 'idempotency-key': key });
    const [first, second] = [await send('a', add, { taskId: id, body: 'x' }), await send('a', add, { taskId: id, body: 'x' })];
    expect(first.errors).toBeUndefined();
    expect(second.data).toEqual(first.data);
    expect((await send('a', add, { taskId: id, body: 'y' })).errors?.[0]?.extensions.code).toBe('IDEMPOTENCY_MISMATCH');
    const input = { id: first.data.addComment.comment.id };
    const [gone, again] = [await send('b', remove, input), await send('b', remove, input)];
    expect(gone.errors).toBeUndefined();
    expect(again.data).toEqual(gone.data);
  });

  test('comments are paged oldest first, and those of a page of tasks cost one statement', async () => {
    const ada = someViewer();
    const { id } = await makeTask(ada);
    for (let index = 0; index < 5; index += 1) await say(ada, id, `c${index}`);
    const first = (await task.ok(list, { id, first: 3 }, ada)).task.comments;
    expect(first).toMatchObject({ totalCount: 5, nodes: [{ body: 'c0' }, { body: 'c1' }, { body: 'c2' }], pageInfo: { hasNextPage: true } });
    await say(ada, id, 'c5');
    const second = (await task.ok(list, { id, first: 3, after: first.pageInfo.endCursor }, ada)).task.comments;
    expect(second).toMatchObject({ totalCount: 6, nodes: [{ body: 'c3' }, { body: 'c4' }, { body: 'c5' }], pageInfo: { hasNextPage: false } });
    for (const args of [{ first: 0 }, { first: 1001 }, { after: 'bm9wZQ' }]) expect(await task.refused(list, { id, ...args }, ada)).toMatchObject({ code: 'BAD_USER_INPUT' });
    for (let index = 0; index < 3; index += 1) await say(ada, (await makeTask(ada)).id, 'x');
    statements.length = 0;
    const { tasks } = await task.ok('{ tasks { nodes { comments(first: 2) { nodes { body } } } } }', {}, ada);
    expect(tasks.nodes).toHaveLength(4);
    expect(statements).toHaveLength(1);
  });
});

describe('mentions', () => {
  test('who can see the task is mentioned; strangers, unknown handles and addresses are text', async () => {
    const [owner, bob, eve] = [someViewer(), someViewer(), someViewer()];
    const projectId = task.addProject(owner, 'CMD');
    task.addMember('project', projectId, bob, 'MEMBER');
    task.user.setHandle('bob-1', bob.id);
    task.user.setHandle('eve-1', eve.id);
    const { id } = await makeTask(owner, { projectId });
    const said = await say(owner, id, 'Hi @BOB-1, @eve-1 and @nobody-1: write to mail@bob-1.example. @bob-1!');
    expect(said.comment.mentions).toEqual([{ id: bob.id }]);
    task.addMember('project', projectId, eve, 'VIEWER');
    const edited = (await task.ok(update, { input: { id: said.comment.id, body: '@bob-1 @eve-1' } }, owner)).updateComment.comment;
    expect(edited.mentions).toEqual([{ id: bob.id }, { id: eve.id }]);
    expect((await payloads(id)).map(({ mentionIds, newMentionIds }) => [mentionIds, newMentionIds])).toEqual([
      [[bob.id], [bob.id]],
      [[bob.id, eve.id], [eve.id]],
    ]);
  });

  test('while the user subgraph is away only a handle nobody has asked about refuses the comment', async () => {
    const ada = someViewer();
    task.user.setHandle('ada-away', ada.id);
    const { id } = await makeTask(ada);
    await say(ada, id, '@ada-away');
    task.user.setAway(true);
    try {
      expect((await say(ada, id, 'still @ada-away')).comment.mentions).toEqual([{ id: ada.id }]);
      await say(ada, id, 'nobody at all');
      expect(await task.refused(add, { input: { taskId: id, body: '@never-heard' } }, ada)).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
    } finally {
      task.user.setAway(false);
    }
    expect(await bodies(ada, id)).toHaveLength(3);
  });

  test('handles are read in any case, each once, 50 at most, and not inside addresses or other words', () => {
    expect(handlesIn('@Ada, (@bob_2) @ada\n@x @a-b- mail@cyd.example @@dan a@eve @fred.')).toEqual(['ada', 'bob_2', 'a-b-', 'fred']);
    expect(handlesIn(`@${'x'.repeat(33)}`)).toEqual([]);
    expect(handlesIn(Array.from({ length: 60 }, (_, index) => `@user${index}`).join(' '))).toHaveLength(50);
  });
});
