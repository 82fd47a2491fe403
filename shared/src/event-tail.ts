// Follows another subgraph's log. Position and effect are committed in one transaction, so each event takes effect once,
// whatever dies: no inbox, no acknowledgement. See docs/events.md.
import type { DataSource } from 'typeorm';
import type { Logger } from 'pino';
import { z } from 'zod';
import { accessLosingEvents, eventModels } from './contracts/events.js';
import { isTransient } from './graphql-errors.js';
import { newId } from './ids.js';
import { counter } from './metrics/registry.js';
import type { Peer } from './peer.js';
import { followTraces } from './tracing/spans.js';
import { countAttempt, isBehind, move, park, releaseLease, startOver, takeLease, type Standing, type TailKey } from './tail-positions.js';
import { writeTransaction, type WriteTransaction } from './write-transaction.js';

export interface TailedEvent {
  id: string;
  type: string;
  aggregateId: string;
  seq: number;
  version: number;
  payload: unknown;
  actorId: string | null;
  traceId: string | null;
  scopeId: string | null;
  /** See LoggedEvent. */
  traceParent?: string;
  at: string;
  /**
   * True where a read model is made again after a new epoch and the event had taken effect before: what the outside was told
   * then must not be told twice.
   */
  replayed?: boolean;
}

const pageModel = z.object({
  events: z.array(z.looseObject({ place: z.string(), id: z.string(), type: z.string(), payload: z.unknown() })),
  next: z.string(),
  more: z.boolean(),
  asOf: z.string().nullable(),
  /** Absent where the source is of a release that did not tell it. */
  epoch: z.number().int().nullable().default(null),
});
type Page = z.infer<typeof pageModel>;
type PlacedEvent = TailedEvent & { place: string };

/** Applies one event inside the running transaction. Throwing refuses the event: five tries, then it is parked. */
export type Reaction = (tx: WriteTransaction, event: TailedEvent) => Promise<void>;

/**
 * Applies the events of a batch, in their order and at least one, inside the running transaction. Throwing refuses all of them:
 * the batch is halved until the one that is refused by itself is alone.
 */
export type BatchReaction = (tx: WriteTransaction, events: readonly TailedEvent[]) => Promise<void>;

/** Empties the read model that one source's log fills, inside the transaction that moves the position back to its start. */
export type Rebuild = (tx: WriteTransaction) => Promise<void>;

export interface TailOptions {
  /** Name of the read model; with the source's name it is the key of the position. */
  consumer: string;
  source: Peer;
  /** One reaction per event type, listed by hand; other types are not asked for. */
  reactions: Record<string, Reaction>;
  /** Where given it is called in place of the reactions, with all events of a batch that they name: a few statements for all of them. */
  together?: BatchReaction;
  /**
   * What follows when the source's log has begun a new epoch, because its database was restored from a backup (RULES §4). What
   * was applied may never have happened now: a read model is emptied and read again from the start. What has been told cannot
   * be untold: a notifier goes on.
   */
  onNewEpoch: Rebuild | 'continue';
  /** Pool of the worker role. */
  dataSource: DataSource;
  log: Logger;
  /** Called after each committed batch that held events. */
  committed?: () => void;
  /** Events of one transaction: the fewer, the shorter it holds the horizon of the server while much is caught up with. @default 200 */
  batchSize?: number;
  /** Locks that nearly every batch needs: taken with the first statement of one that holds events, it need not begin again with them. */
  lock?: string[];
  /** Pauses between the tries of an event that fails by itself, in milliseconds. @default 30 s in all, over five tries */
  pauses?: readonly number[];
}

const tailEvents = counter('taskgraph_tail_events_total', 'Events of the log of `source` that were applied to this read model, or parked.', ['consumer', 'source', 'outcome']);
const tailPauses = counter('taskgraph_tail_pauses_total', 'Turns of following a log that failed and are tried again.', ['consumer', 'source']);
const defaultPauses = [1_000, 3_000, 8_000, 18_000];
const batchSize = 200;

/** Starts following. Several replicas may: one holds the lease and reads, the others stand by. */
export function startTail(options: TailOptions): { stop: () => Promise<void> } {
  const { source, dataSource, log, pauses = defaultPauses } = options;
  const key: TailKey = { consumer: options.consumer, source: source.name };
  const replica = newId();
  const stopping = new AbortController();
  let pause = 0;
  let appliedUntil: string | null = null;

  const pauseFor = (ms: number) =>
    new Promise<void>((resolve) => {
      if (stopping.signal.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        stopping.signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      stopping.signal.addEventListener('abort', end);
    });

  async function turn(): Promise<void> {
    const standing = await takeLease(dataSource, key, replica);
    if (standing === null) return pauseFor(1_000);
    const { place, epoch } = standing;
    appliedUntil = standing.appliedUntil;
    const types = Object.keys(options.reactions).join(',');
    const page = pageModel.parse(
      await source.get(`/internal/events?after=${place}&limit=${options.batchSize ?? batchSize}&types=${types}&wait=10000`, {
        timeoutMs: 15_000,
        signal: stopping.signal,
      }),
    );
    const isNewEpoch = epoch !== null && page.epoch !== null && page.epoch !== epoch;
    if (isNewEpoch && options.onNewEpoch !== 'continue') await rebuild(standing, page.epoch as number, options.onNewEpoch);
    else await applyPage(place, page);
    pause = 0;
  }

  async function rebuild(standing: Standing, epoch: number, empty: Rebuild): Promise<void> {
    log.warn({ source: source.name, epoch }, 'the log has begun a new epoch: its read model is made again from the start');
    await writeTransaction(dataSource, { lock: [] }, async (tx) => {
      if (await startOver(tx, key, standing, epoch)) await empty(tx);
    });
    options.committed?.();
  }

  async function applyPage(from: string, page: Page): Promise<void> {
    const events = page.events as unknown as PlacedEvent[];
    if (await tryBatch(from, events, page)) return;
    // Something in the batch fails: halve it until the culprit is alone.
    if (events.length > 1) {
      const middle = events.slice(0, Math.floor(events.length / 2));
      return applyPage(from, { ...page, events: middle as never, next: (middle.at(-1) as PlacedEvent).place, more: true });
    }
    await endure(from, events[0] as PlacedEvent);
  }

  /** Answers false when an event's own failure refused the batch; errors of the database are thrown. */
  async function tryBatch(from: string, events: PlacedEvent[], { next, more, asOf, epoch }: Page): Promise<boolean> {
    const step = { from, next, epoch, asOf: more ? null : asOf, eventIds: events.map((event) => event.id) };
    try {
      await writeTransaction(dataSource, { lock: events.length > 0 ? (options.lock ?? []) : [] }, async (tx) => {
        // Another replica went on from here: what we hold is old.
        if (!(await move(tx, key, step))) throw new Superseded();
        await apply(tx, events);
      });
      if (events.length > 0) options.committed?.();
      tailEvents.inc({ ...key, outcome: 'applied' }, events.length);
      return true;
    } catch (error) {
      if (error instanceof Superseded) return true;
      if (isTransient(error) || isOverload(error) || events.length === 0) throw error;
      log.warn({ err: error, events: events.length, first: events[0]?.id }, 'a batch of events was refused');
      return false;
    }
  }

  async function apply(tx: WriteTransaction, events: readonly PlacedEvent[]): Promise<void> {
    const wanted = events.flatMap((event) => {
      const reaction = options.reactions[event.type];
      if (!reaction) return [];
      const payload = (eventModels[event.type] as z.ZodType).parse(event.payload);
      return [{ reaction, event: { ...event, replayed: isBehind(event.place, appliedUntil), payload } }];
    });
    if (!options.together) for (const { reaction, event } of wanted) await followTraces(key, [event], () => reaction(tx, event));
    else if (wanted.length > 0) {
      const { together } = options;
      const batch = wanted.map(({ event }) => event);
      await followTraces(key, batch, () => together(tx, batch));
    }
  }

  /** One event that fails by itself: tries again, then parks it; an event that takes access away is never parked. */
  async function endure(from: string, event: PlacedEvent): Promise<void> {
    const attempts = await countAttempt(dataSource, key, event.id);
    const wait = pauses[attempts - 1];
    if (wait !== undefined || accessLosingEvents.has(event.type)) {
      log.error({ event: event.id, type: event.type, attempts }, 'an event cannot be applied; trying again');
      return rest(wait ?? pauses.at(-1) ?? 0);
    }
    log.error({ event: event.id, type: event.type, attempts }, 'an event was parked in the dead letters');
    await park(dataSource, key, from, event, attempts);
    tailEvents.inc({ ...key, outcome: 'parked' });
  }

  /** A pause that keeps the lease: a standby replica would use up the tries of the event at once. */
  async function rest(ms: number): Promise<void> {
    for (let left = ms; left > 0 && !stopping.signal.aborted; left -= 1_000) {
      await pauseFor(Math.min(left, 1_000));
      await takeLease(dataSource, key, replica);
    }
  }

  const running = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await turn();
      } catch (error) {
        if (stopping.signal.aborted) break;
        tailPauses.inc({ ...key });
        pause = Math.min(5_000, pause === 0 ? 100 : pause * 2);
        // While everything starts its neighbours are not there yet: worth a word only when it lasts.
        log[pause > 1_000 ? 'warn' : 'debug']({ err: error, source: source.name, retryInMs: pause }, 'tailing paused');
        await pauseFor(pause * (0.75 + Math.random() / 2));
      }
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
      await releaseLease(dataSource, key, replica).catch((error: unknown) => log.debug({ err: error }, 'the lease runs out by itself'));
    },
  };
}

class Superseded extends Error {}

const isOverload = (error: unknown) => (error as { code?: string }).code === 'OVERLOADED';
