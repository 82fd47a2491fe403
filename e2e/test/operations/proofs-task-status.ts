// Tasks: completing, reopening, toggling, assigning.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { house, refuse, see, team, write } from './scenes.js';
import { outcomes } from './session.js';
import { notForViewers, notInTrash, notWhileArchived } from './usual-proofs.js';
import { mutation, unique } from './world.js';

const news = '{ notifications { nodes { kind task { id title } actor { handle } } } }';

export const taskStatusProofs: Proof[] = [
  {
    operation: 'Mutation.completeTask', outcome: 'success', title: 'any MEMBER of a channel completes any task; its creator is told, and a repeat changes nothing (RULES §1, §7)',
    async prove(world) {
      const { channel, member, other } = await house(world);
      const task = await world.task(member, { channelId: channel.id, title: 'For whoever comes' });
      const first = await write(other, 'completeTask', { id: task.id });
      const again = await write(other, 'completeTask', { id: task.id });
      expect([first.task.status, first.task.version, again.cursor, again.task.version]).toEqual(['COMPLETED', 2, first.cursor, 2]);
      expect(await see(member, task.id, 'status completedAt history { nodes { kind actor { handle } } }')).toEqual({
        status: 'COMPLETED', completedAt: expect.any(String), history: { nodes: [{ kind: 'CREATED', actor: { handle: member.handle } }, { kind: 'COMPLETED', actor: { handle: other.handle } }] },
      });
      await eventually(async () => expect((await member.ask(news)).notifications.nodes).toContainEqual({ kind: 'TASK_COMPLETED', task: { id: task.id, title: 'For whoever comes' }, actor: { handle: other.handle } }));
    },
  },
  {
    operation: 'Mutation.completeTask', outcome: 'success', title: 'makes the next instance of a recurring task once, at the same local time over the change of clocks (RULES §6)',
    async prove(world) {
      const { project, owner, member, viewer } = await team(world);
      const title = `Daily ${unique()}`;
      const task = await world.task(owner, { projectId: project.id, title, dueAt: '2098-03-29T07:00:00Z', recurrence: { rule: 'FREQ=DAILY', timeZone: 'Europe/Vienna' } });
      // 08:00 in Vienna, the day before summer time begins.
      await write(member, 'completeTask', { id: task.id });
      await write(member, 'reopenTask', { id: task.id });
      await write(member, 'completeTask', { id: task.id });
      const { tasks } = await viewer.ask('query ($title: String!) { tasks(filter: { title: { eq: $title } }, sort: { field: DUE_AT }) { nodes { status dueAt recurrence { rule } } } }', { title });
      const recurrence = { rule: 'FREQ=DAILY' };
      expect(tasks.nodes).toEqual([{ status: 'COMPLETED', dueAt: '2098-03-29T07:00:00.000Z', recurrence }, { status: 'PENDING', dueAt: '2098-03-30T06:00:00.000Z', recurrence }]);
    },
  },
  notForViewers('completeTask', ({ id }) => ({ id })),
  {
    operation: 'Mutation.completeTask', outcome: 'conflict', title: 'is CONFLICT for a blocked task: names the blockers one can see and counts the others; cancelling is allowed (RULES §6)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const make = (title: string) => world.task(owner, { projectId: project.id, title });
      const [task, open, done, hidden] = [await make('Waits'), await make('Open'), await make('Done'), await world.task(owner, { title: 'Hidden' })];
      for (const blocker of [open, done, hidden]) await write(owner, 'addTaskDependency', { taskId: task.id, blockedById: blocker.id });
      await write(owner, 'completeTask', { id: done.id });
      const refusal = await refuse(member, 'completeTask', { id: task.id });
      expect(refusal).toMatchObject({ code: 'CONFLICT', fields: ['status'], current: { status: 'PENDING', blockedBy: [{ id: open.id, ref: open.ref, title: 'Open' }], hiddenBlockers: 1 } });
      expect(JSON.stringify(refusal)).not.toContain(hidden.id);
      await write(member, 'updateTask', { id: task.id, status: 'CANCELLED' });
      expect(await see(owner, task.id)).toMatchObject({ status: 'CANCELLED' });
    },
  },
  {
    operation: 'Mutation.completeTask', outcome: 'conflict', title: 'is CONFLICT with `fields` and `current` where somebody changed the status since `expectedVersion` (RULES §2)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const task = await world.task(owner, { projectId: project.id });
      await write(member, 'updateTask', { id: task.id, status: 'CANCELLED' });
      expect(await refuse(owner, 'completeTask', { id: task.id, expectedVersion: 1 })).toMatchObject({ code: 'CONFLICT', fields: ['status'], current: { version: 2, status: 'CANCELLED' } });
    },
  },
  notInTrash('completeTask', ({ id }) => ({ id })),
  notWhileArchived('completeTask', ({ blocker }) => ({ id: blocker.id })),

  {
    operation: 'Mutation.reopenTask', outcome: 'success', title: 'gives PENDING; on a task that is not completed it changes nothing (RULES §6)',
    async prove(world) {
      const { project, owner, member, viewer } = await team(world);
      const task = await world.task(owner, { projectId: project.id, status: 'COMPLETED' });
      const first = await write(member, 'reopenTask', { id: task.id });
      expect(await see(viewer, task.id, 'status completedAt version')).toEqual({ status: 'PENDING', completedAt: null, version: 2 });
      expect(await write(member, 'reopenTask', { id: task.id })).toMatchObject({ cursor: first.cursor, task: { version: 2 } });
      const begun = await world.task(owner, { projectId: project.id, status: 'IN_PROGRESS' });
      expect(await write(member, 'reopenTask', { id: begun.id })).toMatchObject({ task: { status: 'IN_PROGRESS', version: 1 } });
    },
  },
  notForViewers('reopenTask', ({ id }) => ({ id })),
  {
    operation: 'Mutation.reopenTask', outcome: 'conflict', title: 'is CONFLICT where somebody changed the status since `expectedVersion` (RULES §2)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const task = await world.task(owner, { projectId: project.id, status: 'COMPLETED' });
      await write(member, 'reopenTask', { id: task.id });
      await write(member, 'completeTask', { id: task.id });
      expect(await refuse(owner, 'reopenTask', { id: task.id, expectedVersion: 1 })).toMatchObject({ code: 'CONFLICT', fields: ['status'], current: { version: 3, status: 'COMPLETED' } });
    },
  },
  notInTrash('reopenTask', ({ id }) => ({ id })),
  notWhileArchived('reopenTask', ({ completed }) => ({ id: completed.id })),

  {
    operation: 'Mutation.toggleTaskCompletion', outcome: 'success', title: 'makes COMPLETED PENDING and everything else COMPLETED (RULES §6)',
    async prove(world) {
      const { project, owner, member, viewer } = await team(world);
      for (const [before, after] of [['PENDING', 'COMPLETED'], ['IN_PROGRESS', 'COMPLETED'], ['CANCELLED', 'COMPLETED'], ['COMPLETED', 'PENDING']]) {
        const task = await world.task(owner, { projectId: project.id, status: before });
        expect((await write(member, 'toggleTaskCompletion', { id: task.id })).task).toMatchObject({ status: after, version: 2 });
        expect(await see(viewer, task.id)).toMatchObject({ status: after });
      }
    },
  },
  notForViewers('toggleTaskCompletion', ({ id }) => ({ id })),
  {
    operation: 'Mutation.toggleTaskCompletion', outcome: 'conflict', title: 'of two people who toggle the same version at once, one is told CONFLICT, and the task is toggled once (RULES §2)',
    async prove(world) {
      const { project, owner, member, viewer } = await team(world);
      const task = await world.task(owner, { projectId: project.id });
      const input = { id: task.id, expectedVersion: 1 };
      const answers = await Promise.all([owner, member].map((who) => who.answer(mutation('toggleTaskCompletion', 'cursor'), { input })));
      expect(outcomes(answers)).toEqual(['CONFLICT', 'data']);
      expect(await see(viewer, task.id)).toMatchObject({ status: 'COMPLETED', version: 2 });
    },
  },
  notInTrash('toggleTaskCompletion', ({ id }) => ({ id })),
  notWhileArchived('toggleTaskCompletion', ({ completed }) => ({ id: completed.id })),

  {
    operation: 'Mutation.assignTask', outcome: 'success', title: 'adds and removes assignees; the new one finds the task in the own list and is told by whom (RULES §7)',
    async prove(world) {
      const { project, owner, maintainer, viewer } = await team(world);
      const assignee = await world.member(project, 'MEMBER');
      const task = await world.task(owner, { projectId: project.id, title: 'Yours now', assigneeIds: [viewer.id] });
      const written = await write(maintainer, 'assignTask', { id: task.id, add: [assignee.id, assignee.id], remove: [viewer.id] });
      expect(written.task.version).toBe(2);
      const mine = '{ me { tasks { nodes { id assignees { handle } history { nodes { kind } } } } } }';
      expect((await assignee.ask(mine)).me.tasks.nodes).toEqual([{ id: task.id, assignees: [{ handle: assignee.handle }], history: { nodes: [{ kind: 'CREATED' }, { kind: 'ASSIGNED' }] } }]);
      await eventually(async () => expect((await assignee.ask(news)).notifications.nodes).toContainEqual({ kind: 'TASK_ASSIGNED', task: { id: task.id, title: 'Yours now' }, actor: { handle: maintainer.handle } }));
      expect(await write(maintainer, 'assignTask', { id: task.id, add: [assignee.id] })).toMatchObject({ cursor: written.cursor, task: { version: 2 } });
    },
  },
  notForViewers('assignTask', ({ id }, { viewer }) => ({ id, add: [viewer.id] })),
  {
    operation: 'Mutation.assignTask', outcome: 'refusal', title: 'is BAD_USER_INPUT at `input.add` for people who cannot see the task, and for anybody else on a personal one (RULES §1)',
    async prove(world) {
      const { project, owner, member, stranger } = await team(world);
      const [task, personal] = [await world.task(owner, { projectId: project.id }), await world.task(owner)];
      for (const [id, who] of [[task.id, stranger], [personal.id, member]] as const) expect(await refuse(owner, 'assignTask', { id, add: [who.id] })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.add' }] });
      await write(owner, 'assignTask', { id: personal.id, add: [owner.id] });
      expect(await see(owner, task.id, 'assignees { id }')).toEqual({ assignees: [] });
    },
  },
  {
    operation: 'Mutation.assignTask', outcome: 'conflict', title: 'is CONFLICT with `fields` and `current` where somebody changed the assignees since `expectedVersion` (RULES §2)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const task = await world.task(owner, { projectId: project.id });
      await write(member, 'assignTask', { id: task.id, add: [member.id] });
      expect(await refuse(owner, 'assignTask', { id: task.id, expectedVersion: 1, add: [owner.id] })).toMatchObject({ code: 'CONFLICT', fields: ['assigneeIds'], current: { version: 2, assigneeIds: [member.id] } });
    },
  },
  notInTrash('assignTask', ({ id }, { owner }) => ({ id, add: [owner.id] })),
  notWhileArchived('assignTask', ({ task, owner }) => ({ id: task.id, add: [owner.id] })),
];
