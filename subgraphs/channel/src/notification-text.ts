// What notifications say. Titles are one line; names of people are as of the event.
import type { TaskChanged } from '@taskgraph/shared/contracts/task-events';
import type { NotificationKind } from './entities/notification.js';

/** Nobody's name is known until the user log was read. */
const who = (name: string | null) => oneLine(name ?? 'Somebody');
const quoted = (text: string) => `“${oneLine(text)}”`;
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

export type TaskKind = Extract<NotificationKind, `TASK_${string}`>;

const taskVerbs: Record<TaskKind, string> = {
  TASK_CREATED: 'created',
  TASK_ASSIGNED: 'assigned you to',
  TASK_UPDATED: 'changed',
  TASK_COMPLETED: 'completed',
  TASK_REOPENED: 'reopened',
};

export const taskTitle = (kind: TaskKind, actor: string | null, task: Pick<TaskChanged, 'ref' | 'state'>): string =>
  `${who(actor)} ${taskVerbs[kind]} ${task.ref ? `${task.ref} ` : ''}${quoted(task.state.title)}`;

/** Which fields changed, for TASK_UPDATED; else when it is due, where it is. */
export function taskBody(kind: TaskKind, task: Pick<TaskChanged, 'changes' | 'state'>): string | null {
  if (kind === 'TASK_UPDATED') return task.changes.length > 0 ? `Changed: ${task.changes.map((change) => change.field).join(', ')}` : null;
  return task.state.dueAt ? `Due ${task.state.dueAt}` : null;
}

/** Without its name: ADMIN hears that there is one more and has no access to what is in it (RULES §1). */
export const projectCreatedTitle = (actor: string | null): string => `${who(actor)} created a project`;
export const projectAddedTitle = (actor: string | null, project: string): string => `${who(actor)} added you to the project ${quoted(project)}`;
export const joinedTitle = (joiner: string | null, channel: string): string => `${who(joiner)} joined the channel ${quoted(channel)}`;

/** Subject and text of the e-mail that carries a notification. */
export function mailText(news: { title: string; body: string | null }, publicUrl: string): { subject: string; text: string } {
  const parts = [news.title, ...(news.body ? [news.body] : []), publicUrl, 'You get this e-mail because of your part in Taskgraph.'];
  return { subject: news.title, text: `${parts.join('\n\n')}\n` };
}
