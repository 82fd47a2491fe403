// RULES §4: places, the horizon, `asOf` and epochs.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { comparePlaces, placeFromText, placeToText } from '../src/event-log.js';
import { prepareEventLog } from '../src/event-log-schema.js';
import { createAsOfSampler, queryOf, readHead, readLog } from '../src/event-reader.js';
import { connect } from '../src/provision/connect.js';
import { eventually } from '../src/testing/eventually.js';
import { writeTransaction } from '../src/write-transaction.js';
import { openLogDatabase, someEvent, type LogDatabase } from './log-database.js';

let db: LogDatabase;
beforeAll(async () => void (db = await openLogDatabase()));
afterAll(() => db.stop());
beforeEach(() => db.owner.query('truncate events'));

const emit = (...seqs: number[]) =>
  writeTransaction(db.app, { lock: [] }, async (tx) => {
    for (const seq of seqs) await tx.emit(someEvent(seq));
  });
const read = (after: string | null = null, limit = 100) =>
  readLog(queryOf(db.app), createAsOfSampler(), { after: after === null ? null : placeFromText(after), limit });
const seqs = async (after: string | null = null) => (await read(after)).events.map((event) => event.seq);

/** A transaction that has taken its id and is still running. */
async function openWriter() {
  const client = await connect(db.database.app);
  await client.query('begin');
  const { aggregateId, payload } = someEvent(1);
  await client.query(
    `insert into events (epoch, id, ordinal, aggregate_id, seq, version, type, payload)
     values ((select epoch from event_log), gen_random_uuid(), 0, $1, 1, 1, 'channel.joined', $2)`,
    [aggregateId, payload],
  );
  return {
    async end(how: 'commit' | 'rollback') {
      await client.query(how);
      await client.end();
    },
  };
}

describe('the horizon', () => {
  test('commits that finish out of order leave no gap: nothing beyond a running transaction is shown, then all in order', async () => {
    const first = await openWriter();
    await emit(2);
    const held = await read();
    expect(held.events).toEqual([]);
    await emit(3);
    expect(await seqs()).toEqual([]);
    await first.end('commit');
    // Read on from where the reader stood all the time.
    expect(await seqs(placeToText(held.next))).toEqual([1, 2, 3]);
  });

  test('a transaction that was rolled back only held the reader up', async () => {
    const first = await openWriter();
    await emit(2);
    expect(await seqs()).toEqual([]);
    await first.end('rollback');
    expect(await seqs()).toEqual([2]);
  });

  test('pages follow each other without loss or repetition, inside a transaction too', async () => {
    await emit(1, 2, 3);
    await emit(4);
    await emit(5, 6);
    const found: number[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const page = await read(after, 2);
      found.push(...page.events.map((event) => event.seq));
      after = placeToText(page.next);
      more = page.more;
    }
    expect(found).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await seqs(after)).toEqual([]);
  });

  test('the head is behind everything committed and before everything to come', async () => {
    await emit(1);
    const head = placeToText(await readHead(queryOf(db.app)));
    expect(await seqs(head)).toEqual([]);
    await emit(2);
    expect(await seqs(head)).toEqual([2]);
  });
});

describe('asOf', () => {
  test('never passes a transaction that is still running, and moves on when it ends', async () => {
    const sampler = createAsOfSampler();
    const asOf = async () => (await readLog(queryOf(db.app), sampler, { after: null, limit: 1 })).asOf?.getTime() ?? 0;
    const now = async () => ((await db.app.query('select clock_timestamp() as now')) as { now: Date }[])[0]?.now.getTime() ?? 0;
    await eventually(asOf);
    const writer = await openWriter();
    const before = await now();
    for (let look = 0; look < 5; look += 1) {
      await emit(2);
      expect(await asOf()).toBeLessThanOrEqual(before);
    }
    await writer.end('commit');
    await eventually(async () => expect(await asOf()).toBeGreaterThan(before));
  });

  test('is no later than the moment of the look, so that a commit right behind it is not claimed', async () => {
    const sampler = createAsOfSampler();
    // A look that takes long between its snapshot and its end, as on a busy server.
    const slow = (sql: string, parameters?: unknown[]) => db.app.query(sql.replace('from event_log l, pg_current_snapshot() s', 'from pg_current_snapshot() s, pg_sleep(0.1), event_log l'), parameters);
    const looking = readLog(slow, sampler, { after: null, limit: 10 });
    await eventually(async () => expect(await db.observe(`select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`)).toHaveLength(1));
    await emit(1);
    const [row] = (await db.owner.query('select at from events')) as { at: Date }[];
    const page = await looking;
    expect(page.events).toEqual([]);
    expect(page.asOf?.getTime() ?? 0).toBeLessThan(row?.at.getTime() ?? 0);
  });
});

describe('epochs', () => {
  test('a database with another identity opens the next epoch, once, and its events lie behind all older ones', async () => {
    await emit(1);
    const before = (await read()).events[0]?.place;
    await prepareEventLog(db.owner);
    expect((await readHead(queryOf(db.app))).epoch).toBe(1);
    const minute = Math.floor(Date.now() / 60_000);
    await db.owner.query(`update event_log set system_identifier = 'the server this was backed up from'`);
    await prepareEventLog(db.owner);
    await prepareEventLog(db.owner);
    await emit(2);
    const page = await read();
    expect(page.events.map((event) => event.seq)).toEqual([1, 2]);
    expect([page.events[0]!.place.epoch, page.epoch]).toEqual([1, page.events[1]!.place.epoch]);
    // A minute and no count: the same backup restored a second time must not open an epoch that was there before.
    expect(page.epoch).toBeGreaterThanOrEqual(minute);
    expect(comparePlaces(before!, page.events[1]!.place)).toBeLessThan(0);
    await db.owner.query('update event_log set timeline = timeline + 1');
    await prepareEventLog(db.owner);
    expect((await readHead(queryOf(db.app))).epoch).toBeGreaterThan(page.epoch);
  });

  test('events of an older epoch are readable whatever their transaction ids, which may lie above the horizon of today', async () => {
    const { aggregateId, payload } = someEvent(1);
    await db.owner.query(
      `insert into events (epoch, xid, id, ordinal, aggregate_id, seq, version, type, payload)
       values (0, '999999999999', gen_random_uuid(), 0, $1, 1, 1, 'channel.joined', $2)`,
      [aggregateId, payload],
    );
    await emit(2);
    expect(await seqs()).toEqual([1, 2]);
  });
});

test('a month whose events already lie in the default partition does not keep a process from starting', async () => {
  const [next] = (await db.owner.query(`select to_char(now() at time zone 'UTC' + interval '1 month', '"events_y"YYYY"m"MM') as name`)) as { name: string }[];
  await db.owner.query(`drop table ${next?.name}`);
  const { aggregateId, payload } = someEvent(1);
  await db.owner.query(
    `insert into events (epoch, id, ordinal, aggregate_id, seq, version, type, payload, at)
     values (1, gen_random_uuid(), 0, $1, 1, 1, 'channel.joined', $2, date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' + interval '1 month 3 days')`,
    [aggregateId, payload],
  );
  await prepareEventLog(db.owner);
  expect(await seqs()).toEqual([1]);
});

describe('a place as text', () => {
  test('comes back as it was, transaction ids beyond the safe integers included', () => {
    for (const place of [{ epoch: 1, xid: '0', ordinal: 0 }, { epoch: 999_999_999, xid: '18446744073709551615', ordinal: 2_147_483_647 }]) {
      expect(placeFromText(placeToText(place))).toEqual(place);
    }
  });

  test('is null for anything else', () => {
    for (const text of ['', '1', '1.2', '1.2.3.4', '-1.2.3', '1.2.x', ' 1.2.3', '1.2.3\n', `1.${'9'.repeat(21)}.0`]) expect(placeFromText(text)).toBeNull();
  });

  test('compares transaction ids as numbers', () => {
    const place = (xid: string, ordinal = 0) => ({ epoch: 1, xid, ordinal });
    expect(comparePlaces(place('9'), place('10'))).toBeLessThan(0);
    expect(comparePlaces(place('9007199254740993'), place('9007199254740992'))).toBeGreaterThan(0);
    expect(comparePlaces(place('5', 1), place('5', 2))).toBeLessThan(0);
    expect(comparePlaces({ epoch: 2, xid: '1', ordinal: 0 }, place('99'))).toBeGreaterThan(0);
  });
});
