// Tasks: moving them, the trash and back.
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { archived, house, newLabel, refuse, see, team, write } from './scenes.js';
import { notForViewers, notInTrash, notWhileArchived } from './usual-proofs.js';
import { missingId, unique } from './world.js';

const titlesOf = 'query ($id: ID!, $filter: TaskFilter) { project(id: $id) { tasks(sort: { field: RANK }, filter: $filter) { nodes { title } } } }';

export const taskMoveProofs: Proof[] = [
  {
    operation: 'Mutation.moveTask', outcome: 'success', title: 'gives a task another place in the manual order, and a status on the way; everybody sees one order (RULES §6)',
    async prove(world) {
      const owner = await world.person('Sorter');
      const project = await world.project(owner);
      const [member, viewer] = [await world.member(project, 'MEMBER'), await world.member(project, 'VIEWER')];
      const make = (title: string) => world.task(owner, { projectId: project.id, title });
      const [a, b, c] = [await make('a'), await make('b'), await make('c')];
      await write(member, 'moveTask', { id: c.id, before: a.id });
      await write(member, 'moveTask', { id: a.id, after: b.id, status: 'IN_PROGRESS' });
      const seen = await viewer.ask(titlesOf, { id: project.id });
      expect(seen.project.tasks.nodes.map((node: { title: string }) => node.title)).toEqual(['c', 'b', 'a']);
      const change = (field: string) => expect.objectContaining({ field });
      const { history } = await see(viewer, a.id, 'history { nodes { kind changes { field } } }');
      expect(history.nodes.at(-1).changes).toEqual([change('status'), change('rank')]);
      expect(await see(viewer, c.id, 'status version history { nodes { kind } }')).toEqual({ status: 'PENDING', version: 2, history: { nodes: [{ kind: 'CREATED' }, { kind: 'MOVED' }] } });
    },
  },
  {
    operation: 'Mutation.moveTask', outcome: 'success', title: 'takes the subtree to another project: new refs, the old ones still resolve, labels, assignees and watchers the target does not know are dropped (RULES §6)',
    async prove(world) {
      const scene = await team(world);
      const { project, owner, member, viewer } = scene;
      const target = await world.project(owner, { name: 'Target' });
      const newcomer = await world.member(target, 'VIEWER');
      const label = await newLabel(scene);
      const task = await world.task(owner, { projectId: project.id, title: 'Goes', labelIds: [label.id], assigneeIds: [member.id, owner.id] });
      const below = await world.task(owner, { projectId: project.id, title: 'Goes along', parentId: task.id });
      await write(viewer, 'watchTask', { id: task.id });
      await write(owner, 'moveTask', { id: task.id, projectId: target.id });
      const { task: moved } = await newcomer.ask('query ($ref: String!) { task(ref: $ref) { ref project { name } labels { id } assignees { handle } watchers { handle } subtasks { nodes { ref title } } } }', { ref: task.ref });
      expect(moved).toEqual({ ref: `${target.key}-1`, project: { name: 'Target' }, labels: [], assignees: [{ handle: owner.handle }], watchers: [], subtasks: { nodes: [{ ref: `${target.key}-2`, title: 'Goes along' }] } });
      // The newcomer could not see a foreign label in any case; the owner could.
      expect([await see(owner, task.id, 'labels { name }'), await see(member, task.id), await see(member, below.id)]).toEqual([{ labels: [] }, null, null]);
    },
  },
  {
    operation: 'Mutation.moveTask', outcome: 'success', title: 'takes a personal task to a channel and back to the personal list',
    async prove(world) {
      const { channel, member, other } = await house(world);
      const task = await world.task(member, { title: 'Shown' });
      await write(member, 'moveTask', { id: task.id, channelId: channel.id });
      expect(await see(other, task.id, 'title channel { name }')).toEqual({ title: 'Shown', channel: { name: 'The channel' } });
      await write(member, 'moveTask', { id: task.id, personal: true });
      expect([await see(other, task.id), await see(member, task.id, 'channel { id } ref')]).toEqual([null, { channel: null, ref: null }]);
    },
  },
  notForViewers('moveTask', ({ id }) => ({ id, status: 'IN_PROGRESS' })),
  {
    operation: 'Mutation.moveTask', outcome: 'refusal', title: 'is FORBIDDEN into a project where one may only read, NOT_FOUND into one that one cannot see (RULES §1)',
    async prove(world) {
      const { project, viewer, stranger } = await team(world);
      const [readers, strangers] = [await world.task(viewer), await world.task(stranger)];
      expect(await refuse(viewer, 'moveTask', { id: readers.id, projectId: project.id })).toMatchObject({ code: 'FORBIDDEN' });
      for (const projectId of [project.id, missingId()]) expect(await refuse(stranger, 'moveTask', { id: strangers.id, projectId })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await see(viewer, readers.id, 'project { id } version')).toEqual({ project: null, version: 1 });
    },
  },
  {
    operation: 'Mutation.moveTask', outcome: 'refusal', title: 'is BAD_USER_INPUT with its path for two targets, or a neighbour of another list (RULES §6)',
    async prove(world) {
      const { project, owner } = await team(world);
      const [task, personal] = [await world.task(owner, { projectId: project.id }), await world.task(owner)];
      const cases = [[{ projectId: project.id, personal: true }, 'input.projectId'], [{ after: personal.id }, 'input.after'], [{ before: task.id }, 'input.before']] as const;
      for (const [input, path] of cases) expect(await refuse(owner, 'moveTask', { id: task.id, ...input })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    },
  },
  {
    operation: 'Mutation.moveTask', outcome: 'conflict', title: 'is CONFLICT with `fields` and `current` where somebody moved the task since `expectedVersion` (RULES §2)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const [task, neighbour] = [await world.task(owner, { projectId: project.id }), await world.task(owner, { projectId: project.id })];
      await write(member, 'moveTask', { id: task.id, after: neighbour.id });
      const { rank } = await see(member, task.id, 'rank');
      expect(await refuse(owner, 'moveTask', { id: task.id, expectedVersion: 1, before: neighbour.id })).toMatchObject({ code: 'CONFLICT', fields: ['rank'], current: { version: 2, rank } });
      expect(await see(member, task.id, 'rank version')).toEqual({ rank, version: 2 });
    },
  },
  {
    operation: 'Mutation.moveTask', outcome: 'conflict', title: 'is CONFLICT into an archived project, and out of one (RULES §1)',
    async prove(world) {
      const { project, owner, task } = await archived(world);
      const personal = await world.task(owner);
      for (const input of [{ id: personal.id, projectId: project.id }, { id: task.id, personal: true }]) expect(await refuse(owner, 'moveTask', input)).toMatchObject({ code: 'CONFLICT', message: 'The project is archived.' });
    },
  },
  notInTrash('moveTask', ({ id }) => ({ id, personal: true })),

  {
    operation: 'Mutation.deleteTask', outcome: 'success', title: 'puts a task with its subtasks into the trash: lists leave them out unless asked with `deleted: true` (RULES §6)',
    async prove(world) {
      const { project, member, maintainer, viewer } = await team(world);
      const title = `Gone ${unique()}`;
      const task = await world.task(member, { projectId: project.id, title });
      const below = await world.task(member, { projectId: project.id, title, parentId: task.id });
      const deleted = await write(member, 'deleteTask', { id: task.id });
      expect(await write(member, 'deleteTask', { id: task.id })).toMatchObject({ cursor: deleted.cursor });
      expect((await viewer.ask(titlesOf, { id: project.id, filter: { title: { eq: title } } })).project.tasks.nodes).toEqual([]);
      const { tasks } = await maintainer.ask('query ($title: String!) { tasks(filter: { deleted: true, title: { eq: $title } }, sort: { field: CREATED_AT }) { nodes { id deletedAt history { nodes { kind } } } } }', { title });
      const history = { nodes: [{ kind: 'CREATED' }, { kind: 'DELETED' }] };
      expect(tasks.nodes).toEqual([task.id, below.id].map((id) => ({ id, deletedAt: expect.any(String), history })));
    },
  },
  {
    operation: 'Mutation.deleteTask', outcome: 'success', title: 'in a channel the assignee and the MODERATOR may, in a project the MAINTAINER may delete any task (RULES §1)',
    async prove(world) {
      const [{ channel, member, other, moderator }, { project, owner, maintainer }] = [await house(world), await team(world)];
      const [one, two] = [await world.task(member, { channelId: channel.id, assigneeIds: [other.id] }), await world.task(member, { channelId: channel.id })];
      const three = await world.task(owner, { projectId: project.id });
      for (const [who, { id }] of [[other, one], [moderator, two], [maintainer, three]] as const) await write(who, 'deleteTask', { id });
      for (const [who, { id }] of [[member, one], [member, two], [owner, three]] as const) expect(await see(who, id, 'deletedAt')).toEqual({ deletedAt: expect.any(String) });
    },
  },
  notForViewers('deleteTask', ({ id }) => ({ id })),
  {
    operation: 'Mutation.deleteTask', outcome: 'refusal', title: 'is FORBIDDEN to a MEMBER for the task of somebody else (RULES §1)',
    async prove(world) {
      const [{ project, owner, member }, { channel, ...guests }] = [await team(world), await house(world)];
      const task = await world.task(owner, { projectId: project.id, assigneeIds: [member.id] });
      const open = await world.task(guests.member, { channelId: channel.id });
      expect(await refuse(member, 'deleteTask', { id: task.id })).toMatchObject({ code: 'FORBIDDEN' });
      expect(await refuse(guests.other, 'deleteTask', { id: open.id })).toMatchObject({ code: 'FORBIDDEN' });
      expect([await see(member, task.id, 'deletedAt'), await see(guests.other, open.id, 'deletedAt')]).toEqual([{ deletedAt: null }, { deletedAt: null }]);
    },
  },
  {
    operation: 'Mutation.deleteTask', outcome: 'conflict', title: 'is CONFLICT where somebody trashed and restored the task since `expectedVersion` (RULES §2)',
    async prove(world) {
      const { project, owner, maintainer } = await team(world);
      const task = await world.task(owner, { projectId: project.id });
      await write(maintainer, 'deleteTask', { id: task.id });
      await write(maintainer, 'restoreTask', { id: task.id });
      expect(await refuse(owner, 'deleteTask', { id: task.id, expectedVersion: 1 })).toMatchObject({ code: 'CONFLICT', fields: ['deletedAt'], current: { version: 3, deletedAt: null } });
    },
  },
  notWhileArchived('deleteTask', ({ task }) => ({ id: task.id })),

  {
    operation: 'Mutation.restoreTask', outcome: 'success', title: 'brings a task back with the subtasks that went to the trash with it, not with those that went before (RULES §6)',
    async prove(world) {
      const { project, member, maintainer, viewer } = await team(world);
      const task = await world.task(member, { projectId: project.id, title: 'Back' });
      const [before, along] = [await world.task(member, { projectId: project.id, parentId: task.id }), await world.task(member, { projectId: project.id, parentId: task.id })];
      await write(member, 'deleteTask', { id: before.id });
      await write(member, 'deleteTask', { id: task.id });
      const restored = await write(maintainer, 'restoreTask', { id: task.id });
      expect(await see(viewer, task.id, 'title deletedAt subtasks { nodes { id } }')).toEqual({ title: 'Back', deletedAt: null, subtasks: { nodes: [{ id: along.id }] } });
      expect([await see(viewer, before.id), await write(member, 'restoreTask', { id: task.id })]).toMatchObject([null, { cursor: restored.cursor }]);
    },
  },
  notForViewers('restoreTask', ({ id }) => ({ id })),
  {
    operation: 'Mutation.restoreTask', outcome: 'refusal', title: 'is NOT_FOUND to a MEMBER who cannot see the trashed task of somebody else (RULES §6)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const task = await world.task(owner, { projectId: project.id });
      await write(owner, 'deleteTask', { id: task.id });
      expect(await refuse(member, 'restoreTask', { id: task.id })).toMatchObject({ code: 'NOT_FOUND' });
    },
  },
  {
    operation: 'Mutation.restoreTask', outcome: 'conflict', title: 'is CONFLICT while the parent lies in the trash',
    async prove(world) {
      const { project, owner } = await team(world);
      const parent = await world.task(owner, { projectId: project.id });
      const child = await world.task(owner, { projectId: project.id, parentId: parent.id });
      await write(owner, 'deleteTask', { id: parent.id });
      expect(await refuse(owner, 'restoreTask', { id: child.id })).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('parent') });
    },
  },
  notWhileArchived('restoreTask', ({ trashed }) => ({ id: trashed.id })),
];
