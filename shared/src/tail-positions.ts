// Rows behind tailing: where a consumer stands, how often an event was tried, what was parked.
import type { DataSource } from 'typeorm';
import { comparePlaces, placeFromText } from './event-log.js';
import { newId } from './ids.js';
import { writeTransaction, type WriteTransaction } from './write-transaction.js';

export interface TailKey {
  consumer: string;
  source: string;
}

/**
 * How long a replica may be quiet before another takes over, in seconds: less than what makes a copy silent, so that the death
 * of one replica costs no questions to the owner.
 */
const leaseSeconds = 4;

export interface Standing {
  place: string;
  /** Epoch of the source's log that is followed; null before its first answer. */
  epoch: number | null;
  /** Where the consumer stood when it began again because of a new epoch. */
  appliedUntil: string | null;
}

/**
 * Answers the position when this replica may read, else null. The lease only spares standby replicas the reading; that
 * nothing is applied twice follows from the position alone.
 */
export async function takeLease(dataSource: DataSource, key: TailKey, replica: string): Promise<Standing | null> {
  await dataSource.query(`insert into positions (consumer, source, place) values ($1, $2, '') on conflict do nothing`, [key.consumer, key.source]);
  const [rows] = (await dataSource.query(
    `update positions set lease_owner = $3, lease_until = clock_timestamp() + make_interval(secs => $4)
     where consumer = $1 and source = $2 and (lease_owner = $3 or lease_until < clock_timestamp()) returning place, epoch, applied_until as "appliedUntil"`,
    [key.consumer, key.source, replica, leaseSeconds],
  )) as [Standing[], number];
  const [row] = rows;
  // A position of before epochs were kept has its own.
  return row ? { ...row, epoch: row.epoch ?? placeFromText(row.place)?.epoch ?? null } : null;
}

export interface Step {
  from: string;
  next: string;
  epoch: number | null;
  /** Up to when the source says its log is complete; null where the batch does not reach that far. */
  asOf: string | null;
  /** Events applied by this step: whatever tries they needed are forgotten. */
  eventIds: string[];
}

/** Moves the position; answers false when another replica has moved it: what is held is old then. */
export async function move(tx: WriteTransaction, key: TailKey, step: Step): Promise<boolean> {
  const moved = await tx.query(
    `with forgotten as (delete from event_attempts where consumer = $1 || '<' || $2 and event_id = any($7::uuid[]))
     update positions set place = $3, epoch = coalesce($6, epoch), as_of = coalesce($5::timestamptz, as_of),
       lease_until = clock_timestamp() + make_interval(secs => $8)
     where consumer = $1 and source = $2 and place = $4 returning place`,
    [key.consumer, key.source, step.next, step.from, step.asOf, step.epoch, step.eventIds, leaseSeconds],
  );
  return moved.length > 0;
}

/** Goes back to the start of a log of another epoch, in the transaction that empties the read model. Answers as `move` does. */
export async function startOver(tx: WriteTransaction, key: TailKey, { place, appliedUntil }: Standing, epoch: number): Promise<boolean> {
  // With a second restore during a rebuild the farther place counts.
  const until = isBehind(place, appliedUntil) ? appliedUntil : place;
  const moved = await tx.query(
    `update positions set place = '', epoch = $4, applied_until = $5, as_of = null where consumer = $1 and source = $2 and place = $3 returning place`,
    [key.consumer, key.source, place, epoch, until],
  );
  return moved.length > 0;
}

/** Whether `place` lies at or before `until`; both as text. */
export function isBehind(place: string, until: string | null): boolean {
  const [left, right] = [placeFromText(place), placeFromText(until ?? '')];
  return right !== null && (left === null || comparePlaces(left, right) <= 0);
}

/** Gives the lease back at once, so that a restarted process does not wait for its predecessor's to run out. */
export async function releaseLease(dataSource: DataSource, key: TailKey, replica: string): Promise<void> {
  await dataSource.query(
    `update positions set lease_until = '-infinity' where consumer = $1 and source = $2 and lease_owner = $3`,
    [key.consumer, key.source, replica],
  );
}

/** Counts a try in its own transaction, so that the count survives the try. Answers how many there were. */
export async function countAttempt(dataSource: DataSource, key: TailKey, eventId: string): Promise<number> {
  const [row] = (await dataSource.query(
    `insert into event_attempts (consumer, event_id, attempts) values ($1, $2, 1)
     on conflict (consumer, event_id) do update set attempts = event_attempts.attempts + 1 returning attempts`,
    [`${key.consumer}<${key.source}`, eventId],
  )) as { attempts: number }[];
  return row?.attempts ?? 1;
}

/** Puts an event aside and goes on behind it, in one transaction. Payloads carry ids; the reason never carries content. */
export async function park(
  dataSource: DataSource,
  key: TailKey,
  from: string,
  event: { id: string; type: string; place: string; payload: unknown },
  attempts: number,
): Promise<void> {
  await writeTransaction(dataSource, { lock: [] }, async (tx) => {
    const moved = await tx.query(
      'update positions set place = $4 where consumer = $1 and source = $2 and place = $3 returning place',
      [key.consumer, key.source, from, event.place],
    );
    // Another replica went on from here: it has applied or parked the event itself.
    if (moved.length === 0) return;
    await tx.query(
      `insert into dead_letters (id, queue, name, reason, attempts, payload) values ($1, $2, $3, 'could not be applied', $4, $5)`,
      [newId(), `${key.consumer}<${key.source}`, event.type, attempts, JSON.stringify(event)],
    );
    await tx.query('delete from event_attempts where consumer = $1 and event_id = $2', [`${key.consumer}<${key.source}`, event.id]);
  });
}

/** A copy whose feed has not said for this long that it is complete is silent: it may no longer say yes alone. */
const silentAfterSeconds = 5;

/** Up to when each feed of this consumer is complete, and whether any is silent. */
export async function feedState(dataSource: DataSource, key: TailKey): Promise<{ asOf: Date | null; silent: boolean }> {
  const [row] = (await dataSource.query(
    `select as_of as "asOf", coalesce(as_of < clock_timestamp() - make_interval(secs => $3), true) as silent
     from positions where consumer = $1 and source = $2`,
    [key.consumer, key.source, silentAfterSeconds],
  )) as { asOf: Date | null; silent: boolean }[];
  return row ?? { asOf: null, silent: true };
}
