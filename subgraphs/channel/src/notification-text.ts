// What notifications and the feed say. Titles are one line; names of people are as of the event.
import type { TaskChanged } from '@taskgraph/shared/contracts/task-events';
import type { NotificationKind } from './entities/notification.js';
import type { MemberWebhookEvent, TaskWebhookEvent } from './entities/webhook.js';

/** One line without control characters and without what turns the direction of writing: a title must not pass for another one. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '').trim();
/** Nobody's name is known until the user log was read. */
const who = (name: string | null) => oneLine(name ?? 'Somebody');
const quoted = (text: string) => `“${oneLine(text)}”`;

export type TaskKind = Exclude<NotificationKind, 'PROJECT_CREATED' | 'PROJECT_ADDED' | 'CHANNEL_JOINED'>;

export type NamedTask = Pick<TaskChanged, 'ref' | 'state'>;
const named = ({ ref, state }: NamedTask) => `${ref ? `${ref} ` : ''}${quoted(state.title)}`;

const taskTitles: Record<TaskKind, (actor: string, task: string) => string> = {
  TASK_CREATED: (actor, task) => `${actor} created ${task}`,
  TASK_ASSIGNED: (actor, task) => `${actor} assigned you to ${task}`,
  TASK_UPDATED: (actor, task) => `${actor} changed ${task}`,
  TASK_COMPLETED: (actor, task) => `${actor} completed ${task}`,
  TASK_REOPENED: (actor, task) => `${actor} reopened ${task}`,
  TASK_COMMENTED: (actor, task) => `${actor} commented on ${task}`,
  MENTIONED: (actor, task) => `${actor} mentioned you on ${task}`,
  TASK_DUE_SOON: (_actor, task) => `${task} is due within 24 hours`,
  TASK_OVERDUE: (_actor, task) => `${task} is overdue`,
};

export const taskTitle = (kind: TaskKind, actor: string | null, task: NamedTask): string => taskTitles[kind](who(actor), named(task));

/** When it is due; TASK_UPDATED says which fields changed instead (`changedText`). */
export const taskBody = ({ state }: Pick<TaskChanged, 'state'>): string | null => (state.dueAt ? `Due ${state.dueAt}` : null);

/** What stands before the names of the changed fields. */
export const changedText = 'Changed: ';

/** Without its name: ADMIN hears that there is one more and has no access to what is in it (RULES §1). */
export const projectCreatedTitle = (actor: string | null): string => `${who(actor)} created a project`;
export const projectAddedTitle = (actor: string | null, project: string): string => `${who(actor)} added you to the project ${quoted(project)}`;
export const joinedTitle = (joiner: string | null, channel: string): string => `${who(joiner)} joined the channel ${quoted(channel)}`;

export type TaskDeed = 'TASK_CREATED' | 'TASK_ASSIGNED' | 'TASK_COMPLETED' | 'TASK_REOPENED' | 'TASK_COMMENTED' | 'TASK_MOVED';
const deeds: Record<TaskDeed, string> = {
  TASK_CREATED: 'created', TASK_ASSIGNED: 'changed who does', TASK_COMPLETED: 'completed', TASK_REOPENED: 'reopened', TASK_COMMENTED: 'commented on', TASK_MOVED: 'moved',
};

/** Lines of the feed. */
export const taskSummary = (deed: TaskDeed, actor: string | null, task: NamedTask): string => `${who(actor)} ${deeds[deed]} ${named(task)}`;
export const projectCreatedSummary = (actor: string | null, project: string): string => `${who(actor)} created the project ${quoted(project)}`;
export const memberJoinedSummary = (member: string | null, project: string): string => `${who(member)} joined the project ${quoted(project)}`;
export const channelCreatedSummary = (actor: string | null, channel: string): string => `${who(actor)} created the channel ${quoted(channel)}`;

const taskWebhookTexts: Record<TaskWebhookEvent, (actor: string, task: string) => string> = {
  TASK_CREATED: (actor, task) => `${actor} created ${task}`,
  TASK_UPDATED: (actor, task) => `${actor} changed ${task}`,
  TASK_ASSIGNED: (actor, task) => `${actor} changed who does ${task}`,
  TASK_COMPLETED: (actor, task) => `${actor} completed ${task}`,
  TASK_REOPENED: (actor, task) => `${actor} reopened ${task}`,
  TASK_MOVED: (actor, task) => `${actor} moved ${task}`,
  TASK_DELETED: (actor, task) => `${actor} deleted ${task}`,
  TASK_RESTORED: (actor, task) => `${actor} restored ${task}`,
  TASK_COMMENTED: (actor, task) => `${actor} commented on ${task}`,
  TASK_DUE_SOON: taskTitles.TASK_DUE_SOON,
  TASK_OVERDUE: taskTitles.TASK_OVERDUE,
};

/** Lines of webhooks in chats. */
export const taskWebhookText = (event: TaskWebhookEvent, actor: string | null, task: NamedTask): string => taskWebhookTexts[event](who(actor), named(task));
export const memberWebhookText = (event: MemberWebhookEvent, member: string | null, place: string): string => `${who(member)} ${event === 'MEMBER_ADDED' ? 'joined' : 'left'} ${quoted(place)}`;
