// Makes the figures anew from the start of the task log while the old ones are served (npm run stats:rebuild). The row in
// `generations` is the record: whichever replica holds the lease goes on with it, whatever dies.
import { eventModels } from '@taskgraph/shared/contracts/events';
import type { TailedEvent } from '@taskgraph/shared/event-tail';
import { newId } from '@taskgraph/shared/ids';
import type { Peer } from '@taskgraph/shared/peer';
import { periodically } from '@taskgraph/shared/periodically';
import { move, releaseLease, takeLease, type Standing, type TailKey } from '@taskgraph/shared/tail-positions';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { changeTypes, countTasks } from '../commands/count-tasks.js';
import { builderOf } from '../feeds.js';
import { parkUnreadable } from '../repositories/dead-letter-repository.js';
import { findGenerations, holdBuilding, restartBuilding, sweepRetired, sweepTombstones, switchTo } from '../repositories/generation-repository.js';

const pageModel = z.object({
  events: z.array(z.looseObject({ id: z.string(), type: z.string(), payload: z.unknown() })),
  next: z.string(),
  more: z.boolean(),
  asOf: z.string().nullable(),
  epoch: z.number().int(),
});
type Page = z.infer<typeof pageModel>;

/** Events of one transaction: it takes a few statements however many there are, and must not last long (RULES §4). */
const pageSize = 250;
/** How soon somebody who asked for a rebuild is heard, in milliseconds. */
const lookMs = 500;
const tombstonesMs = 3_600_000;

export interface RebuildOptions {
  /** Pool of the worker role. */
  database: DataSource;
  /** The task subgraph. */
  source: Peer;
  log: Logger;
}

/** Looks for a rebuild that was asked for and does it; several replicas may. Also empties what is no longer served. */
export function startRebuilds({ database, source, log }: RebuildOptions): { stop: () => Promise<void> } {
  const replica = newId();
  const stopping = new AbortController();

  async function readPage(place: string): Promise<Page> {
    const types = [...changeTypes, 'task.purged'].join(',');
    return pageModel.parse(await source.get(`/internal/events?after=${place}&limit=${pageSize}&types=${types}&wait=200`, { timeoutMs: 15_000, signal: stopping.signal }));
  }

  /** Applies a page. False: another replica went on from here, or the generation is made no longer. */
  function applyPage(key: TailKey, generation: number, { place, epoch }: Standing, page: Page): Promise<boolean> {
    const events = page.events as unknown as TailedEvent[];
    const step = { from: place, next: page.next, epoch: page.epoch, asOf: page.more ? null : page.asOf, eventIds: events.map((event) => event.id) };
    const counted: TailedEvent[] = [];
    const unreadable: TailedEvent[] = [];
    for (const event of events) {
      const payload = eventModels[event.type]?.safeParse(event.payload);
      if (payload?.success) counted.push({ ...event, payload: payload.data });
      else unreadable.push(event);
    }
    return writeTransaction(database, { lock: [] }, async (tx) => {
      if (!(await move(tx, key, step)) || !(await holdBuilding(tx, generation))) return false;
      if (epoch !== null && epoch !== page.epoch) await restartBuilding(tx, generation);
      else await countTasks(tx, generation, counted);
      // Run again, it takes effect on whatever is served then.
      for (const event of unreadable) {
        log.error({ event: event.id, type: event.type }, 'an event cannot be read and is left out of the rebuild');
        await parkUnreadable(tx, event);
      }
      return true;
    });
  }

  async function build(generation: number): Promise<void> {
    const key: TailKey = { consumer: builderOf(generation), source: source.name };
    const began = Date.now();
    let counted = 0;
    try {
      while (!stopping.signal.aborted) {
        const standing = await takeLease(database, key, replica);
        if (!standing) return;
        const page = await readPage(standing.place);
        if (!(await applyPage(key, generation, standing, page))) return;
        counted += page.events.length;
        if (page.more || !(await writeTransaction(database, { lock: [] }, (tx) => switchTo(tx, generation)))) continue;
        log.info({ generation, events: counted, tookMs: Date.now() - began }, 'the figures were made anew from the task log');
        return;
      }
    } finally {
      if (stopping.signal.aborted) await releaseLease(database, key, replica).catch((error: unknown) => log.debug({ err: error }, 'the lease runs out by itself'));
    }
  }

  async function run(): Promise<void> {
    const { building } = await findGenerations(database);
    if (building !== null) await build(building);
    while (!stopping.signal.aborted && (await sweepRetired(database))) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  const periodic = periodically({ name: 'rebuild of the figures', everyMs: lookMs, run, log });
  const forgetting = periodically({ name: 'forgetting erased tasks', everyMs: tombstonesMs, run: () => sweepTombstones(database), log });
  return {
    async stop() {
      stopping.abort();
      await Promise.all([periodic.stop(), forgetting.stop()]);
    },
  };
}
