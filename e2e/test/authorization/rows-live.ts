// Subscriptions: refused like mutations, and told of nothing that one cannot see.
import { channelWrite, only, projectWrite, signedIn, type Cells } from './cells.js';
import { exists, type Ask, type Row, type Target } from './row.js';
import { unique, type World } from './world.js';

export interface LiveRow extends Row {
  /** Makes something happen that those who are let in are told of. */
  happen: (world: World, target: Target) => Promise<unknown>;
}

const taskChanges = (scope: string, what: string, cells: Cells, target: NonNullable<Row['target']>): LiveRow => ({
  operation: 'Subscription.taskChanges', what, cells, target,
  ask: (made): Ask => ({
    document: `subscription (${scope.includes('$') ? '$id: ID!' : ''}) { taskChanges(scope: { ${scope} }) { kind taskId task { id title } changes { after } } }`.replace('()', ''),
    variables: scope.includes('$') ? { id: made['id'] } : {},
  }),
  happen: async (world, made) => {
    const person = made['channel'] ? world.people['channel OWNER'] : world.people.OWNER;
    await person.ok('mutation ($id: ID!, $title: String!) { updateTask(input: { id: $id, title: $title }) { cursor } }', { id: made['taskId'], title: `${made['title'] as string} ${unique()}` });
  },
});

const all: LiveRow[] = [
  taskChanges('projectId: $id', 'of a project', projectWrite('VIEWER'), async (world) => ({ id: world.projectId, ...(await world.make.task(world.people.OWNER)), title: 'hushproject live' })),
  taskChanges('channelId: $id', 'of a channel', channelWrite('channel MEMBER'), async (world) => ({ id: world.channelId, ...(await world.make.channelTask(world.people['channel OWNER'])), title: 'hushchannel live', channel: 'yes' })),
  taskChanges('taskId: $id', 'of a task in a project', projectWrite('VIEWER'), async (world) => {
    const made = await world.make.task(world.people.OWNER);
    return { ...made, id: made['taskId'] as string, title: 'hushproject live' };
  }),
  taskChanges('taskId: $id', 'of a personal task', only('OWNER'), async (world) => {
    const made = await world.make.personalTask();
    return { ...made, id: made['taskId'] as string, title: 'hushpersonal live' };
  }),
  {
    operation: 'Subscription.taskImportProgress', what: 'started by the owner of a channel, into the own list', cells: only('channel OWNER'),
    ask: ({ id }): Ask => ({ document: 'subscription ($id: ID!) { taskImportProgress(id: $id) { id status uploadUrl } }', variables: { id } }),
    target: async (world) => {
      const document = 'mutation { startTaskImport(input: { personal: true, format: CSV }) { taskImport { id } } }';
      return { id: (await world.people['channel OWNER'].ok(document)).startTaskImport.taskImport.id as string };
    },
    // It is told as it is when somebody subscribes.
    happen: async () => undefined,
  },
  {
    operation: 'Subscription.notificationReceived', what: "one's own", cells: signedIn(),
    ask: (): Ask => ({ document: 'subscription { notificationReceived { id kind title task { title } project { name } channel { name } } }', variables: {} }),
    target: async () => ({ hears: 'OWNER' }),
    happen: async (world) => {
      const { OWNER, MAINTAINER } = world.people;
      const taskId = (await world.make.task(MAINTAINER))['taskId'];
      await MAINTAINER.ok('mutation ($id: ID!, $u: [ID!]) { assignTask(input: { id: $id, add: $u }) { cursor } }', { id: taskId, u: [OWNER.id] });
    },
  },
  { ...taskChanges('mine: true', 'of what is one\'s own', signedIn(), async (world) => ({ ...(await world.make.personalTask()), title: 'hushpersonal live', hears: 'OWNER' })) },
];

export const liveRows = all.filter((row) => exists(row.operation));
