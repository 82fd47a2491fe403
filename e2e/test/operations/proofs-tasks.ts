// Tasks: how they are read, made and changed.
import { newId } from '@taskgraph/shared/ids';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { house, newKey, newLabel, refuse, see, team, trashedTask, write } from './scenes.js';
import { notForViewers, notInTrash, notUnderUsedKey, notWhileArchived, notWithTakenId } from './usual-proofs.js';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { missingId, unique } from './world.js';

const byIdOrRef = (selection: string) => `query ($id: ID, $ref: String) { task(id: $id, ref: $ref) { ${selection} } }`;
const list = (selection: string) => `query ($filter: TaskFilter, $sort: [TaskSort!], $first: Int, $after: String, $last: Int, $before: String) {
  tasks(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) { ${selection} }
}`;

export const taskQueryProofs: Proof[] = [
  {
    operation: 'Query.task', outcome: 'success', title: 'finds a task by id or by ref in any case, joined with its project, people and what hangs on it',
    async prove(world) {
      const scene = await team(world);
      const { project, owner, member, viewer } = scene;
      const label = await newLabel(scene);
      const whole = await world.task(owner, { projectId: project.id, title: 'Whole' });
      const task = await world.task(owner, {
        projectId: project.id, title: 'Part', description: '**Bold**', priority: 2, startAt: '2098-01-01T00:00:00Z', dueAt: '2099-01-01T01:00:00+01:00',
        parentId: whole.id, assigneeIds: [member.id], labelIds: [label.id],
      });
      await write(viewer, 'watchTask', { id: task.id });
      await write(viewer, 'addComment', { taskId: task.id, body: 'Nice' });
      const document = byIdOrRef(`title description status priority startAt dueAt overdue ref creator { handle } assignees { handle name } watchers { handle } project { key name viewerRole } channel { id }
        parent { title subtaskProgress } labels { name color } blockedBy { id } comments { totalCount nodes { body author { name } } } history { nodes { kind actor { handle } } } recurrence { rule }`);
      const found = {
        title: 'Part', description: '**Bold**', status: 'PENDING', priority: 2, startAt: '2098-01-01T00:00:00.000Z', dueAt: '2099-01-01T00:00:00.000Z', overdue: false, ref: task.ref,
        creator: { handle: owner.handle }, assignees: [{ handle: member.handle, name: 'The member' }], watchers: [{ handle: viewer.handle }],
        project: { key: project.key, name: 'The project', viewerRole: 'VIEWER' }, channel: null, parent: { title: 'Whole', subtaskProgress: 0 },
        labels: [{ name: label.name, color: label.color }], blockedBy: [], comments: { totalCount: 1, nodes: [{ body: 'Nice', author: { name: 'The viewer' } }] },
        history: { nodes: [{ kind: 'CREATED', actor: { handle: owner.handle } }, { kind: 'COMMENTED', actor: { handle: viewer.handle } }] }, recurrence: null,
      };
      expect((await viewer.ask(document, { id: task.id })).task).toEqual(found);
      expect((await viewer.ask(document, { ref: task.ref?.toLowerCase() })).task).toEqual(found);
    },
  },
  {
    operation: 'Query.task', outcome: 'refusal', title: 'is null without an error for a task one cannot see, exactly as for one that does not exist (RULES §1)',
    async prove(world) {
      const { project, owner, stranger, member } = await team(world);
      const task = await world.task(owner, { projectId: project.id });
      const personal = await world.task(owner);
      for (const [who, asked] of [[stranger, { id: task.id }], [stranger, { ref: task.ref }], [member, { id: personal.id }], [member, { id: missingId() }], [member, { ref: 'NONE-1' }], [member, { id: 'no id' }]] as const) {
        expect(await who.ask(byIdOrRef('title'), asked)).toEqual({ task: null });
      }
    },
  },
  {
    operation: 'Query.task', outcome: 'refusal', title: 'shows a task in the trash only to those who may restore it (RULES §6)',
    async prove(world) {
      const { task, viewer, member, maintainer } = await trashedTask(world);
      expect([await see(viewer, task.id), await see(member, task.id)]).toEqual([null, null]);
      expect(await see(maintainer, task.id, 'deletedAt')).toEqual({ deletedAt: expect.any(String) });
    },
  },
  {
    operation: 'Query.task', outcome: 'refusal', title: 'is BAD_USER_INPUT unless asked by exactly one of id and ref',
    async prove(world) {
      const { viewer } = await team(world);
      for (const asked of [{}, { id: missingId(), ref: 'WEB-1' }]) expect(await viewer.refused(byIdOrRef('id'), asked)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'id' }] });
      expect(await world.anonymous.refused(byIdOrRef('id'), { ref: 'WEB-1' })).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
  {
    operation: 'Query.tasks', outcome: 'success', title: 'filters, sorts by several keys with nulls last, counts, and pages in both directions over all that one can see',
    async prove(world) {
      const [who, word] = [await world.person('Lister'), `word${unique()}`];
      const project = await world.project(who, { name: 'Listed' });
      const place = (index: number) => (index % 2 === 0 ? { projectId: project.id } : {});
      const given = [['c', 2, '2097-01-01T00:00:00Z'], ['a', 1, null], ['b', 2, '2096-01-01T00:00:00Z'], ['d', 2, null], ['low', 9, null]] as const;
      for (const [index, [title, priority, dueAt]] of given.entries()) await world.task(who, { title: `${title} ${word}`, priority, dueAt, ...place(index) });
      const asked = { filter: { and: [{ text: word }, { not: { priority: { gt: 5 } } }] }, sort: [{ field: 'PRIORITY' }, { field: 'DUE_AT', direction: 'ASC' }] };
      const document = list('totalCount nodes { title project { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }');
      const titles = (page: any) => page.nodes.map((node: { title: string }) => node.title.split(' ')[0]);
      const { tasks: first } = await who.ask(document, { ...asked, first: 2 });
      expect(first).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true, hasPreviousPage: false }, nodes: [{ project: null }, { project: { name: 'Listed' } }] });
      const { tasks: second } = await who.ask(document, { ...asked, first: 2, after: first.pageInfo.endCursor });
      expect([titles(first), titles(second)]).toEqual([['a', 'b'], ['c', 'd']]);
      const { tasks: back } = await who.ask(document, { ...asked, last: 3, before: second.pageInfo.endCursor });
      expect([titles(back), back.pageInfo.hasPreviousPage]).toEqual([['a', 'b', 'c'], false]);
    },
  },
  {
    operation: 'Query.tasks', outcome: 'refusal', title: 'is empty for places and people one cannot see (RULES §1)',
    async prove(world) {
      const { project, owner, stranger } = await team(world);
      await world.task(owner, { projectId: project.id });
      for (const filter of [{ projectId: { eq: project.id } }, { creatorId: { eq: owner.id } }]) expect((await stranger.ask(list('totalCount nodes { id }'), { filter })).tasks).toEqual({ totalCount: 0, nodes: [] });
    },
  },
  {
    operation: 'Query.tasks', outcome: 'refusal', title: 'is BAD_USER_INPUT with its path for a page, a cursor or a filter that is none',
    async prove(world) {
      const { viewer } = await team(world);
      const deep = { not: { not: { not: { not: { not: { not: { overdue: true } } } } } } };
      const cases = [[{ first: 0 }, 'first'], [{ first: 1_001 }, 'first'], [{ first: 1, last: 1 }, 'last'], [{ after: 'forged' }, 'after'], [{ filter: { or: [{ title: { contains: '\u0000' } }] } }, 'filter.or.0.title.contains']] as const;
      for (const [variables, path] of cases) expect(await viewer.refused(list('totalCount'), variables)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      expect(await viewer.refused(list('totalCount'), { filter: deep })).toMatchObject({ code: 'BAD_USER_INPUT' });
    },
  },
];

export const taskWriteProofs: Proof[] = [
  {
    operation: 'Mutation.createTask', outcome: 'success', title: 'numbers the tasks of a project KEY-n without a gap under concurrency; members read them at once, joined over subgraphs (RULES §6)',
    async prove(world) {
      const owner = await world.person('Founder');
      const project = await world.project(owner, { name: 'Counted' });
      const member = await world.member(project, 'MEMBER');
      const made = await Promise.all(Array.from({ length: 6 }, (_, index) => world.task(index % 2 === 0 ? owner : member, { projectId: project.id, assigneeIds: [member.id] })));
      expect(new Set(made.map((task) => task.ref))).toEqual(new Set([1, 2, 3, 4, 5, 6].map((number) => `${project.key}-${number}`)));
      const document = 'query ($id: ID!) { project(id: $id) { tasks { totalCount nodes { assignees { handle } } } stats { total byStatus { pending } } } me { tasks { totalCount } } }';
      await eventually(async () => {
        const seen = await member.ask(document, { id: project.id });
        expect(seen.project.tasks).toEqual({ totalCount: 6, nodes: made.map(() => ({ assignees: [{ handle: member.handle }] })) });
        expect([seen.me.tasks.totalCount, seen.project.stats]).toEqual([6, { total: 6, byStatus: { pending: 6 } }]);
      });
    },
  },
  {
    operation: 'Mutation.createTask', outcome: 'success', title: 'makes a task of a channel for its plain MEMBER, and a personal one that nobody else sees (RULES §1)',
    async prove(world) {
      const { channel, member, other } = await house(world);
      const open = await world.task(member, { channelId: channel.id, title: 'For all' });
      expect(await see(other, open.id, 'title ref channel { name } project { id } creator { handle }')).toEqual({ title: 'For all', ref: null, channel: { name: 'The channel' }, project: null, creator: { handle: member.handle } });
      const personal = await world.task(member, { title: 'For me' });
      expect([await see(other, personal.id), await see(member, personal.id, 'title ref channel { id } project { id }')]).toEqual([null, { title: 'For me', ref: null, channel: null, project: null }]);
    },
  },
  {
    operation: 'Mutation.createTask', outcome: 'success', title: 'sent again with the same id and input, or under the same Idempotency-Key, it is the same create and shows the task as it is now (RULES §3)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const [input, key] = [{ id: newId(), projectId: project.id, title: 'Once' }, newKey()];
      const made = await write(owner, 'createTask', input, { key });
      await write(member, 'updateTask', { id: input.id, title: 'Once and changed' });
      const [byKey, byId] = [await write(owner, 'createTask', input, { key }), await write(owner, 'createTask', input)];
      expect(byKey).toMatchObject({ cursor: made.cursor, undoToken: made.undoToken, task: { id: input.id, ref: made.task.ref, title: 'Once and changed', version: 2 } });
      expect(byId.task).toEqual(byKey.task);
    },
  },
  {
    operation: 'Mutation.createTask', outcome: 'refusal', title: 'is FORBIDDEN to a VIEWER and NOT_FOUND where one cannot see the place (RULES §1)',
    async prove(world) {
      const { project, viewer, stranger } = await team(world);
      const { channel } = await house(world);
      expect(await refuse(viewer, 'createTask', { projectId: project.id, title: 'No' })).toMatchObject({ code: 'FORBIDDEN', path: ['createTask'] });
      for (const place of [{ projectId: project.id }, { channelId: channel.id }, { projectId: missingId() }]) expect(await refuse(stranger, 'createTask', { ...place, title: 'No' })).toMatchObject({ code: 'NOT_FOUND' });
    },
  },
  {
    operation: 'Mutation.createTask', outcome: 'refusal', title: 'is BAD_USER_INPUT with its path for a parent in another scope, an assignee who cannot see it, a foreign label, dates the wrong way round (RULES §1, §6)',
    async prove(world) {
      const scene = await team(world);
      const { project, owner, stranger, member } = scene;
      const [personal, label] = [await world.task(owner), await newLabel(scene)];
      const cases = [
        [{ parentId: personal.id }, 'input.parentId'], [{ assigneeIds: [stranger.id] }, 'input.assigneeIds'], [{ dueAt: '2029-01-01T00:00:00Z', startAt: '2029-01-02T00:00:00Z' }, 'input.dueAt'],
        [{ priority: 11 }, 'input.priority'], [{ title: '' }, 'input.title'], [{ id: 'no id' }, 'input.id'], [{ recurrence: { rule: 'FREQ=NEVER', timeZone: 'UTC' } }, 'input.recurrence.rule'],
      ] as const;
      for (const [input, path] of cases) expect(await refuse(owner, 'createTask', { projectId: project.id, title: 'No', ...input })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      // A personal task is its creator's alone, and knows no labels.
      expect(await refuse(owner, 'createTask', { title: 'No', assigneeIds: [member.id] })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.assigneeIds' }] });
      expect(await refuse(owner, 'createTask', { title: 'No', labelIds: [label.id] })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.labelIds' }] });
    },
  },
  notWithTakenId('createTask', async (world) => {
    const { project, owner, member } = await team(world);
    const input = { id: newId(), projectId: project.id, title: 'Mine' };
    return { who: owner, another: member, input, changed: { ...input, title: 'Other' } };
  }),
  notUnderUsedKey('createTask', async (world) => ({ who: (await team(world)).owner, first: { title: 'One' }, second: { title: 'Two' } })),
  notWhileArchived('createTask', ({ project }) => ({ projectId: project.id, title: 'Late' })),

  {
    operation: 'Mutation.updateTask', outcome: 'success', title: 'is a patch: absent keeps, null clears, and an empty one changes nothing and answers the last cursor (RULES §2)',
    async prove(world) {
      const { project, owner, member, viewer } = await team(world);
      const task = await world.task(owner, { projectId: project.id, description: 'Words', dueAt: '2099-01-01T00:00:00Z', priority: 2 });
      const written = await write(member, 'updateTask', { id: task.id, title: 'New', dueAt: null });
      const selection = 'title description priority dueAt version history { nodes { kind actor { handle } changes { field before after } } }';
      const now = await see(viewer, task.id, selection);
      expect(now).toMatchObject({ title: 'New', description: 'Words', priority: 2, dueAt: null, version: 2 });
      expect(now.history.nodes[1]).toEqual({ kind: 'UPDATED', actor: { handle: member.handle }, changes: [{ field: 'title', before: 'A task', after: 'New' }, { field: 'dueAt', before: '2099-01-01T00:00:00.000Z', after: null }] });
      expect(await write(owner, 'updateTask', { id: task.id })).toMatchObject({ cursor: written.cursor, undoToken: null, task: { version: 2 } });
      expect(await see(viewer, task.id, selection)).toEqual(now);
    },
  },
  {
    operation: 'Mutation.updateTask', outcome: 'success', title: 'merges patches from the same version that touch different fields (RULES §2)',
    async prove(world) {
      const { project, owner, member, viewer } = await team(world);
      const task = await world.task(owner, { projectId: project.id });
      await write(member, 'updateTask', { id: task.id, expectedVersion: 1, priority: 1 });
      await write(owner, 'updateTask', { id: task.id, expectedVersion: 1, title: 'Merged' });
      expect(await see(viewer, task.id)).toEqual({ title: 'Merged', priority: 1, status: 'PENDING', version: 3 });
    },
  },
  {
    operation: 'Mutation.updateTask', outcome: 'success', title: 'in a channel its creator, assignees and MODERATOR edit a task (RULES §1)',
    async prove(world) {
      const { channel, moderator, member, other } = await house(world);
      const task = await world.task(member, { channelId: channel.id, assigneeIds: [other.id] });
      for (const [who, title] of [[member, 'By its creator'], [other, 'By its assignee'], [moderator, 'By the moderator']] as const) await write(who, 'updateTask', { id: task.id, title });
      expect(await see(member, task.id, 'history { nodes { actor { handle } } }')).toEqual({ history: { nodes: [member, member, other, moderator].map(({ handle }) => ({ actor: { handle } })) } });
    },
  },
  notForViewers('updateTask', ({ id }) => ({ id, title: 'No' })),
  {
    operation: 'Mutation.updateTask', outcome: 'refusal', title: 'is FORBIDDEN in a channel to a MEMBER who neither created the task nor is assigned to it (RULES §1)',
    async prove(world) {
      const { channel, member, other } = await house(world);
      const task = await world.task(member, { channelId: channel.id });
      expect(await refuse(other, 'updateTask', { id: task.id, title: 'No' })).toMatchObject({ code: 'FORBIDDEN' });
      expect(await refuse(other, 'updateTask', { id: task.id, status: 'CANCELLED' })).toMatchObject({ code: 'FORBIDDEN' });
      expect(await see(member, task.id)).toMatchObject({ title: 'A task', status: 'PENDING', version: 1 });
    },
  },
  {
    operation: 'Mutation.updateTask', outcome: 'refusal', title: 'is BAD_USER_INPUT with its path for null on a required field, a version ahead, a circle of parents, a parent in another scope (RULES §2, §6)',
    async prove(world) {
      const { project, owner } = await team(world);
      const parent = await world.task(owner, { projectId: project.id });
      const child = await world.task(owner, { projectId: project.id, parentId: parent.id });
      const elsewhere = await world.task(owner);
      const cases = [[{ title: null }, 'input.title'], [{ priority: 0 }, 'input.priority'], [{ title: 'New', expectedVersion: 9 }, 'input.expectedVersion'], [{ parentId: child.id }, 'input.parentId'], [{ parentId: elsewhere.id }, 'input.parentId']] as const;
      for (const [input, path] of cases) expect(await refuse(owner, 'updateTask', { id: parent.id, ...input })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      expect(await see(owner, parent.id)).toMatchObject({ version: 1 });
    },
  },
  {
    operation: 'Mutation.updateTask', outcome: 'conflict', title: 'is CONFLICT with `fields` and `current` where somebody changed the same fields since `expectedVersion` (RULES §2)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const task = await world.task(owner, { projectId: project.id });
      await write(member, 'updateTask', { id: task.id, title: 'Theirs', priority: 1 });
      expect(await refuse(owner, 'updateTask', { id: task.id, expectedVersion: 1, title: 'Mine', description: 'Kept apart' })).toMatchObject({ code: 'CONFLICT', fields: ['title'], current: { version: 2, title: 'Theirs' } });
      expect(await see(owner, task.id, 'title description version')).toEqual({ title: 'Theirs', description: null, version: 2 });
    },
  },
  notInTrash('updateTask', ({ id }) => ({ id, title: 'Late' })),
  notWhileArchived('updateTask', ({ task }) => ({ id: task.id, title: 'Late' })),
];
