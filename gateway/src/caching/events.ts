// What the logs say has changed, as far as cached answers depend on it. A log that is not heard closely makes the cache blind:
// what it tells of is not answered from the cache then.
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { z } from 'zod';
import { cacheFollows, cacheInvalidations } from './metrics.js';
import { longestAge, type CachedType } from './policy.js';
import { tagOfAny, tagOfEntity, tagOfType, tagOfViewer, type Tags } from './tags.js';

export interface FollowedLogs {
  /** Whether everything up to a few seconds ago is known. */
  fresh(type: CachedType): boolean;
  stop(): void;
}

export interface FollowOptions {
  tags: Tags;
  /** GET of an address of a subgraph: the parsed body, or a throw. */
  ask: (subgraph: string, path: string) => Promise<unknown>;
  logger: Logger;
}

/** A log is silent when what it says is older, in milliseconds (docs/events.md). */
const silentMs = 5_000;
/** Read again at the start: what another gateway has left in the store is no older. */
const memoryMs = (longestAge + 60) * 1_000;
const firstBackoffMs = 100;
const lastBackoffMs = 1_000;

const logs: Record<CachedType, { subgraph: string; id: string; events: string[] }> = {
  User: { subgraph: 'user', id: 'userId', events: ['user.updated', 'user.deactivated', 'user.reactivated'] },
  Project: {
    subgraph: 'project',
    id: 'projectId',
    events: ['project.created', 'project.updated', 'project.archived', 'project.restored', 'project.member-added', 'project.member-changed', 'project.member-removed'],
  },
  Channel: {
    subgraph: 'channel',
    id: 'channelId',
    events: ['channel.created', 'channel.updated', 'channel.joined', 'channel.left', 'channel.member-changed', 'channel.member-removed', 'channel.deleted'],
  },
};
/** Takes access from people whom it does not name. */
const forEverybody = new Set(['channel.deleted']);

const pageModel = z.object({
  events: z.array(z.object({ type: z.string(), payload: z.record(z.string(), z.unknown()) })),
  next: z.string(),
  more: z.boolean(),
  asOf: z.iso.datetime().nullable(),
  epoch: z.number().optional(),
});
type LogEvent = z.infer<typeof pageModel>['events'][number];

export function followLogs({ tags, ask, logger }: FollowOptions): FollowedLogs {
  const stopping = new AbortController();
  /** By type: up to when everything is known, by the clock of the log. */
  const known = new Map<CachedType, number>();
  const fresh = (type: CachedType) => Date.now() - (known.get(type) ?? 0) < silentMs;

  /** Throws where others may not have heard: the page is read again then. */
  async function apply(type: CachedType, events: LogEvent[], newEpoch: boolean): Promise<void> {
    const held = new Set<string>();
    const changed = new Set<string>();
    for (const event of events) {
      const ids = idsIn(type, event);
      held.add(tagOfEntity(type, ids.entity));
      for (const person of ids.people) held.add(tagOfViewer(person));
      if (forEverybody.has(event.type)) held.add(tagOfAny(type));
      else changed.add(tagOfAny(type));
    }
    // The log of a restored database tells nothing of what was lost.
    if (newEpoch) for (const tag of [tagOfType(type), tagOfAny(type)]) held.add(tag);
    for (const tag of held) changed.delete(tag);
    if (!(await tags.invalidate({ held, changed }))) throw new Error('the cache could not be told of changes');
    cacheInvalidations.inc({ cause: logs[type].subgraph }, events.length);
  }

  async function follow(type: CachedType): Promise<void> {
    const { subgraph, events } = logs[type];
    const since = new Date(Date.now() - memoryMs).toISOString();
    let after = '';
    let epoch: number | undefined;
    let backoff = firstBackoffMs;
    while (!stopping.signal.aborted) {
      try {
        const place = after === '' ? `after=&since=${since}` : `after=${after}`;
        const page = pageModel.parse(await ask(subgraph, `/internal/events?${place}&limit=500&wait=10000&types=${events.join(',')}`));
        await apply(type, page.events, epoch !== undefined && page.epoch !== epoch);
        after = page.next;
        epoch = page.epoch;
        if (!page.more && page.asOf !== null) known.set(type, Math.min(Date.now(), Date.parse(page.asOf)));
        backoff = firstBackoffMs;
      } catch (error) {
        if (stopping.signal.aborted) return;
        known.delete(type);
        // Said once per outage, not at each try.
        logger[backoff === firstBackoffMs ? 'warn' : 'debug']({ err: error, subgraph }, 'changes cannot be heard: what they tell of is not cached');
        await delay(backoff, undefined, { signal: stopping.signal }).catch(() => undefined);
        backoff = Math.min(backoff * 2, lastBackoffMs);
      } finally {
        cacheFollows.set({ log: subgraph }, fresh(type) ? 1 : 0);
      }
    }
  }
  for (const type of Object.keys(logs) as CachedType[]) void follow(type);

  return { fresh, stop: () => stopping.abort() };
}

/** Whoever made it or was made a member or none has a list that changed. */
function idsIn(type: CachedType, { type: name, payload }: LogEvent): { entity: string; people: string[] } {
  const entity = payload[logs[type].id];
  if (typeof entity !== 'string') throw new Error(`${name} names nothing`);
  const people = [payload['userId'], payload['ownerId']].filter((id) => typeof id === 'string');
  return { entity, people };
}
