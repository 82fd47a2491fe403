// Tasks: waiting for each other, and who watches them.
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { refuse, see, team, write } from './scenes.js';
import { notForViewers, notInTrash, notUnderUsedKey, notWhileArchived } from './usual-proofs.js';

const waiting = 'blockedBy { title } blocks { title } version';
const mine = 'query ($after: String) { taskChanges(scope: { mine: true }, after: $after, first: 500) { head nodes { kind taskId } } }';

export const taskLinkProofs: Proof[] = [
  {
    operation: 'Mutation.addTaskDependency', outcome: 'success', title: 'makes a task wait: both ends show it, the filter `blocked` finds it, and the blocker\'s end lets it go (RULES §4, §6)',
    async prove(world) {
      const { project, owner, member, viewer } = await team(world);
      const [task, blocker] = [await world.task(owner, { projectId: project.id, title: 'Waits' }), await world.task(owner, { projectId: project.id, title: 'Comes first' })];
      const added = await write(member, 'addTaskDependency', { taskId: task.id, blockedById: blocker.id });
      expect(await write(member, 'addTaskDependency', { taskId: task.id, blockedById: blocker.id })).toMatchObject({ cursor: added.cursor, task: { version: 2 } });
      expect([await see(viewer, task.id, waiting), await see(viewer, blocker.id, waiting)]).toEqual([{ blockedBy: [{ title: 'Comes first' }], blocks: [], version: 2 }, { blockedBy: [], blocks: [{ title: 'Waits' }], version: 1 }]);
      const blocked = async () => (await viewer.ask('query ($id: ID!) { tasks(filter: { id: { eq: $id }, blocked: true }) { totalCount } }', { id: task.id })).tasks.totalCount;
      expect(await blocked()).toBe(1);
      await write(owner, 'completeTask', { id: blocker.id });
      expect(await blocked()).toBe(0);
      const { history } = await see(viewer, task.id, 'history { nodes { kind changes { field before after } } }');
      expect(history.nodes.at(-1)).toEqual({ kind: 'UPDATED', changes: [{ field: 'blocked', before: true, after: false }] });
    },
  },
  notForViewers('addTaskDependency', ({ id }) => ({ taskId: id, blockedById: id })),
  {
    operation: 'Mutation.addTaskDependency', outcome: 'refusal', title: 'is BAD_USER_INPUT with the path of the circle it would close (RULES §6)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const make = () => world.task(owner, { projectId: project.id });
      const [a, b, c] = [await make(), await make(), await make()];
      await write(owner, 'addTaskDependency', { taskId: b.id, blockedById: a.id });
      await write(owner, 'addTaskDependency', { taskId: c.id, blockedById: b.id });
      expect(await refuse(member, 'addTaskDependency', { taskId: a.id, blockedById: c.id })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.blockedById', cycle: [a.id, c.id, b.id, a.id] }] });
      expect(await refuse(member, 'addTaskDependency', { taskId: a.id, blockedById: a.id })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.blockedById' }] });
      expect(await see(member, a.id, waiting)).toMatchObject({ blockedBy: [], version: 1 });
    },
  },
  {
    operation: 'Mutation.addTaskDependency', outcome: 'refusal', title: 'is NOT_FOUND for a blocker one cannot see (RULES §1)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const [task, hidden] = [await world.task(owner, { projectId: project.id }), await world.task(owner)];
      expect(await refuse(member, 'addTaskDependency', { taskId: task.id, blockedById: hidden.id })).toMatchObject({ code: 'NOT_FOUND' });
    },
  },
  {
    operation: 'Mutation.addTaskDependency', outcome: 'conflict', title: 'of two people who would close a circle together, one is refused with its path',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const [a, b] = [await world.task(owner, { projectId: project.id }), await world.task(owner, { projectId: project.id })];
      const add = (who: typeof owner, taskId: string, blockedById: string) => write(who, 'addTaskDependency', { taskId, blockedById }).then(() => 'data', (error: Error) => error.message);
      const answers = await Promise.all([add(owner, a.id, b.id), add(member, b.id, a.id)]);
      expect(answers.filter((answer) => answer === 'data')).toHaveLength(1);
      expect(answers.find((answer) => answer !== 'data')).toContain('would close a circle');
    },
  },
  notInTrash('addTaskDependency', ({ id }) => ({ taskId: id, blockedById: id })),
  notWhileArchived('addTaskDependency', ({ task, completed }) => ({ taskId: task.id, blockedById: completed.id })),

  {
    operation: 'Mutation.removeTaskDependency', outcome: 'success', title: 'ends the waiting; what is not there changes nothing',
    async prove(world) {
      const { project, owner, member, viewer } = await team(world);
      const [task, blocker] = [await world.task(owner, { projectId: project.id }), await world.task(owner, { projectId: project.id })];
      const input = { taskId: task.id, blockedById: blocker.id };
      await write(owner, 'addTaskDependency', input);
      const removed = await write(member, 'removeTaskDependency', input);
      expect(await see(viewer, task.id, waiting)).toEqual({ blockedBy: [], blocks: [], version: 3 });
      expect(await write(member, 'removeTaskDependency', input)).toMatchObject({ cursor: removed.cursor, task: { version: 3 } });
      await write(member, 'completeTask', { id: task.id });
    },
  },
  notForViewers('removeTaskDependency', ({ id }) => ({ taskId: id, blockedById: id })),
  notInTrash('removeTaskDependency', ({ id }) => ({ taskId: id, blockedById: id })),
  notWhileArchived('removeTaskDependency', ({ task, blocker }) => ({ taskId: task.id, blockedById: blocker.id })),

  {
    operation: 'Mutation.watchTask', outcome: 'success', title: 'puts a task into one\'s own scope `mine`, for a VIEWER too; no version, and nobody else\'s log tells of it (RULES §1, §2)',
    async prove(world) {
      const { project, owner, member } = await team(world);
      const watcher = await world.member(project, 'VIEWER');
      const task = await world.task(owner, { projectId: project.id });
      const first = await write(watcher, 'watchTask', { id: task.id });
      expect(await write(watcher, 'watchTask', { id: task.id })).toMatchObject({ cursor: first.cursor });
      await write(member, 'updateTask', { id: task.id, title: 'Watched' });
      expect(await see(member, task.id, 'version watchers { handle } history { nodes { kind } }')).toEqual({ version: 2, watchers: [{ handle: watcher.handle }], history: { nodes: [{ kind: 'CREATED' }, { kind: 'UPDATED' }] } });
      const { taskChanges } = await watcher.ask(mine);
      expect(taskChanges.nodes).toEqual([{ kind: 'ENTERED', taskId: task.id }, { kind: 'UPDATED', taskId: task.id }]);
    },
  },
  {
    operation: 'Mutation.watchTask', outcome: 'refusal', title: 'is NOT_FOUND for a task one cannot see (RULES §1)',
    async prove(world) {
      const { project, owner, member, stranger } = await team(world);
      const [task, personal] = [await world.task(owner, { projectId: project.id }), await world.task(owner)];
      for (const [who, id] of [[stranger, task.id], [member, personal.id]] as const) expect(await refuse(who, 'watchTask', { id })).toMatchObject({ code: 'NOT_FOUND' });
    },
  },
  notInTrash('watchTask', ({ id }) => ({ id })),
  notWhileArchived('watchTask', ({ task }) => ({ id: task.id })),

  {
    operation: 'Mutation.unwatchTask', outcome: 'success', title: 'takes the task out of one\'s own scope `mine` (RULES §2)',
    async prove(world) {
      const { project, owner } = await team(world);
      const watcher = await world.member(project, 'VIEWER');
      const task = await world.task(owner, { projectId: project.id });
      await write(watcher, 'watchTask', { id: task.id });
      await write(watcher, 'unwatchTask', { id: task.id });
      await write(owner, 'updateTask', { id: task.id, title: 'Unseen' });
      const left = await write(watcher, 'unwatchTask', { id: task.id });
      expect(left.task).toMatchObject({ title: 'Unseen', version: 2 });
      expect((await watcher.ask(mine)).taskChanges.nodes.map((node: { kind: string }) => node.kind)).toEqual(['ENTERED', 'LEFT']);
      expect(await see(owner, task.id, 'watchers { handle }')).toEqual({ watchers: [] });
    },
  },
  {
    operation: 'Mutation.unwatchTask', outcome: 'refusal', title: 'is NOT_FOUND for a task one cannot see (RULES §1)',
    async prove(world) {
      const { project, owner, stranger } = await team(world);
      const task = await world.task(owner, { projectId: project.id });
      expect(await refuse(stranger, 'unwatchTask', { id: task.id })).toMatchObject({ code: 'NOT_FOUND' });
    },
  },
  notInTrash('unwatchTask', ({ id }) => ({ id })),
  notWhileArchived('unwatchTask', ({ completed }) => ({ id: completed.id })),
  notUnderUsedKey('unwatchTask', async (world) => {
    const { project, owner } = await team(world);
    return { who: owner, first: { id: (await world.task(owner, { projectId: project.id })).id }, second: { id: (await world.task(owner)).id } };
  }),
];
