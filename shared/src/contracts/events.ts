// Every event there is, with its model: checked on publish and on consume. docs/events.md is written from this list.
import type { z } from 'zod';
import { channelEvents } from './channel-events.js';
import { projectEvents } from './project-events.js';
import { statsEvents } from './stats-events.js';
import { taskEvents } from './task-events.js';
import { userEvents } from './user-events.js';

export const eventsByOwner = { user: userEvents, project: projectEvents, task: taskEvents, channel: channelEvents, stats: statsEvents } as const;

type AllEvents = typeof userEvents & typeof projectEvents & typeof taskEvents & typeof channelEvents & typeof statsEvents;
export type EventType = keyof AllEvents;
export type EventPayload<T extends EventType> = z.infer<AllEvents[T]>;

export const eventModels: Record<string, z.ZodType> = { ...userEvents, ...projectEvents, ...taskEvents, ...channelEvents, ...statsEvents };

/** Events that take access away: a consumer that cannot apply one stops there instead of parking it. */
export const accessLosingEvents: ReadonlySet<string> = new Set<EventType>([
  // An account also loses its role (user.updated), by which the channel subgraph shows dead letters.
  'user.updated', 'user.deactivated', 'user.sessions-revoked',
  'project.member-removed', 'project.member-changed', 'project.archived',
  'channel.left', 'channel.member-removed', 'channel.member-changed', 'channel.deleted',
]);
