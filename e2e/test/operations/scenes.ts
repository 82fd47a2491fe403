// What the proofs about tasks and channels stand on: places with one person of each role, shared because registering is slow, and
// writes by name. A proof speaks of tasks of its own there.
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { getNamedType } from 'graphql';
import { graph } from '../authorization/row.js';
import type { Client, Refusal } from './session.js';
import { mutation, unique, type MadeChannel, type MadeProject, type MadeTask, type Someone, type World } from './world.js';

/** Longer than anything takes on a slow machine; conditions are met much earlier. */

/** What a write shows unless the proof asks for something else. */
const selections: Record<string, string> = {
  TaskPayload: 'cursor undoToken task { id ref title status priority version }',
  UndoPayload: 'cursor undoToken task { id version } tasks { id }',
  BulkUpdateTasksPayload: 'succeeded failed cursor undoToken results { id code task { id version } }',
  CommentPayload: 'cursor comment { id body version }',
  DeleteCommentPayload: 'id cursor',
  LabelPayload: 'label { id name color }',
  DeleteLabelPayload: 'id',
  TaskTemplatePayload: 'template { id name tasks }',
  CreateTasksFromTemplatePayload: 'cursor tasks { id title }',
  TaskImportPayload: 'taskImport { id status uploadUrl }',
  ExportTasksPayload: 'url expiresAt',
  ProjectPayload: 'project { id }',
  ChannelPayload: 'channel { id name code version viewerRole memberCount }',
  DeleteChannelPayload: 'id',
  CreateWebhookPayload: 'secret webhook { id url format events active disabledReason }',
  WebhookPayload: 'webhook { id url format events active disabledReason }',
  DeleteWebhookPayload: 'id',
  NotificationsPayload: 'unreadCount notifications { id readAt }',
  NotificationSettingsPayload: 'settings { version digest quietHours { from to } preferences { kind methods } }',
};

const selectionOf = (name: string): string => selections[getNamedType(graph.getMutationType()?.getFields()[name]?.type)?.name ?? ''] ?? '__typename';

/** Carries out a mutation with this input and answers its payload. `key` is the Idempotency-Key. */
export const write = async (who: Client, name: string, input: object, { selection = selectionOf(name), key }: { selection?: string; key?: string } = {}): Promise<any> =>
  (await who.ask(mutation(name, selection), { input }, key))[name];

/** The same, which must be refused. */
export const refuse = (who: Client, name: string, input: object, key?: string): Promise<Refusal> => who.refused(mutation(name, selectionOf(name)), { input }, key);

/** The task as this person sees it, or null. */
export const see = async (who: Client, id: string, selection = 'title status priority version'): Promise<any> =>
  (await who.ask(`query ($id: ID!) { task(id: $id) { ${selection} } }`, { id })).task;

function shared<T>(make: (world: World) => Promise<T>): (world: World) => Promise<T> {
  const made = new WeakMap<World, Promise<T>>();
  return (world) => {
    const known = made.get(world) ?? make(world);
    made.set(world, known);
    return known;
  };
}

/** A project with somebody of each role, and somebody who belongs to nothing. */
export interface Team {
  project: MadeProject;
  owner: Someone;
  maintainer: Someone;
  member: Someone;
  viewer: Someone;
  stranger: Someone;
}

export const team = shared(async (world: World): Promise<Team> => {
  const owner = await world.person('The owner');
  const project = await world.project(owner, { name: 'The project' });
  const [maintainer, member, viewer] = [await world.member(project, 'MAINTAINER'), await world.member(project, 'MEMBER'), await world.member(project, 'VIEWER')];
  return { project, owner, maintainer, member, viewer, stranger: await world.person('The stranger') };
});

/** A channel with somebody of each role; `other` is a second plain member. */
export interface House {
  channel: MadeChannel;
  owner: Someone;
  moderator: Someone;
  member: Someone;
  other: Someone;
  stranger: Someone;
}

export const house = shared(async (world: World): Promise<House> => {
  const owner = await world.person('The host');
  const channel = await world.channel(owner, 'The channel');
  const [moderator, member, other] = [await world.joined(channel, 'MODERATOR'), await world.joined(channel), await world.joined(channel)];
  return { channel, owner, moderator, member, other, stranger: await world.person('The passer-by') };
});

/** An archived project, with what hung there when it was archived. */
export interface Archived {
  project: MadeProject;
  owner: Someone;
  /** Waits for `blocker`; `comment` is on it. */
  task: MadeTask;
  blocker: MadeTask;
  trashed: MadeTask;
  completed: MadeTask;
  undoToken: string;
  commentId: string;
  labelId: string;
  templateId: string;
}

export const archived = shared(async (world: World): Promise<Archived> => {
  const owner = await world.person('The archivist');
  const project = await world.project(owner, { name: 'The archive' });
  const make = (title: string, more = {}) => world.task(owner, { projectId: project.id, title, ...more });
  const [task, blocker, trashed, completed] = [await make('Left'), await make('Blocker'), await make('Trashed'), await make('Done', { status: 'COMPLETED' })];
  await write(owner, 'addTaskDependency', { taskId: task.id, blockedById: blocker.id });
  await write(owner, 'deleteTask', { id: trashed.id });
  await write(owner, 'watchTask', { id: completed.id });
  const { undoToken } = await write(owner, 'updateTask', { id: task.id, priority: 3 });
  const { comment } = await write(owner, 'addComment', { taskId: task.id, body: 'Said before' });
  const { label } = await write(owner, 'createLabel', { projectId: project.id, name: 'kept' });
  const { template } = await write(owner, 'saveTaskTemplate', { projectId: project.id, name: 'Kept', tasks: [{ title: 'One' }] });
  await write(owner, 'archiveProject', { id: project.id });
  // The task subgraph hears of it by the project's log.
  await eventually(() => refuse(owner, 'createTask', { projectId: project.id, title: 'Too late' }));
  return { project, owner, task, blocker, trashed, completed, undoToken, commentId: comment.id, labelId: label.id, templateId: template.id };
});

/** A task in the trash, by the owner of the team's project. */
export async function trashedTask(world: World): Promise<Team & { task: MadeTask }> {
  const scene = await team(world);
  const task = await world.task(scene.owner, { projectId: scene.project.id, title: 'In the trash' });
  await write(scene.owner, 'deleteTask', { id: task.id });
  return { ...scene, task };
}

/** A label of the team's project with a name of its own. */
export async function newLabel({ project, maintainer }: Team): Promise<{ id: string; name: string; color: string }> {
  return (await write(maintainer, 'createLabel', { projectId: project.id, name: `label ${unique()}` })).label;
}

/** A key that nobody has used. */
export const newKey = (): string => newId();
