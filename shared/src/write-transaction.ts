// The only way to change state: locks first, then state, version and event in one transaction, then a checked COMMIT.
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { DomainError, overloaded } from './errors.js';
import { appendEvent, appendEvents, type NewEvent, type Place } from './event-log.js';
import { isTransient } from './graphql-errors.js';
import { AlreadyDone, isKeptRefusal, keep, lockOf, recall, type IdempotencyScope } from './idempotency.js';
import { inThisTrace } from './tracing/spans.js';

export interface WriteTransaction {
  manager: EntityManager;
  /** Runs a statement and answers its rows, those of RETURNING included. */
  query: <R = Record<string, unknown>>(sql: string, parameters?: unknown[]) => Promise<R[]>;
  /** Writes one event into the log; its place is the cursor of this write. */
  emit: (event: NewEvent) => Promise<Place>;
  /** Writes many events with one statement; their places in the same order. */
  emitAll: (events: readonly NewEvent[]) => Promise<Place[]>;
  /**
   * Declares that more aggregates will be written. When one of them is not locked yet, the transaction rolls back and
   * starts again with the larger set: taking locks late would order transactions against the log.
   */
  alsoLock: (keys: string[]) => void;
  /** What a resend of this mutation is answered from: ids and places. Required where the write has an idempotency key. */
  remember: (record: unknown) => void;
  /** Runs after the commit and never before; must not throw. */
  afterCommit: (action: () => void) => void;
}

export interface WriteOptions {
  /** Keys of every aggregate that will be written (`task:<id>`, `project:<id>`, `idempotency:<…>`), counters and parents included. */
  lock: string[];
  /** The mutation's idempotency key, if it came with one: the answer is kept in this transaction (RULES §3). */
  idempotency?: IdempotencyScope | null;
  /** Called after each commit, so that waiting readers look at the log at once. */
  committed?: () => void;
}

class MoreLocks extends Error {
  constructor(readonly keys: string[]) {
    super('the transaction needs more locks');
  }
}

/** Tries after a deadlock or a serialization failure. */
const tries = 3;

/**
 * Runs `work` in a transaction whose first statement takes an advisory lock on each key, in one order for everybody. So
 * every wait comes before the transaction id is given out, and the order of the log is the order of versions per aggregate.
 * Waiting longer than the role's lock_timeout (5 s) is OVERLOADED. Deadlocks are tried again, at most three times in all.
 *
 * COMMIT of a transaction that has failed inside answers ROLLBACK without an error; that is an error here.
 */
export async function writeTransaction<T>(
  dataSource: DataSource,
  options: WriteOptions,
  work: (tx: WriteTransaction) => Promise<T>,
): Promise<T> {
  const { idempotency = null } = options;
  let keys = [...new Set(idempotency ? [...options.lock, lockOf(idempotency)] : options.lock)];
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { value, actions } = await attemptOnce(dataSource, keys, idempotency, work);
      options.committed?.();
      for (const action of actions) action();
      return value;
    } catch (error) {
      if (error instanceof AlreadyDone) throw error;
      if (error instanceof MoreLocks) {
        keys = [...new Set([...keys, ...error.keys])];
        attempt -= 1;
        continue;
      }
      const state = sqlState(error);
      if ((state === '40P01' || state === '40001') && attempt < tries) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * attempt));
        continue;
      }
      if (state === '55P03' || (isTransient(error) && !(error instanceof DomainError))) throw overloaded();
      throw error;
    }
  }
}

async function attemptOnce<T>(dataSource: DataSource, keys: string[], idempotency: IdempotencyScope | null, work: (tx: WriteTransaction) => Promise<T>) {
  const runner = dataSource.createQueryRunner();
  const actions: (() => void)[] = [];
  let ended = false;
  try {
    await runner.startTransaction();
    // The subquery is ordered by the hash itself, so that two keys never lock in two orders.
    await runner.query(
      'select pg_advisory_xact_lock(h) from (select distinct hashtextextended(k, 0) as h from unnest($1::text[]) k order by h) s',
      [keys],
    );
    if (idempotency) await recall(runner, idempotency);
    const held = new Set(keys);
    let ordinal = 0;
    let record: unknown;
    const tx: WriteTransaction = {
      manager: runner.manager,
      query: async (sql, parameters) => (await runner.query(sql, parameters, true)).records ?? [],
      emit: (event) => appendEvent(runner, event, ordinal++),
      emitAll: (events) => {
        const first = ordinal;
        ordinal += events.length;
        return appendEvents(runner, events, first);
      },
      alsoLock: (wanted) => {
        if (wanted.some((key) => !held.has(key))) throw new MoreLocks(wanted);
      },
      remember: (kept) => void (record = kept),
      afterCommit: (action) => void actions.push(inThisTrace(action)),
    };
    if (idempotency) await runner.query('savepoint before_work');
    let refusal: DomainError | undefined;
    const value = await work(tx).catch(async (error: unknown) => {
      if (!idempotency || !isKeptRefusal(error)) throw error;
      // The refusal is an answer too: what the work did is undone, and the answer is kept.
      await runner.query('rollback to savepoint before_work');
      actions.length = 0;
      refusal = error;
      return undefined;
    });
    if (idempotency) {
      if (!refusal && record === undefined) throw new Error(`${idempotency.field} left nothing to remember`);
      await keep(runner, idempotency, refusal ? { refusal } : { record });
    }
    // Whatever COMMIT answers, the transaction is over on this connection.
    ended = true;
    await commit(runner);
    if (refusal) throw refusal;
    return { value: value as T, actions };
  } catch (error) {
    if (!ended) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

async function commit(runner: QueryRunner): Promise<void> {
  const client = (await runner.connect()) as { query: (sql: string) => Promise<{ command: string }> };
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new Error(`the transaction was rolled back at COMMIT (${command}): an error inside it was swallowed`);
}

/** SQLSTATE of a failed statement, whether TypeORM wrapped it or not. */
export function sqlState(error: unknown): string | undefined {
  const { code, driverError } = error as { code?: string; driverError?: { code?: string } };
  return code ?? driverError?.code;
}
