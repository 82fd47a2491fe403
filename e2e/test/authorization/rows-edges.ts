// Edges: from what one may see to what one may not. Each is reached through something the asker does see, where there is such a thing.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { channelSee, only, projectSee, type Cells } from './cells.js';
import { query, type Row, type Target } from './row.js';
import { unique, type World } from './world.js';

/** A task that OWNER made, is assigned to and watches, in which OWNER wrote and is mentioned. */
async function ownersTask(world: World): Promise<Target> {
  const { OWNER } = world.people;
  const made = await world.make.task(OWNER, { assigneeIds: [OWNER.id] });
  const taskId = made['taskId'] as string;
  await OWNER.ok('mutation ($id: ID!) { watchTask(input: { id: $id }) { cursor } }', { id: taskId });
  await world.people.MAINTAINER.ok('mutation ($id: ID!) { addComment(input: { taskId: $id, body: "@owner look" }) { cursor } }', { id: taskId });
  await OWNER.ok('mutation ($id: ID!) { addComment(input: { taskId: $id, body: "@owner hushproject" }) { cursor } }', { id: taskId });
  return { taskId, projectId: world.projectId };
}

/** Ways from a task or project to its OWNER as a user, with the place in the answer. */
const waysToOwner: [operation: string, open: string, close: string, at: string][] = [
  ['Task.creator', 'task(id: $taskId) { creator {', '} }', 'task.creator'],
  ['Task.assignees', 'task(id: $taskId) { assignees {', '} }', 'task.assignees.0'],
  ['Task.watchers', 'task(id: $taskId) { watchers {', '} }', 'task.watchers.0'],
  ['Comment.author', 'task(id: $taskId) { comments(first: 2) { nodes { author {', '} } } }', 'task.comments.nodes.1.author'],
  ['Comment.mentions', 'task(id: $taskId) { comments(first: 1) { nodes { mentions {', '} } } }', 'task.comments.nodes.0.mentions.0'],
  ['TaskChange.actor', 'task(id: $taskId) { history(first: 1) { nodes { actor {', '} } } }', 'task.history.nodes.0.actor'],
  ['Project.createdBy', 'task(id: $taskId) { project { createdBy {', '} } }', 'task.project.createdBy'],
  ['ProjectMember.user', 'project(id: $projectId) { members(first: 1) { nodes { user {', '} } } }', 'project.members.nodes.0.user'],
];
const privateFields = ['email', 'emailVerified', 'stats { total }'];

/** A member sees the person and not what is private; OWNER sees the own; ADMIN cannot get here. */
const selfOnly: Cells = only('OWNER', 'null');

async function blocked(world: World): Promise<Target> {
  const one = (await world.make.task(world.people.OWNER))['taskId'] as string;
  const hidden = (await world.make.secretTask())['taskId'] as string;
  await world.people.OWNER.ok('mutation ($input: TaskDependencyInput!) { addTaskDependency(input: $input) { cursor } }', { input: { taskId: one, blockedById: hidden } });
  return { taskId: one, hiddenId: hidden };
}
async function blocking(world: World): Promise<Target> {
  const one = (await world.make.task(world.people.OWNER))['taskId'] as string;
  const hidden = (await world.make.secretTask())['taskId'] as string;
  await world.people.OWNER.ok('mutation ($input: TaskDependencyInput!) { addTaskDependency(input: $input) { cursor } }', { input: { taskId: hidden, blockedById: one } });
  return { taskId: one, hiddenId: hidden };
}
async function family(world: World): Promise<Target> {
  const parentId = (await world.make.task())['taskId'] as string;
  const taskId = (await world.make.task(undefined, { parentId }))['taskId'] as string;
  return { taskId, parentId };
}

/** One of OWNER's tasks, once it is recommended to OWNER. */
async function recommended(world: World): Promise<Target> {
  const { OWNER } = world.people;
  const { taskId } = await ownersTask(world);
  await eventually(async () => (await OWNER.ok('{ me { recommendedTasks { taskId } } }')).me.recommendedTasks.length > 0);
  return { taskId: taskId as string, personId: OWNER.id };
}

const inChannel = async ({ channelId }: World): Promise<Target> => ({ channelId });

/** Members who see the task see an empty list where OWNER sees the hidden task. */
const emptyBut: Cells = { ...projectSee(), VIEWER: 'empty', MEMBER: 'empty', MAINTAINER: 'empty' };

export const edgeRows: Row[] = [
  ...waysToOwner.map(([operation, open, close, at]) => query(operation, `${open} id handle name ${close}`, 'the public profile', projectSee(), { at, target: ownersTask })),
  ...waysToOwner.flatMap(([operation, open, close, at]) =>
    privateFields.map((field) => {
      const name = field.split(' ')[0] as string;
      return query(`User.${name}`, `${open} ${field} ${close}`, `of OWNER, by way of ${operation}`, selfOnly, { at: `${at}.${name}`, target: ownersTask });
    })),
  query('User.tasks', 'user(id: $personId) { tasks(filter: { personal: true }) { totalCount nodes { id title } } }', 'personal ones of OWNER', only('OWNER', 'empty'), { at: 'user.tasks.nodes', foreign: [], target: ownersPersonal }),
  query('User.tasks', 'user(id: $personId) { tasks(filter: { projectId: { eq: $secretId } }) { nodes { id title } } }', 'of OWNER, in a project of OWNER alone', only('OWNER', 'empty'), {
    at: 'user.tasks.nodes', foreign: ['secretId'],
    async target(world) {
      await world.make.secretTask({ assigneeIds: [world.people.OWNER.id] });
      return { personId: world.people.OWNER.id, secretId: world.secretProjectId };
    },
  }),
  query('User.tasks', 'user(id: $personId) { tasks(filter: { projectId: { eq: $projectId } }) { nodes { id title } } }', 'of OWNER, in the project', projectSee('VIEWER', 'empty'), {
    at: 'user.tasks.nodes', foreign: ['projectId'],
    async target(world) {
      await ownersTask(world);
      return { personId: world.people.OWNER.id, projectId: world.projectId };
    },
  }),
  query('UserStats.daily', 'user(id: $personId) { stats { daily(from: "2026-01-01", to: "2026-01-07") { date created completed } } }', 'of OWNER', { ...only('OWNER', 'null'), ADMIN: 'data' }, {
    at: 'user.stats.daily', foreign: [], target: async (world) => ({ personId: world.people.OWNER.id }),
  }),
  query('User.recommendedTasks', 'user(id: $personId) { recommendedTasks { taskId score reasons task { id title } } }', 'of OWNER', selfOnly, { at: 'user.recommendedTasks', foreign: [], target: recommended }),
  query(
    'ProjectStats.workload',
    'project(id: $projectId) { stats { daily(from: "2026-01-01", to: "2026-01-07") { created } burndown(from: "2026-01-01", to: "2026-01-07") { date remaining } cycleTime { p50 samples } leadTime { p95 } workload { userId open completed user { id handle } } } }',
    'with burndown and durations', projectSee(), { at: 'project.stats', target: async ({ projectId }) => ({ projectId }) },
  ),
  query('ChannelStats.topContributors', 'channel(id: $channelId) { stats { topContributors { userId open completed user { id handle } } } }', '', channelSee(), { at: 'channel.stats', target: inChannel }),
  query('Task.project', 'task(id: $taskId) { project { id key name } }', '', projectSee(), { at: 'task.project', target: ownersTask }),
  query('Task.comments', 'task(id: $taskId) { comments { totalCount nodes { id body } } }', '', projectSee(), { at: 'task.comments', target: ownersTask }),
  query('Comment.task', 'task(id: $taskId) { comments { nodes { task { id title } } } }', '', projectSee(), { at: 'task.comments.nodes.0.task', target: ownersTask }),
  query('Task.history', 'task(id: $taskId) { history { nodes { kind changes { field before after } task { id title } } } }', '', projectSee(), { at: 'task.history', target: ownersTask }),
  query('Task.parent', 'task(id: $taskId) { parent { id title } }', '', projectSee(), { at: 'task.parent', target: family }),
  query('Task.subtasks', 'task(id: $parentId) { subtaskProgress subtasks { nodes { id title } } }', '', projectSee(), { at: 'task.subtasks.nodes', target: family }),
  query('Task.blockedBy', 'task(id: $taskId) { blockedBy { id title project { name } } }', 'a task in a project of OWNER alone', emptyBut, { at: 'task.blockedBy', foreign: [], target: blocked }),
  query('Task.blocks', 'task(id: $taskId) { blocks { id title project { name } } }', 'a task in a project of OWNER alone', emptyBut, { at: 'task.blocks', foreign: [], target: blocking }),
  query('Task.labels', 'task(id: $taskId) { labels { id name } }', '', projectSee(), {
    at: 'task.labels',
    async target(world) {
      const input = { projectId: world.projectId, name: `hushproject ${unique()}` };
      const { createLabel } = await world.people.OWNER.ok('mutation ($input: CreateLabelInput!) { createLabel(input: $input) { label { id } } }', { input });
      return world.make.task(undefined, { labelIds: [createLabel.label.id] });
    },
  }),
  query('Task.recurrence', 'task(id: $taskId) { recurrence { rule timeZone next } }', '', projectSee(), {
    at: 'task.recurrence', target: (world) => world.make.task(undefined, { recurrence: { rule: 'FREQ=DAILY', timeZone: 'Europe/Vienna' }, dueAt: '2099-01-01T08:00:00Z' }),
  }),
  query('Task.channel', 'task(id: $taskId) { channel { id name code members { nodes { userId } } } }', '', channelSee(), { at: 'task.channel', target: (world) => world.make.channelTask() }),
  query('ChannelMember.user', 'channel(id: $channelId) { members(first: 1) { nodes { user { id handle } } } }', 'the public profile', channelSee(), { at: 'channel.members.nodes.0.user', target: inChannel }),
  ...privateFields.map((field) => {
    const name = field.split(' ')[0] as string;
    return query(`User.${name}`, `channel(id: $channelId) { members(first: 1) { nodes { user { ${field} } } } }`, 'of channel OWNER, by way of ChannelMember.user', only('channel OWNER', 'null'), {
      at: `channel.members.nodes.0.user.${name}`, target: inChannel,
    });
  }),
  query('TaskChange.task', 'task(id: $taskId) { history { nodes { changes { before after } task { blockedBy { title } } } } }', 'of a task blocked by a hidden one', projectSee(), { at: 'task.history', target: blocked }),
];

async function ownersPersonal(world: World): Promise<Target> {
  await world.make.personalTask();
  return { personId: world.people.OWNER.id };
}
