// The change log of tasks: read page by page, and live.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { house, team, write } from './scenes.js';
import { missingId } from './world.js';

const log = (selection: string) => `query ($scope: TaskScope!, $filter: TaskFilter, $after: String, $until: String, $first: Int) {
  taskChanges(scope: $scope, filter: $filter, after: $after, until: $until, first: $first) { ${selection} }
}`;
const live = (selection: string) => `subscription ($scope: TaskScope!, $filter: TaskFilter, $after: String) { taskChanges(scope: $scope, filter: $filter, after: $after) { ${selection} } }`;

/** Asked in vain: no scope, two, one that cannot be seen, a cursor that is none. */
const badScopes = (projectId: string) => [[{ scope: {} }, 'scope'], [{ scope: { projectId, mine: true } }, 'scope'], [{ scope: { mine: true }, after: 'forged' }, 'after']] as const;

export const changeProofs: Proof[] = [
  {
    operation: 'Query.taskChanges', outcome: 'success', title: 'tells every change of a project in order, page by page; with the cursor of a write as `until` one reads one\'s own write (RULES §4)',
    async prove(world) {
      const owner = await world.person('Chronicler');
      const project = await world.project(owner, { name: 'Told' });
      const viewer = await world.member(project, 'VIEWER');
      const scope = { projectId: project.id };
      const { taskChanges: before } = await viewer.ask(log('head'), { scope });
      const task = await world.task(owner, { ...scope, title: 'Told of' });
      await write(owner, 'updateTask', { id: task.id, priority: 1 });
      await write(viewer, 'addComment', { taskId: task.id, body: 'So?' });
      const { cursor: until } = await write(owner, 'completeTask', { id: task.id });
      const selection = 'nodes { cursor kind taskId task { title project { name } } changes { field before after } actor { handle } } pageInfo { endCursor hasNextPage }';
      const { taskChanges: first } = await viewer.ask(log(selection), { scope, after: before.head, until, first: 3 });
      const { taskChanges: last } = await viewer.ask(log(selection), { scope, after: first.pageInfo.endCursor, first: 3 });
      const nodes = [...first.nodes, ...last.nodes];
      expect(nodes.map(({ kind, actor }) => [kind, actor.handle])).toEqual([['CREATED', owner.handle], ['UPDATED', owner.handle], ['COMMENTED', viewer.handle], ['COMPLETED', owner.handle]]);
      expect(nodes[1]).toMatchObject({ taskId: task.id, task: { title: 'Told of', project: { name: 'Told' } }, changes: [{ field: 'priority', before: 5, after: 1 }] });
      expect([nodes.at(-1).cursor, first.pageInfo.hasNextPage, last.pageInfo.hasNextPage]).toEqual([until, true, false]);
    },
  },
  {
    operation: 'Query.taskChanges', outcome: 'success', title: 'with a filter tells ENTERED and LEFT; a move out is told in both scopes, where `task` is seen only as far as one sees it now (RULES §4)',
    async prove(world) {
      const owner = await world.person('Mover');
      const [from, to] = [await world.project(owner), await world.project(owner)];
      const viewer = await world.member(from, 'VIEWER');
      const task = await world.task(owner, { projectId: from.id, priority: 5 });
      await write(owner, 'updateTask', { id: task.id, priority: 1 });
      await write(owner, 'updateTask', { id: task.id, priority: 9 });
      const { cursor: until } = await write(owner, 'moveTask', { id: task.id, projectId: to.id });
      const kinds = async (who: typeof owner, variables: object) => (await who.ask(log('nodes { kind task { id } }'), { until, ...variables })).taskChanges.nodes;
      expect(await kinds(viewer, { scope: { projectId: from.id }, filter: { priority: { lt: 3 } } })).toEqual([{ kind: 'ENTERED', task: null }, { kind: 'LEFT', task: null }]);
      expect((await kinds(viewer, { scope: { projectId: from.id } })).at(-1)).toEqual({ kind: 'MOVED', task: null });
      expect(await kinds(owner, { scope: { projectId: to.id } })).toEqual([{ kind: 'MOVED', task: { id: task.id } }]);
    },
  },
  {
    operation: 'Query.taskChanges', outcome: 'refusal', title: 'is NOT_FOUND for a scope one never saw; who has lost one hears ACCESS_LOST alone (RULES §4)',
    async prove(world) {
      const owner = await world.person('Landlord');
      const project = await world.project(owner);
      const [task, member, stranger] = [await world.task(owner, { projectId: project.id }), await world.member(project, 'MEMBER'), await world.person()];
      for (const scope of [{ projectId: project.id }, { channelId: missingId() }, { taskId: task.id }]) expect(await stranger.refused(log('head'), { scope })).toMatchObject({ code: 'NOT_FOUND', path: ['taskChanges'] });
      await world.task(member, { projectId: project.id });
      await write(owner, 'removeProjectMember', { projectId: project.id, userId: member.id });
      await eventually(async () => {
        const { taskChanges } = await member.ask(log('nodes { kind taskId task { id } changes { field } }'), { scope: { projectId: project.id } });
        expect(taskChanges.nodes).toEqual([{ kind: 'ACCESS_LOST', taskId: null, task: null, changes: [] }]);
      });
    },
  },
  {
    operation: 'Query.taskChanges', outcome: 'refusal', title: 'is BAD_USER_INPUT with its path unless exactly one scope is named, and for a cursor or a page that is none',
    async prove(world) {
      const { project, viewer } = await team(world);
      for (const [variables, path] of [...badScopes(project.id), [{ scope: { mine: true }, first: 0 }, 'first']] as const) expect(await viewer.refused(log('head'), variables)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    },
  },
  {
    operation: 'Subscription.taskChanges', outcome: 'success', title: 'replays what was missed since `after`, then goes on live without a gap, joined over subgraphs (RULES §4)',
    async prove(world) {
      const owner = await world.person('Broadcaster');
      const project = await world.project(owner, { name: 'On air' });
      const viewer = await world.member(project, 'VIEWER');
      const scope = { projectId: project.id };
      const { taskChanges } = await viewer.ask(log('head'), { scope });
      const task = await world.task(owner, { ...scope, title: 'Missed', assigneeIds: [viewer.id] });
      const { received } = await viewer.subscribe(live('cursor kind task { title assignees { name } project { name } } actor { handle }'), { scope, after: taskChanges.head });
      await eventually(() => expect(received).toHaveLength(1));
      const { cursor } = await write(owner, 'updateTask', { id: task.id, title: 'Live' });
      await eventually(() => expect(received).toHaveLength(2));
      expect(received.map((answer) => answer.data.taskChanges)).toEqual([
        expect.objectContaining({ kind: 'CREATED', actor: { handle: owner.handle } }),
        { cursor, kind: 'UPDATED', task: { title: 'Live', assignees: [{ name: 'The viewer' }], project: { name: 'On air' } }, actor: { handle: owner.handle } },
      ]);
    },
  },
  {
    operation: 'Subscription.taskChanges', outcome: 'success', title: 'in scope `mine` begins when one is assigned, with ENTERED (RULES §4)',
    async prove(world) {
      const { channel, owner } = await house(world);
      const guest = await world.joined(channel);
      const { taskChanges } = await guest.ask(log('head'), { scope: { mine: true } });
      const { received } = await guest.subscribe(live('kind task { title channel { name } }'), { scope: { mine: true }, after: taskChanges.head });
      const task = await world.task(owner, { channelId: channel.id, title: 'Not mine yet' });
      await write(owner, 'assignTask', { id: task.id, add: [guest.id] });
      await eventually(() => expect(received.map((answer) => answer.data.taskChanges)).toContainEqual({ kind: 'ENTERED', task: { title: 'Not mine yet', channel: { name: 'The channel' } } }));
    },
  },
  {
    operation: 'Subscription.taskChanges', outcome: 'refusal', title: 'is NOT_FOUND for a scope one cannot see, BAD_USER_INPUT for one that is none, UNAUTHENTICATED without a token (RULES §1)',
    async prove(world) {
      const { project, viewer, stranger } = await team(world);
      for (const scope of [{ projectId: project.id }, { taskId: missingId() }]) expect(await stranger.refusedSubscription(live('kind'), { scope })).toMatchObject({ code: 'NOT_FOUND' });
      for (const [variables, path] of badScopes(project.id)) expect(await viewer.refusedSubscription(live('kind'), variables)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      expect(await world.anonymous.refusedSubscription(live('kind'), { scope: { mine: true } })).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
  {
    operation: 'Subscription.taskChanges', outcome: 'refusal', title: 'ends with one ACCESS_LOST when the scope is lost, and tells of nothing after it (RULES §4)',
    async prove(world) {
      const owner = await world.person('Doorkeeper');
      const channel = await world.channel(owner);
      const guest = await world.joined(channel);
      const scope = { channelId: channel.id };
      const { taskChanges } = await guest.ask(log('head'), { scope });
      const { received } = await guest.subscribe(live('kind taskId task { title }'), { scope, after: taskChanges.head });
      await world.task(owner, { ...scope, title: 'Seen' });
      await eventually(() => expect(received).toHaveLength(1));
      await write(owner, 'removeChannelMember', { channelId: channel.id, userId: guest.id });
      await eventually(() => expect(received).toHaveLength(2));
      await world.task(owner, { ...scope, title: 'Secret' });
      // Read after the secret was written: what the log tells is what the subscription would have told.
      expect((await guest.ask(log('nodes { kind }'), { scope })).taskChanges.nodes).toEqual([{ kind: 'ACCESS_LOST' }]);
      expect(received.map((answer) => answer.data.taskChanges)).toEqual([{ kind: 'CREATED', taskId: expect.any(String), task: expect.anything() }, { kind: 'ACCESS_LOST', taskId: null, task: null }]);
    },
  },
];
