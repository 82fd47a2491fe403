// Everything a check looks at, read past the product: from the tables, and from the server that took the mails.
import { connect } from '@taskgraph/shared/provision/connect';
import type { TaskChanged } from '@taskgraph/shared/contracts/task-events';
import type { Log } from './journal.js';
import type { System } from './system.js';

export interface LogEvent {
  id: string;
  type: string;
  aggregateId: string;
  seq: number;
  actorId: string | null;
  traceId: string | null;
  at: Date;
  // Judged by its type.
  payload: TaskChanged & Record<string, never>;
}

export interface TaskRow {
  id: string;
  title: string;
  status: string;
  priority: number;
  projectId: string | null;
  channelId: string | null;
  assigneeIds: string[];
  deleted: boolean;
  version: number;
  dueAt: Date | null;
}

export interface NotificationRow {
  id: string;
  userId: string;
  kind: string;
  eventId: string;
  actorId: string | null;
}

export interface DeliveryRow {
  id: string;
  notificationId: string | null;
  eventId: string | null;
  userId: string;
  state: string;
  attempts: number;
  reason: string | null;
}

export interface PostRow {
  id: string;
  eventId: string;
  state: string;
  attempts: number;
  reason: string | null;
}

export interface Snapshot {
  /** Each log in its own order. */
  logs: Record<Log, LogEvent[]>;
  tasks: TaskRow[];
  comments: { id: string; taskId: string }[];
  members: { projectId: string; userId: string; role: string }[];
  channelMembers: { channelId: string; userId: string; role: string }[];
  notifications: NotificationRow[];
  deliveries: DeliveryRow[];
  deadLetters: { schema: string; queue: string; name: string; reason: string }[];
  posts: PostRow[];
  /** Ids of the Message-IDs, one for each copy that arrived. */
  mails: string[];
}

const eventsOf = (schema: Log): string =>
  `select id, type, aggregate_id as "aggregateId", seq, actor_id as "actorId", trace_id as "traceId", at, payload from ${schema}.events order by epoch, xid, ordinal`;

export async function takeSnapshot(system: Pick<System, 'adminUrl'>, mails: string[]): Promise<Snapshot> {
  const client = await connect(await system.adminUrl());
  const rows = async <T>(sql: string): Promise<T[]> => (await client.query(sql)).rows as T[];
  try {
    await client.query('begin isolation level repeatable read read only');
    const logs = { task: await rows<LogEvent>(eventsOf('task')), project: await rows<LogEvent>(eventsOf('project')), channel: await rows<LogEvent>(eventsOf('channel')) };
    const schemas = await rows<{ schema: string }>(`select table_schema as schema from information_schema.tables where table_name = 'dead_letters' and table_schema = any ('{user,project,task,channel,stats}')`);
    const deadLetters: Snapshot['deadLetters'] = [];
    for (const { schema } of schemas) deadLetters.push(...(await rows<Snapshot['deadLetters'][number]>(`select '${schema}' as schema, queue, name, reason from "${schema}".dead_letters`)));
    return {
      logs,
      tasks: await rows(`select id, title, status, priority, project_id as "projectId", channel_id as "channelId", assignee_ids as "assigneeIds", deleted_at is not null as deleted, version, due_at as "dueAt" from task.tasks`),
      comments: await rows('select id, task_id as "taskId" from task.comments'),
      members: await rows('select project_id as "projectId", user_id as "userId", role from project.project_members'),
      channelMembers: await rows('select channel_id as "channelId", user_id as "userId", role from channel.channel_members'),
      notifications: await rows('select id, user_id as "userId", kind, event_id as "eventId", actor_id as "actorId" from channel.notifications'),
      deliveries: await rows('select id, notification_id as "notificationId", event_id as "eventId", user_id as "userId", state, attempts, last_error as reason from channel.deliveries'),
      posts: await rows('select id, event_id as "eventId", state, attempts, last_error as reason from channel.webhook_deliveries'),
      deadLetters, mails,
    };
  } finally {
    await client.end();
  }
}
