// Work that was given up. The row in the owner's `dead_letters` is the record: whoever buries something writes one, and this job
// tells the channel subgraph, which lists the letters of all owners for ADMINs and says which to run again (docs/events.md).
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { eventModels, type EventPayload } from './contracts/events.js';
import { selectRows } from './database.js';
import { DomainError } from './errors.js';
import type { Reaction, TailedEvent } from './event-tail.js';
import { isTransient } from './graphql-errors.js';
import { isUuid, newId } from './ids.js';
import { periodically } from './periodically.js';
import { writeTransaction, type WriteTransaction } from './write-transaction.js';

export interface DeadLetter {
  id: string;
  queue: string;
  name: string;
  reason: string;
  attempts: number;
  failedAt: Date;
  payload: unknown;
}
export type DeadLettered = EventPayload<'user.dead-lettered'>;

/**
 * Does the work of a letter anew, in the transaction that removes it: usually puts a row back among those to be done. Throwing
 * refuses it, and it is a dead letter again; work that is gone by now is done.
 */
export type Redrive = (tx: WriteTransaction, letter: DeadLetter) => Promise<void>;

export interface DeadLetterOptions {
  /** Whose letters these are, for the type of the event. */
  owner: 'user' | 'project' | 'task' | 'channel' | 'stats';
  /** Pool of the worker role. */
  database: DataSource;
  /** What to do by `queue`, listed by hand. */
  redrives: Record<string, Redrive>;
  /** Tells of a letter in the transaction that marks it as told. @default emits `<owner>.dead-lettered` */
  report?: (tx: WriteTransaction, letter: DeadLettered) => Promise<void>;
  log: Logger;
  /** Pause between two looks, in milliseconds. @default 1000 */
  everyMs?: number;
}

const batchSize = 100;
const columns = 'id, queue, name, reason, attempts, failed_at as "failedAt", payload';
const reasonLength = 500;
const lockOf = (id: string) => `dead-letter:${id}`;

export const startDeadLetters = (options: DeadLetterOptions): { stop: () => Promise<void> } =>
  periodically({
    name: 'dead letters',
    everyMs: options.everyMs ?? 1_000,
    log: options.log,
    async run() {
      await tell(options);
      await runAgain(options);
    },
  });

/** Obeys `dead-letters.redrive-requested`: marks the letters that are here. The job runs them, so that one that fails holds up no log. */
export const onRedriveRequested: Reaction = async (tx, { payload }) => {
  const { deadLetterIds } = payload as EventPayload<'dead-letters.redrive-requested'>;
  await tx.query('update dead_letters set redrive_at = clock_timestamp() where id = any($1::uuid[])', [deadLetterIds]);
};

const parkedEvent = z.looseObject({ id: z.string(), type: z.string(), payload: z.unknown() });

/** Runs a parked event through the reaction that refused it. Later events of its aggregate have taken effect before: reactions compare versions. */
export const redriveParked = (reactions: Record<string, Reaction>): Redrive => async (tx, { payload }) => {
  const event = parkedEvent.parse(payload);
  await reactions[event.type]?.(tx, { ...(event as unknown as TailedEvent), payload: (eventModels[event.type] as z.ZodType).parse(event.payload) });
};

async function tell({ owner, database, report, log }: DeadLetterOptions): Promise<void> {
  const found = await selectRows<{ id: string }>(database, `select id from dead_letters where reported_at is null order by failed_at limit ${batchSize}`);
  if (found.length === 0) return;
  const ids = found.map((row) => row.id);
  const told = await writeTransaction(database, { lock: ids.map(lockOf) }, async (tx) => {
    const letters = await tx.query<DeadLetter & Record<string, unknown>>(
      `update dead_letters set reported_at = clock_timestamp() where id = any($1::uuid[]) and reported_at is null returning ${columns}`,
      [ids],
    );
    for (const letter of letters) {
      const payload = describe(letter);
      if (report) await report(tx, payload);
      else await tx.emit({ type: `${owner}.dead-lettered`, aggregateId: letter.id, seq: 1, version: 1, payload, actorId: null, traceId: null });
    }
    return letters;
  });
  for (const { id, queue, name, reason } of told) log.warn({ deadLetter: id, queue, name, reason }, 'work was given up; an ADMIN can run it again');
}

const describe = ({ id, queue, name, reason, attempts, failedAt, payload }: DeadLetter): DeadLettered => ({
  deadLetterId: id, queue, name, reason: reason.slice(0, reasonLength), attempts, failedAt: failedAt.toISOString(), ids: idsOf(payload),
});

/** What a payload holds of ids at its top, by name. Anything else may be content. */
function idsOf(payload: unknown): { name: string; id: string }[] {
  return Object.entries((payload ?? {}) as Record<string, unknown>).flatMap(([name, value]) => (typeof value === 'string' && isUuid(value) ? [{ name, id: value }] : []));
}

async function runAgain({ database, redrives, log }: DeadLetterOptions): Promise<void> {
  const asked = await selectRows<{ id: string }>(database, `select id from dead_letters where redrive_at is not null order by redrive_at limit ${batchSize}`);
  for (const { id } of asked) {
    try {
      await writeTransaction(database, { lock: [lockOf(id)] }, async (tx) => {
        const [letter] = await tx.query<DeadLetter & Record<string, unknown>>(`delete from dead_letters where id = $1 and redrive_at is not null returning ${columns}`, [id]);
        if (!letter) return;
        const redrive = redrives[letter.queue];
        if (!redrive) throw new Error(`nobody here runs the queue ${letter.queue}`);
        await redrive(tx, letter);
      });
    } catch (error) {
      // What the database or a peer does is not the letter's fault: it is tried at the next look.
      const passing = isTransient(error) || (error instanceof DomainError && (error.code === 'OVERLOADED' || error.code === 'SUBGRAPH_UNAVAILABLE'));
      log[passing ? 'warn' : 'error']({ err: error, deadLetter: id }, passing ? 'a dead letter waits for its next try' : 'a dead letter failed again');
      if (!passing) await putBack(database, id);
    }
  }
}

/** A dead letter again, under an id of its own: the list has let go of the old one. */
async function putBack(database: DataSource, id: string): Promise<void> {
  await writeTransaction(database, { lock: [lockOf(id)] }, async (tx) => {
    await tx.query(
      `with old as (delete from dead_letters where id = $1 and redrive_at is not null returning queue, name, reason, attempts, payload)
       insert into dead_letters (id, queue, name, reason, attempts, payload) select $2, queue, name, reason, attempts + 1, payload from old`,
      [id, newId()],
    );
  });
}
