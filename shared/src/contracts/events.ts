// Every event there is, with its model: checked on publish and on consume. docs/events.md is written from this list.
import type { z } from 'zod';
import { channelEvents } from './channel-events.js';
import { projectEvents } from './project-events.js';
import { taskEvents } from './task-events.js';
import { userEvents } from './user-events.js';

export const eventsByOwner = { user: userEvents, project: projectEvents, task: taskEvents, channel: channelEvents } as const;

type AllEvents = typeof userEvents & typeof projectEvents & typeof taskEvents & typeof channelEvents;
export type EventType = keyof AllEvents;
export type EventPayload<T extends EventType> = z.infer<AllEvents[T]>;

export const eventModels: Record<string, z.ZodType> = { ...userEvents, ...projectEvents, ...taskEvents, ...channelEvents };

/** Events that take access away: a consumer that cannot apply one stops there instead of parking it. */
export const accessLosingEvents: ReadonlySet<string> = new Set<EventType>([
  'project.member-removed', 'project.member-changed', 'project.archived',
  'channel.left', 'channel.member-removed', 'channel.member-changed', 'channel.deleted',
]);
