// Tasks: taking writes back, and writing many at once.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { newKey, newLabel, refuse, see, team, write } from './scenes.js';
import { notUnderUsedKey, notWhileArchived } from './usual-proofs.js';
import { missingId, unique } from './world.js';

export const undoProofs: Proof[] = [
  {
    operation: 'Mutation.undo', outcome: 'success', title: 'puts back what a write changed and leaves what others changed beside it; the undo can itself be undone (RULES §6)',
    async prove(world) {
      const { project, owner, member, viewer } = await team(world);
      const task = await world.task(owner, { projectId: project.id, assigneeIds: [viewer.id] });
      const { undoToken } = await write(owner, 'updateTask', { id: task.id, title: 'Changed', assigneeIds: [] });
      await write(member, 'updateTask', { id: task.id, priority: 1 });
      const undone = await write(owner, 'undo', { token: undoToken });
      const selection = 'title priority assignees { handle } version';
      expect(undone.tasks).toEqual([{ id: task.id }]);
      expect(await see(viewer, task.id, selection)).toEqual({ title: 'A task', priority: 1, assignees: [{ handle: viewer.handle }], version: 4 });
      await write(owner, 'undo', { token: undone.undoToken });
      expect(await see(viewer, task.id, selection)).toEqual({ title: 'Changed', priority: 1, assignees: [], version: 5 });
    },
  },
  {
    operation: 'Mutation.undo', outcome: 'success', title: 'of a create is the trash, of a move the way back, of a completion also trashes the next instance (RULES §6)',
    async prove(world) {
      const { project, owner, viewer } = await team(world);
      const title = `Taken back ${unique()}`;
      const made = await world.task(owner, { projectId: project.id });
      await write(owner, 'undo', { token: made.undoToken });
      expect([await see(viewer, made.id), await see(owner, made.id, 'deletedAt')]).toEqual([null, { deletedAt: expect.any(String) }]);

      const moved = await world.task(owner, { projectId: project.id });
      const { undoToken: back } = await write(owner, 'moveTask', { id: moved.id, personal: true });
      await write(owner, 'undo', { token: back });
      expect(await see(viewer, moved.id, 'ref project { key }')).toEqual({ ref: moved.ref, project: { key: project.key } });

      const series = await world.task(owner, { projectId: project.id, title, dueAt: '2098-01-01T00:00:00Z', recurrence: { rule: 'FREQ=DAILY', timeZone: 'UTC' } });
      const { undoToken: completed } = await write(owner, 'completeTask', { id: series.id });
      await write(owner, 'undo', { token: completed });
      const { tasks } = await viewer.ask('query ($title: String!) { tasks(filter: { title: { eq: $title } }) { nodes { id status } } }', { title });
      expect(tasks.nodes).toEqual([{ id: series.id, status: 'PENDING' }]);
    },
  },
  {
    operation: 'Mutation.undo', outcome: 'success', title: 'of a dependency ends the waiting, of its end makes the task wait again',
    async prove(world) {
      const { project, owner, viewer } = await team(world);
      const [task, blocker] = [await world.task(owner, { projectId: project.id }), await world.task(owner, { projectId: project.id })];
      const [input, waits] = [{ taskId: task.id, blockedById: blocker.id }, async () => (await see(viewer, task.id, 'blockedBy { id }')).blockedBy];
      await write(owner, 'undo', { token: (await write(owner, 'addTaskDependency', input)).undoToken });
      expect(await waits()).toEqual([]);
      await write(owner, 'addTaskDependency', input);
      await write(owner, 'undo', { token: (await write(owner, 'removeTaskDependency', input)).undoToken });
      expect(await waits()).toEqual([{ id: blocker.id }]);
    },
  },
  {
    operation: 'Mutation.undo', outcome: 'refusal', title: 'is BAD_USER_INPUT at `input.token` for the token of somebody else, or none (RULES §6)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const task = await world.task(owner, { projectId: project.id });
      for (const token of [task.undoToken, 'forged', '']) expect(await refuse(member, 'undo', { token })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.token' }] });
      expect(await see(member, task.id, 'deletedAt')).toEqual({ deletedAt: null });
    },
  },
  {
    operation: 'Mutation.undo', outcome: 'refusal', title: 'is NOT_FOUND to whoever sees the task no longer, FORBIDDEN to whoever may only read it by now (RULES §1)',
    async prove(world) {
      const owner = await world.person('Host of two');
      const project = await world.project(owner);
      const [leaves, reads] = [await world.member(project, 'MEMBER'), await world.member(project, 'MEMBER')];
      const task = await world.task(owner, { projectId: project.id });
      const tokens = [(await write(leaves, 'updateTask', { id: task.id, title: 'By one' })).undoToken, (await write(reads, 'updateTask', { id: task.id, priority: 1 })).undoToken];
      await write(owner, 'removeProjectMember', { projectId: project.id, userId: leaves.id });
      await write(owner, 'changeProjectMemberRole', { projectId: project.id, userId: reads.id, role: 'VIEWER' });
      await eventually(async () => expect((await leaves.ask('query ($id: ID!) { task(id: $id) { id } }', { id: task.id })).task).toBeNull());
      await eventually(() => refuse(reads, 'createTask', { projectId: project.id, title: 'No longer' }));
      expect(await refuse(leaves, 'undo', { token: tokens[0] })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await refuse(reads, 'undo', { token: tokens[1] })).toMatchObject({ code: 'FORBIDDEN' });
    },
  },
  {
    operation: 'Mutation.undo', outcome: 'conflict', title: 'is CONFLICT with `fields` and `current` where somebody changed those fields since, and nothing of the write is taken back (RULES §6)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const task = await world.task(owner, { projectId: project.id });
      const { undoToken } = await write(owner, 'updateTask', { id: task.id, title: 'Mine', priority: 2 });
      await write(member, 'updateTask', { id: task.id, title: 'Theirs' });
      expect(await refuse(owner, 'undo', { token: undoToken })).toMatchObject({ code: 'CONFLICT', fields: ['title'], current: { version: 3, title: 'Theirs' } });
      expect(await see(owner, task.id)).toMatchObject({ title: 'Theirs', priority: 2, version: 3 });
    },
  },
  {
    operation: 'Mutation.undo', outcome: 'conflict', title: 'is CONFLICT a second time; under the same Idempotency-Key it is the first answer again (RULES §3, §6)',
    async prove(world) {
      const { project, owner } = await team(world);
      const task = await world.task(owner, { projectId: project.id });
      const { undoToken: token } = await write(owner, 'updateTask', { id: task.id, title: 'Changed' });
      const key = newKey();
      const first = await write(owner, 'undo', { token }, { key });
      expect(await refuse(owner, 'undo', { token })).toMatchObject({ code: 'CONFLICT' });
      expect(await write(owner, 'undo', { token }, { key })).toEqual(first);
    },
  },
  {
    operation: 'Mutation.undo', outcome: 'conflict', title: 'of a completion is CONFLICT once somebody has worked on the next instance (RULES §6)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const title = `Begun ${unique()}`;
      const task = await world.task(owner, { projectId: project.id, title, dueAt: '2098-01-01T00:00:00Z', recurrence: { rule: 'FREQ=DAILY', timeZone: 'UTC' } });
      const { undoToken } = await write(owner, 'completeTask', { id: task.id });
      const { tasks } = await member.ask('query ($title: String!) { tasks(filter: { title: { eq: $title }, status: { eq: PENDING } }) { nodes { id } } }', { title });
      await write(member, 'updateTask', { id: tasks.nodes[0].id, status: 'IN_PROGRESS' });
      expect(await refuse(owner, 'undo', { token: undoToken })).toMatchObject({ code: 'CONFLICT' });
      expect(await see(owner, task.id)).toMatchObject({ status: 'COMPLETED' });
    },
  },
  {
    operation: 'Mutation.undo', outcome: 'conflict', title: 'of the end of a dependency is CONFLICT where the waiting would close a circle by now',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const [task, blocker] = [await world.task(owner, { projectId: project.id }), await world.task(owner, { projectId: project.id })];
      await write(owner, 'addTaskDependency', { taskId: task.id, blockedById: blocker.id });
      const { undoToken } = await write(owner, 'removeTaskDependency', { taskId: task.id, blockedById: blocker.id });
      await write(member, 'addTaskDependency', { taskId: blocker.id, blockedById: task.id });
      expect(await refuse(owner, 'undo', { token: undoToken })).toMatchObject({ code: 'CONFLICT' });
      expect(await see(owner, task.id, 'blockedBy { id }')).toEqual({ blockedBy: [] });
    },
  },
  notWhileArchived('undo', ({ undoToken }) => ({ token: undoToken })),

  {
    operation: 'Mutation.bulkUpdateTasks', outcome: 'success', title: 'patches tasks of several places, with a result for each in the order of the items and one undo token for all (RULES §6)',
    async prove(world) {
      const scene = await team(world);
      const { project, owner, member, viewer } = scene;
      const label = await newLabel(scene);
      const [one, two, personal] = [await world.task(owner, { projectId: project.id, assigneeIds: [member.id] }), await world.task(owner, { projectId: project.id }), await world.task(owner)];
      const ids = [two.id, one.id, personal.id];
      const done = await write(owner, 'bulkUpdateTasks', { items: ids.map((id) => ({ id })), patch: { priority: 1, removeAssigneeIds: [member.id] } });
      expect(done).toMatchObject({ succeeded: 3, failed: 0, results: ids.map((id) => ({ id, code: null, task: { id, version: 2 } })) });
      await write(member, 'bulkUpdateTasks', { items: [{ id: one.id }], patch: { addLabelIds: [label.id] } });
      expect(await see(viewer, one.id, 'priority assignees { id } labels { name }')).toEqual({ priority: 1, assignees: [], labels: [{ name: label.name }] });
      await write(owner, 'undo', { token: done.undoToken });
      expect(await see(viewer, one.id, 'priority assignees { id } labels { name }')).toEqual({ priority: 5, assignees: [{ id: member.id }], labels: [{ name: label.name }] });
      expect(await see(owner, personal.id)).toMatchObject({ priority: 5, version: 3 });
    },
  },
  {
    operation: 'Mutation.bulkUpdateTasks', outcome: 'success', title: 'with `dryRun` says what would happen and writes nothing',
    async prove(world) {
      const { project, owner, viewer } = await team(world);
      const task = await world.task(owner, { projectId: project.id });
      expect(await write(owner, 'bulkUpdateTasks', { items: [{ id: task.id }, { id: missingId() }], patch: { delete: true }, dryRun: true })).toMatchObject({ succeeded: 1, failed: 1, undoToken: null, results: [{ code: null }, { code: 'NOT_FOUND' }] });
      expect(await see(viewer, task.id)).toMatchObject({ version: 1 });
    },
  },
  {
    operation: 'Mutation.bulkUpdateTasks', outcome: 'refusal', title: 'answers each item with the code of its own: FORBIDDEN, NOT_FOUND, BAD_USER_INPUT; the rest is done (RULES §1)',
    async prove(world) {
      const [{ project, owner, member, stranger }, other] = [await team(world), await world.person('Host elsewhere')];
      const elsewhere = await world.project(other);
      await write(other, 'addProjectMember', { projectId: elsewhere.id, userId: member.id, role: 'VIEWER' });
      const [fine, readOnly, hidden] = [await world.task(owner, { projectId: project.id }), await world.task(other, { projectId: elsewhere.id }), await world.task(owner)];
      const done = await write(member, 'bulkUpdateTasks', { items: [readOnly, hidden, fine].map(({ id }) => ({ id })), patch: { priority: 9 } });
      expect(done).toMatchObject({ succeeded: 1, failed: 2, results: [{ code: 'FORBIDDEN' }, { code: 'NOT_FOUND', task: null }, { code: null, task: { version: 2 } }] });
      expect(await write(member, 'bulkUpdateTasks', { items: [{ id: fine.id }], patch: { addAssigneeIds: [stranger.id] } })).toMatchObject({ failed: 1, results: [{ code: 'BAD_USER_INPUT' }] });
      expect([await see(owner, fine.id), await see(owner, hidden.id)]).toMatchObject([{ priority: 9 }, { priority: 5 }]);
    },
  },
  {
    operation: 'Mutation.bulkUpdateTasks', outcome: 'refusal', title: 'is BAD_USER_INPUT with its path for no items, a task named twice, a patch that is none',
    async prove(world) {
      const { project, owner } = await team(world);
      const { id } = await world.task(owner, { projectId: project.id });
      const cases = [
        [{ items: [] }, 'input.items'], [{ items: [{ id }, { id: id.toUpperCase() }] }, 'input.items'], [{ patch: { priority: 11 } }, 'input.patch.priority'],
        [{ items: Array.from({ length: 501 }, () => ({ id: missingId() })) }, 'input.items'], [{ patch: { delete: true, priority: 1 } }, 'input.patch.delete'],
      ] as const;
      for (const [input, path] of cases) expect(await refuse(owner, 'bulkUpdateTasks', { items: [{ id }], patch: { priority: 1 }, ...input })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    },
  },
  {
    operation: 'Mutation.bulkUpdateTasks', outcome: 'conflict', title: 'an item whose fields somebody changed since its `expectedVersion` is CONFLICT; with `atomic` none is done then (RULES §2)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const [stale, fine] = [await world.task(owner, { projectId: project.id }), await world.task(owner, { projectId: project.id })];
      await write(member, 'updateTask', { id: stale.id, priority: 2 });
      const input = { items: [{ id: fine.id, expectedVersion: 1 }, { id: stale.id, expectedVersion: 1 }], patch: { priority: 7 } };
      expect(await write(owner, 'bulkUpdateTasks', { ...input, atomic: true })).toMatchObject({ succeeded: 0, failed: 2, undoToken: null, results: [{ code: 'CONFLICT' }, { code: 'CONFLICT' }] });
      expect(await see(member, fine.id)).toMatchObject({ priority: 5, version: 1 });
      expect(await write(owner, 'bulkUpdateTasks', input)).toMatchObject({ succeeded: 1, failed: 1, results: [{ code: null }, { code: 'CONFLICT' }] });
      expect([await see(member, fine.id), await see(member, stale.id)]).toMatchObject([{ priority: 7 }, { priority: 2 }]);
    },
  },
  notUnderUsedKey('bulkUpdateTasks', async (world) => {
    const { project, owner } = await team(world);
    const { id } = await world.task(owner, { projectId: project.id });
    return { who: owner, first: { items: [{ id }], patch: { priority: 1 } }, second: { items: [{ id }], patch: { priority: 2 } } };
  }),
];
