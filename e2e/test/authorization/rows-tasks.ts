// Tasks in a project, in a channel and personal ones; what is written on them.
import type { Person } from '../client.js';
import { channelSee, channelWrite, just, only, othersOnly, projectSee, projectWrite, signedIn, type Cells, type Column } from './cells.js';
import { mutation, query, type Row, type Target } from './row.js';
import type { World } from './world.js';

type Makes = NonNullable<Row['target']>;

/** A task of MEMBER, of channel MEMBER, or personal to OWNER: to everybody else somebody else's. */
const task: Makes = (world) => world.make.task();
/** The task of somebody who is in no column any more. */
const othersTask: Makes = (world) => world.make.task(world.people.MAINTAINER);
const channelTask: Makes = (world) => world.make.channelTask(world.people['channel OWNER']);
const personalTask: Makes = (world) => world.make.personalTask();

/** Done to what was made, by its maker. */
const after = (make: Makes, by: Column, document: string): Makes => async (world, me, column) => {
  const target = await make(world, me, column);
  const person = world.people[by as keyof World['people']];
  await person.ok(`mutation ($taskId: ID!) { ${document} }`, { taskId: target['taskId'] });
  return target;
};
const trash = 'deleteTask(input: { id: $taskId }) { cursor }';
const complete = 'completeTask(input: { id: $taskId }) { cursor }';

const own = (place: 'project' | 'channel', more: object = {}): Makes => (world, me) =>
  place === 'project' ? world.make.task(me as Person, more) : world.make.channelTask(me as Person, more);

/** In a project any task from MEMBER up; in a channel a plain member only the own ones; a personal one its creator alone. */
function everywhere(name: string, selection: string, input: (target: Target, me: Person | null) => object, { channel = 'channel MODERATOR', project = 'MEMBER', done }: {
  channel?: 'channel MEMBER' | 'channel MODERATOR'; project?: 'VIEWER' | 'MEMBER' | 'MAINTAINER'; done?: string;
} = {}): Row[] {
  const with_ = (make: Makes, by: Column): Makes => (done ? after(make, by, done) : make);
  // What one cannot see is not there: in the trash a task is seen by those who may restore it.
  const trashed = done === trash;
  const hidden = (cells: Cells): Cells => (trashed ? Object.fromEntries(Object.entries(cells).map(([column, outcome]) => [column, outcome === 'FORBIDDEN' ? 'NOT_FOUND' : outcome])) : cells);
  return [
    mutation(name, selection, 'in a project, of somebody else', hidden(projectWrite(project)), input, { target: with_(othersTask, 'MAINTAINER') }),
    mutation(name, selection, 'in a channel, of somebody else', hidden(channelWrite(channel)), input, { target: with_(channelTask, 'channel OWNER') }),
    mutation(name, selection, 'personal to OWNER', only('OWNER'), input, { target: with_(personalTask, 'OWNER') }),
  ];
}

const byId = ({ taskId }: Target) => ({ id: taskId });
const taskOf = 'task { id title version }';

/** What a bulk answers for its one item. */
const bulkAt = 'bulkUpdateTasks.results.0.code';

export const taskRows: Row[] = [
  query('Query.task', 'task(id: $taskId) { id title description }', 'in a project, by id', projectSee(), { target: task }),
  query('Query.task', 'task(ref: $taskRef) { id title }', 'in a project, by ref', projectSee(), { target: task }),
  query('Query.task', 'task(id: $taskId) { id title }', 'in a channel', channelSee(), { target: channelTask }),
  query('Query.task', 'task(id: $taskId) { id title }', 'personal to OWNER', only('OWNER', 'null'), { target: personalTask }),
  query('Query.task', 'task(id: $taskId) { id title }', 'in the trash, in a project, of somebody else', projectSee('MAINTAINER'), { target: after(othersTask, 'MAINTAINER', trash) }),
  query('Query.task', 'task(id: $taskId) { id title }', 'in the trash, in a project, an own one', just(projectSee(), 'MEMBER', 'MAINTAINER', 'OWNER'), { own: true, target: async (world, me) => {
    const target = await world.make.task(me as Person);
    await me?.ok(`mutation ($taskId: ID!) { ${trash} }`, { taskId: target['taskId'] });
    return target;
  } }),
  query('Query.task', 'task(id: $taskId) { id title }', 'in the trash, in a channel, of somebody else', channelSee('channel MODERATOR'), { target: after(channelTask, 'channel OWNER', trash) }),
  query('Query.tasks', 'tasks { totalCount nodes { id title } }', 'all that one can see', signedIn()),
  ...([
    ['of a project, asked by its id', 'projectId: { eq: $projectId }', projectSee('VIEWER', 'empty'), async ({ projectId }: World) => ({ projectId })],
    ['of a channel, asked by its id', 'channelId: { eq: $channelId }', channelSee('channel MEMBER', 'empty'), async ({ channelId }: World) => ({ channelId })],
    ['asked by its own id', 'id: { in: [$taskId] }', projectSee('VIEWER', 'empty'), task],
    ['found by its text', 'text: "hushsecret"', only('OWNER', 'empty'), async (world: World) => world.make.secretTask()],
    ['by its creator, personal', 'creatorId: { eq: $personId }, personal: true', only('OWNER', 'empty'), async (world: World) => ({ ...(await world.make.personalTask()), personId: world.people.OWNER.id })],
  ] as const).map(([what, filter, cells, target]) =>
    query('Query.tasks', `tasks(filter: { ${filter} }) { totalCount nodes { id title } }`, what, cells, { at: 'tasks.nodes', target: target as Makes })),
  query('Query.taskChanges', 'taskChanges(scope: { projectId: $projectId }) { head nodes { kind taskId task { id title } changes { field before after } actor { id } } }', 'of a project', projectWrite('VIEWER'), { target: async ({ projectId }) => ({ projectId }) }),
  query('Query.taskChanges', 'taskChanges(scope: { channelId: $channelId }) { nodes { kind taskId task { id title } changes { before after } } }', 'of a channel', channelWrite('channel MEMBER'), { target: async ({ channelId }) => ({ channelId }) }),
  query('Query.taskChanges', 'taskChanges(scope: { taskId: $taskId }) { nodes { kind task { id title } changes { before after } } }', 'of a task in a project', projectWrite('VIEWER'), { target: task }),
  query('Query.taskChanges', 'taskChanges(scope: { taskId: $taskId }) { nodes { kind task { id title } changes { before after } } }', 'of a personal task', only('OWNER'), { target: personalTask }),
  query('Query.taskChanges', 'taskChanges(scope: { mine: true }) { nodes { kind task { id title } changes { before after } } }', 'of what is one\'s own', signedIn()),

  mutation('createTask', taskOf, 'in a project', projectWrite('MEMBER'), ({ projectId }) => ({ projectId, title: 'hushproject made' }), { target: async ({ projectId }) => ({ projectId }) }),
  mutation('createTask', taskOf, 'in a channel', channelWrite('channel MEMBER'), ({ channelId }) => ({ channelId, title: 'hushchannel made' }), { target: async ({ channelId }) => ({ channelId }) }),
  mutation('createTask', 'task { id }', 'a personal one', signedIn(), () => ({ title: 'Personal' })),
  mutation('createTask', 'task { id title }', 'with the id of a task one cannot see', { ...othersOnly('CONFLICT') }, ({ taskId }) => ({ id: taskId, title: 'Taken' }), { target: (world) => world.make.personalTask(world.spare[1]) }),
  mutation('createTask', 'task { id title }', 'below a parent one cannot see', othersOnly('BAD_USER_INPUT'), ({ parentId }) => ({ title: 'Below', parentId }), { target: hiddenParent }),
  mutation('createTask', 'task { id title }', 'a personal one for another person', othersOnly('BAD_USER_INPUT'), ({ personId }) => ({ title: 'For you', assigneeIds: [personId] }), { target: async (world) => ({ personId: world.spare[1].id }) }),
  mutation('createTask', 'task { id title }', 'with a label of a project one cannot see', projectWriteBad(), ({ projectId, labelId }) => ({ projectId, title: 'Labelled', labelIds: [labelId] }), { target: secretLabel, foreign: ['labelId'] }),

  ...everywhere('updateTask', taskOf, ({ taskId }) => ({ id: taskId, priority: 2 })),
  ...everywhere('completeTask', taskOf, byId, { channel: 'channel MEMBER' }),
  ...everywhere('reopenTask', taskOf, byId, { channel: 'channel MEMBER', done: complete }),
  ...everywhere('toggleTaskCompletion', taskOf, byId, { channel: 'channel MEMBER' }),
  ...everywhere('assignTask', taskOf, ({ taskId }, me) => ({ id: taskId, add: me ? [me.id] : [] })),
  ...everywhere('moveTask', taskOf, ({ taskId }) => ({ id: taskId, status: 'IN_PROGRESS' })),
  ...everywhere('deleteTask', 'task { id }', byId, { project: 'MAINTAINER' }),
  ...everywhere('restoreTask', 'task { id }', byId, { project: 'MAINTAINER', done: trash }),
  ...everywhere('watchTask', taskOf, byId, { project: 'VIEWER', channel: 'channel MEMBER' }),
  ...everywhere('unwatchTask', taskOf, byId, { project: 'VIEWER', channel: 'channel MEMBER' }),
  ...everywhere('addComment', 'comment { id body task { id } }', ({ taskId }) => ({ taskId, body: 'A word' }), { project: 'VIEWER', channel: 'channel MEMBER' }),
  ...everywhere('bulkUpdateTasks', 'results { id code task { id title } }', ({ taskId }) => ({ items: [{ id: taskId }], patch: { priority: 3 } })).map((row) => ({ ...row, at: bulkAt })),
  ...everywhere('bulkUpdateTasks', 'results { id code task { id title } }', ({ taskId }) => ({ items: [{ id: taskId }], patch: { delete: true } }), { project: 'MAINTAINER' }).map((row) => ({ ...row, at: bulkAt, what: `${row.what}: to the trash` })),

  ...(['updateTask', 'moveTask', 'assignTask'] as const).map((name) =>
    mutation(name, taskOf, 'in a channel, an own one', just(channelWrite('channel MEMBER'), 'channel MEMBER', 'channel MODERATOR', 'channel OWNER'),
      ({ taskId }, me) => ({ id: taskId, ...(name === 'updateTask' ? { title: 'hushchannel own' } : name === 'moveTask' ? { status: 'IN_PROGRESS' } : { add: [me?.id] }) }), { own: true, target: own('channel') })),
  mutation('updateTask', taskOf, 'in a channel, one is assigned to it', just(channelWrite('channel MEMBER'), 'channel MEMBER'), ({ taskId }) => ({ id: taskId, priority: 2 }), {
    own: true, target: (world, me) => world.make.channelTask(world.people['channel OWNER'], { assigneeIds: [me?.id] }),
  }),
  mutation('deleteTask', 'task { id }', 'in a channel, one is assigned to it', just(channelWrite('channel MEMBER'), 'channel MEMBER'), byId, {
    own: true, target: (world, me) => world.make.channelTask(world.people['channel OWNER'], { assigneeIds: [me?.id] }),
  }),
  mutation('deleteTask', 'task { id }', 'in a channel, an own one', just(channelWrite('channel MEMBER'), 'channel MEMBER', 'channel MODERATOR', 'channel OWNER'), byId, { own: true, target: own('channel') }),
  mutation('deleteTask', 'task { id }', 'in a project, an own one', just(projectWrite('MEMBER'), 'MEMBER', 'MAINTAINER', 'OWNER'), byId, { own: true, target: own('project') }),
  mutation('restoreTask', 'task { id }', 'in a project, an own one', just(projectWrite('MEMBER'), 'MEMBER', 'MAINTAINER', 'OWNER'), byId, {
    own: true, async target(world, me) {
      const target = await world.make.task(me as Person);
      await me?.ok(`mutation ($taskId: ID!) { ${trash} }`, { taskId: target['taskId'] });
      return target;
    },
  }),
  mutation('assignTask', taskOf, 'to a person who cannot see it', projectWriteBad(), ({ taskId, personId }) => ({ id: taskId, add: [personId] }), {
    foreign: ['personId'], target: async (world) => ({ ...(await world.make.task()), personId: world.people.stranger.id }),
  }),
  mutation('moveTask', taskOf, 'into a project one cannot see', { ...projectWrite('MEMBER'), MEMBER: 'NOT_FOUND', MAINTAINER: 'NOT_FOUND' }, ({ taskId, projectId }) => ({ id: taskId, projectId }), {
    foreign: ['projectId'], target: async (world) => ({ ...(await world.make.task()), projectId: world.secretProjectId }),
  }),
  mutation('moveTask', 'task { id }', 'an own personal one into a project', projectWrite('MEMBER'), ({ taskId, projectId }) => ({ id: taskId, projectId }), {
    own: true, foreign: ['projectId'], target: async (world, me) => ({ ...(await world.make.personalTask(me ?? world.spare[1], { title: 'Mine' })), projectId: world.projectId }),
  }),
  mutation('moveTask', 'task { id }', 'an own personal one into a channel', channelWrite('channel MEMBER'), ({ taskId, channelId }) => ({ id: taskId, channelId }), {
    own: true, foreign: ['channelId'], target: async (world, me) => ({ ...(await world.make.personalTask(me ?? world.spare[1], { title: 'Mine' })), channelId: world.channelId }),
  }),
  mutation('moveTask', 'task { id }', 'behind a task one cannot see', just(othersOnly('BAD_USER_INPUT'), 'anonymous', 'stranger', 'VIEWER', 'channel OWNER', 'ADMIN'), ({ taskId, otherId }) => ({ id: taskId, after: otherId }), {
    own: true, foreign: ['otherId'], target: async (world, me) => ({ ...(await world.make.personalTask(me ?? world.spare[1], { title: 'Mine' })), otherId: (await world.make.task())['taskId'] as string }),
  }),
  mutation('undo', 'task { id title }', 'of what somebody else did', othersOnly('BAD_USER_INPUT'), ({ undoToken }) => ({ token: undoToken }), { uncompared: true, target: async (world) => ({ undoToken: (await world.make.personalTask(world.spare[1]))['undoToken'] as string }) }),
  mutation('undo', 'task { id }', 'of what one did', just(projectWrite('MEMBER'), 'MEMBER', 'MAINTAINER', 'OWNER'), ({ undoToken }) => ({ token: undoToken }), { own: true, target: own('project') }),
];

/** In the main project: those who may write get as far as the reference, which is none they may use. */
function projectWriteBad(): Cells {
  return { ...projectWrite('MEMBER'), MEMBER: 'BAD_USER_INPUT', MAINTAINER: 'BAD_USER_INPUT', OWNER: 'BAD_USER_INPUT' };
}

async function hiddenParent(world: World): Promise<Target> {
  return { parentId: (await world.make.personalTask(world.spare[1]))['taskId'] as string };
}

async function secretLabel(world: World): Promise<Target> {
  const input = { projectId: world.secretProjectId, name: `hushsecret ${(await world.make.secretTask())['taskId'] ?? ''}` };
  const { createLabel } = await world.people.OWNER.ok('mutation ($input: CreateLabelInput!) { createLabel(input: $input) { label { id } } }', { input });
  return { projectId: world.projectId, labelId: createLabel.label.id };
}
