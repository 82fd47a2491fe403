// GET /internal/events: the log, page by page, for the other subgraphs. Long poll: waits up to `wait` ms for something new.
import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { placeFromText, placeToText, type Place } from './event-log.js';
import { createAsOfSampler, queryOf, readLog } from './event-reader.js';
import { createLogWatcher, type LogWatcher } from './log-watcher.js';

const parameters = z.object({
  after: z.string().default(''),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
  types: z.string().default(''),
  wait: z.coerce.number().int().min(0).max(30_000).default(0),
  /** Leaves out what was written before this instant: for readers whose memory is short. */
  since: z.iso.datetime().optional(),
});

/** Opens the watcher over a subgraph's own log. */
export function watchLog(dataSource: DataSource): LogWatcher {
  return createLogWatcher(async () => {
    const [row] = (await dataSource.query(
      `select e.epoch, e.xid::text, e.ordinal from event_log l, pg_current_snapshot() s, events e
       where e.epoch = l.epoch and e.xid < pg_snapshot_xmin(s) order by e.epoch desc, e.xid desc, e.ordinal desc limit 1`,
    )) as Place[];
    return row ?? null;
  });
}

/**
 * Adds the route. Any subgraph of the installation may read; what it may see of the content is the same for all: ids and what
 * events.md lists. The gateway may read only the types named in `forGateway`.
 */
export function addEventFeed(app: FastifyInstance, dataSource: DataSource, watcher: LogWatcher, forGateway: ReadonlySet<string> = new Set()): void {
  const sampler = createAsOfSampler();
  app.get('/internal/events', async (request, reply) => {
    const { after: afterText, limit, types, wait, since } = parameters.parse(request.query);
    const allowed = request.identity.caller !== 'gateway' || types.split(',').every((type) => forGateway.has(type));
    if (request.identity.viewer || !allowed) return reply.code(403).send({ error: 'For subgraphs only.' });
    const after = placeFromText(afterText);
    const wanted = types === '' ? [] : types.split(',');
    const read = () =>
      readLog(queryOf(dataSource), sampler, {
        after,
        limit,
        where: `($5::text[] = '{}' or e.type = any($5)) and ($6::timestamptz is null or e.at >= $6)`,
        parameters: [wanted, since ?? null],
      });
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const until = Date.now() + wait;
    let page = await read();
    while (page.events.length === 0 && Date.now() < until && !gone.signal.aborted) {
      const moved = await watcher.wait(page.next, Math.max(1, Math.min(1_000, until - Date.now())), gone.signal);
      page = await read();
      // An empty answer once a second keeps the reader's `asOf` young without an event.
      if (!moved) break;
    }
    return {
      events: page.events.map((event) => ({ ...event, place: placeToText(event.place) })),
      next: placeToText(page.next),
      more: page.more,
      asOf: page.asOf?.toISOString() ?? null,
      epoch: page.epoch,
    };
  });
}
