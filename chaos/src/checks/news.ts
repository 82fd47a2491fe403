// Exactly one notification per person and event, one delivery per method, one mail per delivery: counted from the log alone, by
// the table of docs/rules.md §7 and not by the code that keeps to it.
import type { TaskChanged } from '@taskgraph/shared/contracts/task-events';
import type { LogEvent, Snapshot } from '../snapshot.js';

export interface Audience {
  /** People who see everything that happens all the time. */
  memberIds: ReadonlySet<string>;
  /** Owner and maintainers of every project, and of the channel: the same people here. */
  watcherIds: readonly string[];
}

/** Told by e-mail as well unless somebody decides otherwise. */
const mailedKinds = new Set(['TASK_ASSIGNED', 'MENTIONED', 'TASK_OVERDUE', 'PROJECT_ADDED']);
/** A change within this time of an unread one of the same task joins it, in milliseconds. */
const joinMs = 5 * 60_000;

interface Comment {
  action?: string;
  newMentionIds?: string[];
}

/** Whom one event of a task tells, with the most specific kind. */
function told({ type, actorId, payload }: LogEvent, watcherIds: readonly string[]): Map<string, string> {
  const news = new Map<string, string>();
  const { creatorId, state, before } = payload as TaskChanged;
  const comment = payload as Comment;
  const tell = (ids: readonly string[], kind: string): void => {
    for (const id of ids) if (id !== actorId && !news.has(id)) news.set(id, kind);
  };
  const tied = [creatorId, ...state.assigneeIds, ...(state.watcherIds ?? [])];
  if (type === 'task.commented') tell(comment.newMentionIds ?? [], 'MENTIONED');
  const tells = ['task.created', 'task.updated', 'task.assigned', 'task.completed', 'task.reopened', 'task.moved'];
  if (tells.includes(type)) tell(state.assigneeIds.filter((id) => !before?.assigneeIds.includes(id)), 'TASK_ASSIGNED');
  if (type === 'task.commented' && comment.action === 'added') tell(tied, 'TASK_COMMENTED');
  if (type === 'task.completed') tell(tied, 'TASK_COMPLETED');
  if (type === 'task.reopened') tell(tied, 'TASK_REOPENED');
  if (type === 'task.created' && payload.projectId) tell(watcherIds, 'TASK_CREATED');
  const elsewhere = before !== null && ((before.projectId ?? null) !== (state.projectId ?? null) || (before.channelId ?? null) !== (state.channelId ?? null));
  if (type === 'task.updated' || type === 'task.assigned' || (type === 'task.moved' && elsewhere)) tell([...state.assigneeIds, ...(state.watcherIds ?? [])], 'TASK_UPDATED');
  return news;
}

/** "event person" → kind, as the rules have it. */
export function expectedNews(logs: Snapshot['logs'], { memberIds, watcherIds }: Audience): Map<string, string> {
  const expected = new Map<string, string>();
  const joinable = new Map<string, { key: string; at: number }>();
  for (const event of logs.task) {
    if (!event.payload.state) continue;
    for (const [userId, kind] of told(event, watcherIds)) {
      if (!memberIds.has(userId)) continue;
      const key = `${event.id} ${userId}`;
      expected.set(key, kind);
      if (kind !== 'TASK_UPDATED') continue;
      const place = `${event.aggregateId} ${userId}`;
      const [recent, at] = [joinable.get(place), event.at.getTime()];
      const joins = recent !== undefined && recent.at >= at - joinMs;
      if (joins) expected.delete(recent.key);
      joinable.set(place, { key, at: Math.max(at, joins ? recent.at : at) });
    }
  }
  for (const { type, id, actorId, payload } of logs.project) {
    const { userId } = payload as unknown as { userId: string };
    if (type === 'project.member-added' && userId !== actorId) expected.set(`${id} ${userId}`, 'PROJECT_ADDED');
  }
  for (const { type, id, actorId } of logs.channel) {
    if (type === 'channel.joined') for (const watcher of watcherIds) if (watcher !== actorId) expected.set(`${id} ${watcher}`, 'CHANNEL_JOINED');
  }
  return expected;
}

export function checkNews(snapshot: Pick<Snapshot, 'logs' | 'notifications'>, audience: Audience): string[] {
  const wrong: string[] = [];
  const expected = expectedNews(snapshot.logs, audience);
  const actors = new Map(Object.values(snapshot.logs).flat().map(({ id, actorId }) => [id, actorId]));
  const found = new Map<string, string>();
  for (const { eventId, userId, kind } of snapshot.notifications) {
    const key = `${eventId} ${userId}`;
    if (found.has(key)) wrong.push(`doubled: notification of ${key}`);
    found.set(key, kind);
    if (!actors.has(eventId)) wrong.push(`phantom: notification of ${key}, which is in no log`);
    else if (actors.get(eventId) === userId) wrong.push(`own deed: ${userId} was told of ${eventId}`);
    if (expected.get(key) !== kind) wrong.push(`phantom: notification ${kind} of ${key}, expected ${expected.get(key) ?? 'none'}`);
  }
  for (const [key, kind] of expected) if (!found.has(key)) wrong.push(`missing: notification ${kind} of ${key}`);
  return wrong;
}

/** The record of each e-mail has come to its end, and the mail is there where it says so. */
export function checkDeliveries({ notifications, deliveries, mails }: Pick<Snapshot, 'notifications' | 'deliveries' | 'mails'>): string[] {
  const wrong: string[] = [];
  const byNotification = new Map<string, number>();
  const copies = new Map<string, number>();
  for (const mail of mails) copies.set(mail, (copies.get(mail) ?? 0) + 1);
  const allowed = new Set<string>();
  for (const { id, notificationId, eventId, state, attempts, reason } of deliveries) {
    byNotification.set(notificationId ?? '', (byNotification.get(notificationId ?? '') ?? 0) + 1);
    const mail = `${eventId}.${notificationId}`;
    if (state !== 'DELIVERED' && state !== 'SKIPPED') wrong.push(`stuck: delivery ${id} is ${state} (${reason})`);
    if (state === 'DELIVERED' && !copies.has(mail)) wrong.push(`missing: mail of delivery ${id}, which says that it was sent`);
    // A second copy may leave where nobody knows of the first: one for each try, under one Message-ID.
    if ((copies.get(mail) ?? 0) > attempts) wrong.push(`doubled: mail of delivery ${id} came ${copies.get(mail)} times in ${attempts} tries`);
    // A process that died between mail and record leaves a mail, and the next try may find that nobody wants it any more.
    if (state === 'DELIVERED' || attempts > 0) allowed.add(mail);
  }
  for (const { id, kind } of notifications) {
    const [count, due] = [byNotification.get(id) ?? 0, mailedKinds.has(kind) ? 1 : 0];
    if (count !== due) wrong.push(`${count > due ? 'doubled' : 'missing'}: ${kind} ${id} has ${count} deliveries instead of ${due}`);
  }
  // Mails about accounts have names of their own: ids of news are two UUIDs.
  for (const mail of copies.keys()) if (/^[0-9a-f-]{36}\.[0-9a-f-]{36}$/.test(mail) && !allowed.has(mail)) wrong.push(`phantom: mail ${mail} has no delivery`);
  return wrong;
}
