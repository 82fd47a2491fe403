// RULES §4: how a write takes its locks, and what an acknowledged write is.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../src/database.js';
import { eventually } from '../src/testing/eventually.js';
import { writeTransaction } from '../src/write-transaction.js';
import { openLogDatabase, silentLog, someEvent, type LogDatabase } from './log-database.js';

let db: LogDatabase;
beforeAll(async () => void (db = await openLogDatabase()));
afterAll(() => db.stop());
beforeEach(() => db.owner.query(`truncate things, events; insert into things values ('a', 0)`));

const value = async () => ((await db.owner.query(`select n from things where name = 'a'`)) as { n: number }[])[0]?.n;
const events = async () => ((await db.owner.query('select count(*)::int as n from events')) as { n: number }[])[0]?.n;

/** Runs `work` while another transaction holds the lock on `key`. */
async function whileLocked<T>(key: string, work: () => Promise<T>): Promise<T> {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let locked = () => {};
  const ready = new Promise<void>((resolve) => (locked = resolve));
  const holder = writeTransaction(db.app, { lock: [key] }, async () => {
    locked();
    await held;
  });
  await ready;
  try {
    return await work();
  } finally {
    release();
    await holder;
  }
}

test('an SQL error swallowed inside the transaction makes the call fail, and nothing is written or acknowledged', async () => {
  const told: string[] = [];
  const call = writeTransaction(db.app, { lock: ['thing:a'], committed: () => told.push('committed') }, async (tx) => {
    tx.afterCommit(() => told.push('after commit'));
    await tx.query(`update things set n = 1 where name = 'a'`);
    await tx.emit(someEvent(1));
    await tx.query(`insert into things values ('a', 1)`).catch(() => undefined);
  });
  await expect(call).rejects.toThrow(/rolled back at COMMIT \(ROLLBACK\)/);
  expect([await value(), await events(), told]).toEqual([0, 0, []]);
});

test('state and event are written together or not at all', async () => {
  const bad = { ...someEvent(1), payload: { channelId: 'no uuid' } };
  await expect(writeTransaction(db.app, { lock: [] }, async (tx) => {
    await tx.query(`update things set n = 1 where name = 'a'`);
    await tx.emit(bad);
  })).rejects.toThrow();
  expect([await value(), await events()]).toEqual([0, 0]);
});

test('many events written with one statement have places in their order, behind and before single ones', async () => {
  const { aggregateId } = someEvent(1);
  const places = await writeTransaction(db.app, { lock: [] }, async (tx) => [
    await tx.emit(someEvent(1, aggregateId)),
    ...(await tx.emitAll([2, 3, 4].map((seq) => someEvent(seq, aggregateId)))),
    ...(await tx.emitAll([])),
    await tx.emit(someEvent(5, aggregateId)),
  ]);
  expect(places.map((place) => place.ordinal)).toEqual([0, 1, 2, 3, 4]);
  const log = (await db.owner.query('select seq, version, ordinal, xid::text, payload from events order by epoch, xid, ordinal')) as { seq: number }[];
  expect(log).toEqual([1, 2, 3, 4, 5].map((seq) => ({
    seq, version: seq, ordinal: seq - 1, xid: places[0]?.xid, payload: expect.objectContaining({ channelId: aggregateId, channelName: 'Garden', version: seq }),
  })));
  const bad = { ...someEvent(6), payload: { channelId: 'no uuid' } };
  await expect(writeTransaction(db.app, { lock: [] }, (tx) => tx.emitAll([someEvent(6), bad]))).rejects.toThrow();
  expect(await events()).toBe(5);
});

test('writers of one aggregate take turns, and the order of the log is the order of their versions', async () => {
  const { aggregateId } = someEvent(1);
  await Promise.all(Array.from({ length: 20 }, () =>
    writeTransaction(db.app, { lock: [`channel:${aggregateId}`] }, async (tx) => {
      const [row] = await tx.query<{ n: number }>(`select n from things where name = 'a'`);
      const next = (row?.n ?? 0) + 1;
      await tx.query(`update things set n = $1 where name = 'a'`, [next]);
      await tx.emit(someEvent(next, aggregateId));
    }),
  ));
  expect(await value()).toBe(20);
  const log = (await db.owner.query('select seq from events order by epoch, xid, ordinal')) as { seq: number }[];
  expect(log.map((row) => row.seq)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

test('two writers that name the same locks in two orders do not deadlock', async () => {
  const both = (lock: string[]) => writeTransaction(db.app, { lock }, (tx) => tx.query(`update things set n = n + 1 where name = 'a'`));
  await Promise.all(Array.from({ length: 20 }, (_, index) => both(index % 2 ? ['x', 'y', 'z'] : ['z', 'y', 'x'])));
  expect(await value()).toBe(20);
});

test('waiting for a lock longer than lock_timeout is OVERLOADED', async () => {
  const hasty = await openDatabase({ url: `${db.database.app}?options=${encodeURIComponent('-c lock_timeout=100ms')}`, poolSize: 1, applicationName: 'hasty', log: silentLog });
  await whileLocked('thing:a', async () => {
    const call = writeTransaction(hasty, { lock: ['thing:a'] }, (tx) => tx.query(`update things set n = 1 where name = 'a'`));
    await expect(call).rejects.toMatchObject({ code: 'OVERLOADED', details: { retryAfter: 1 } });
  });
  expect(await value()).toBe(0);
  // The connection is as good as new.
  await writeTransaction(hasty, { lock: ['thing:a'] }, (tx) => tx.query(`update things set n = 2 where name = 'a'`));
  expect(await value()).toBe(2);
  await hasty.destroy();
});

test('a writer that waits for its lock has no transaction id yet, so it holds no reader of the log back', async () => {
  await whileLocked('thing:a', async () => {
    const waiting = writeTransaction(db.app, { lock: ['thing:a'] }, (tx) => tx.emit(someEvent(1)));
    await eventually(async () => {
      const rows = await db.observe(`select backend_xid from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`);
      expect(rows).toEqual([{ backend_xid: null }]);
    });
    void waiting.catch(() => undefined);
  });
  await eventually(async () => expect(await events()).toBe(1));
});

test('a transaction that finds another aggregate to write starts again with the larger set of locks', async () => {
  const runs: string[] = [];
  await writeTransaction(db.app, { lock: ['thing:a'] }, async (tx) => {
    runs.push('run');
    tx.afterCommit(() => runs.push('after commit'));
    await tx.query(`update things set n = n + 1 where name = 'a'`);
    tx.alsoLock(['thing:b', 'thing:a']);
    const [held] = await db.owner.query(`select count(*)::int as n from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`) as { n: number }[];
    expect(held?.n).toBe(2);
    // Already held: goes on.
    tx.alsoLock(['thing:b']);
  });
  expect(runs).toEqual(['run', 'run', 'after commit']);
  expect(await value()).toBe(1);
});

test('what runs after the commit finds it committed, and does not run when the transaction is refused', async () => {
  const seen: Promise<number | undefined>[] = [];
  await writeTransaction(db.app, { lock: [], committed: () => seen.push(value()) }, async (tx) => {
    tx.afterCommit(() => seen.push(value()));
    await tx.query(`update things set n = 7 where name = 'a'`);
    expect(seen).toEqual([]);
  });
  expect(await Promise.all(seen)).toEqual([7, 7]);
  await expect(writeTransaction(db.app, { lock: [], committed: () => seen.push(value()) }, async (tx) => {
    tx.afterCommit(() => seen.push(value()));
    throw new Error('refused');
  })).rejects.toThrow('refused');
  expect(seen).toHaveLength(2);
});

test('nobody may change or remove a row of the log', async () => {
  await writeTransaction(db.app, { lock: [] }, (tx) => tx.emit(someEvent(1)));
  for (const role of [db.app, db.worker]) {
    await expect(role.query(`update events set type = 'x'`)).rejects.toMatchObject({ driverError: { code: '42501' } });
    await expect(role.query('delete from events')).rejects.toMatchObject({ driverError: { code: '42501' } });
  }
});
