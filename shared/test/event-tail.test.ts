// Position and effect in one transaction, so that each event takes effect once, whatever dies.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { badInput } from '../src/errors.js';
import { startTail, type BatchReaction, type Reaction, type TailOptions } from '../src/event-tail.js';
import { newId } from '../src/ids.js';
import { feedState } from '../src/tail-positions.js';
import { eventually } from '../src/testing/eventually.js';
import { openLogDatabase, silentLog, someEvent, type LogDatabase } from './log-database.js';
import { startLogSource, type LogSource } from './log-source.js';

let db: LogDatabase;
let source: LogSource;
beforeAll(async () => {
  db = await openLogDatabase();
  source = await startLogSource(db.app);
});
afterAll(async () => {
  await source.stop();
  await db.stop();
});
beforeEach(() => db.owner.query(`truncate events, effects, positions, event_attempts, dead_letters; update event_log set epoch = 1`));

const running: { stop: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((tail) => tail.stop()));
});

const consumer = 'effects';
/** The effect of an event: a row that tells which it was. */
const note: Reaction = async (tx, event) => void (await tx.query('insert into effects (event_id, seq) values ($1, $2)', [event.id, event.seq]));

function follow(reaction: Reaction = note, options: Partial<TailOptions> = {}) {
  const tail = startTail({
    consumer, source: source.peer, dataSource: db.worker, log: silentLog, pauses: [5, 5, 5, 5], onNewEpoch: 'continue',
    reactions: { 'channel.joined': reaction, 'channel.left': reaction }, ...options,
  });
  running.push(tail);
  return tail;
}
const applied = async () => ((await db.owner.query('select seq from effects order by ordinal')) as { seq: number }[]).map((row) => row.seq);
const deadLetters = () => db.owner.query('select queue, name, attempts from dead_letters') as Promise<object[]>;
const position = async () => ((await db.owner.query('select place from positions')) as { place: string }[])[0]?.place;
const count = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const events = (from: number, to: number) => count(from, to).map((seq) => someEvent(seq));

test('a new consumer starts at the beginning of the log and follows what comes', async () => {
  await source.emit(...events(1, 3));
  let batches = 0;
  follow(note, { committed: () => (batches += 1) });
  await eventually(async () => expect(await applied()).toEqual([1, 2, 3]));
  await source.emit(someEvent(4));
  await eventually(async () => expect(await applied()).toEqual([1, 2, 3, 4]));
  expect(batches).toBe(2);
});

test('a long log is read in batches, each event once and in order', async () => {
  await source.emit(...events(1, 450));
  follow();
  await eventually(async () => expect(await applied()).toEqual(count(1, 450)));
});

test('types without a reaction are passed over', async () => {
  await source.emit(someEvent(1), someEvent(2, newId(), 'channel.left'), someEvent(3));
  follow(note, { reactions: { 'channel.joined': note } });
  await eventually(async () => expect(await applied()).toEqual([1, 3]));
});

describe('a crash', () => {
  test('between effect and commit repeats nothing and loses nothing, and is not held against the event', async () => {
    await source.emit(...events(1, 10));
    let crashes = 0;
    follow(async (tx, event) => {
      await note(tx, event);
      if (event.seq === 7 && crashes < 3) {
        crashes += 1;
        await db.observe(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'worker' and xact_start is not null and datname = current_database()`);
      }
    });
    await eventually(async () => expect(await applied()).toEqual(count(1, 10)));
    expect(crashes).toBe(3);
    expect([await deadLetters(), await db.owner.query('select * from event_attempts')]).toEqual([[], []]);
  });

  test('leaves position and effect as they were before the batch', async () => {
    await source.emit(...events(1, 3));
    let tries = 0;
    follow(async (tx, event) => {
      await note(tx, event);
      if (event.seq === 3 && (tries += 1) > 0) throw Object.assign(new Error('the network is away'), { code: 'ECONNRESET' });
    });
    await eventually(() => expect(tries).toBeGreaterThan(2));
    expect([await applied(), await position()]).toEqual([[], '']);
  });
});

describe('replicas', () => {
  test('that fight for the position apply each event once', async () => {
    follow();
    follow();
    follow();
    for (let round = 0; round < 30; round += 1) {
      await source.emit(...events(round * 5 + 1, round * 5 + 5));
      // Nobody's lease holds: all of them read and try to apply the same batches.
      await db.owner.query(`update positions set lease_until = '-infinity'`);
    }
    await eventually(async () => {
      await db.owner.query(`update positions set lease_until = '-infinity'`);
      expect(await applied()).toEqual(count(1, 150));
    });
  });

  test('take over at once from one that was stopped', async () => {
    const first = follow();
    await source.emit(someEvent(1));
    await eventually(async () => expect(await applied()).toEqual([1]));
    await first.stop();
    await source.emit(someEvent(2));
    follow();
    await eventually(async () => expect(await applied()).toEqual([1, 2]));
  });

  test('take over from one that died before its copy would count as silent', async () => {
    const first = follow();
    await source.emit(someEvent(1));
    await eventually(async () => expect(await applied()).toEqual([1]));
    const lease = async () =>
      ((await db.owner.query('select lease_owner as owner, extract(epoch from lease_until - clock_timestamp())::float as seconds from positions')) as { owner: string; seconds: number }[])[0];
    const held = await lease();
    expect(held?.seconds).toBeLessThanOrEqual(4);
    await first.stop();
    // As the dead leave it: nobody gives the lease back.
    await db.owner.query(`update positions set lease_owner = gen_random_uuid(), lease_until = clock_timestamp() + interval '4 s'`);
    await source.emit(someEvent(2));
    follow();
    await eventually(async () => expect(await applied()).toEqual([1, 2]));
  });

  test('do not use up the tries of an event while one of them pauses between two', async () => {
    await source.emit(someEvent(1));
    const refuse: Reaction = async () => {
      throw badInput('payload', 'breaks a rule');
    };
    const attempts = async () => ((await db.owner.query('select attempts from event_attempts')) as { attempts: number }[])[0]?.attempts;
    follow(refuse, { pauses: [60_000, 60_000, 60_000, 60_000] });
    await eventually(async () => expect(await attempts()).toBe(1));
    const lease = async () => ((await db.owner.query('select lease_owner as owner, lease_until as until from positions')) as { owner: string; until: Date }[])[0];
    const first = await lease();
    // Renewed during the pause, so it never runs out for the one that stands by.
    follow(refuse, { pauses: [60_000, 60_000, 60_000, 60_000] });
    await eventually(async () => expect((await lease())?.until.getTime()).toBeGreaterThan((first?.until.getTime() ?? 0) + 1_500));
    expect([(await lease())?.owner, await attempts()]).toEqual([first?.owner, 1]);
  });
});

describe('events that are applied together', () => {
  /** All of them in one statement, which fails where one of them is refused. */
  const noteAll = (batches: number[][] = [], refused: (seq: number) => boolean = () => false): BatchReaction => async (tx, batch) => {
    batches.push(batch.map(({ seq }) => seq));
    await tx.query('insert into effects (event_id, seq) select * from unnest($1::uuid[], $2::integer[])', [batch.map(({ id }) => id), batch.map(({ seq }) => seq)]);
    if (batch.some(({ seq }) => refused(seq))) throw badInput('payload', 'breaks a rule');
  };
  const never: Reaction = () => Promise.reject(new Error('one by one'));

  test('come a batch at a time, in order, each once, without those that nobody reacts to', async () => {
    const batches: number[][] = [];
    await source.emit(...events(1, 30), someEvent(31, newId(), 'channel.left'), ...events(32, 45));
    follow(never, { reactions: { 'channel.joined': never }, together: noteAll(batches), batchSize: 20 });
    const wanted = count(1, 45).filter((seq) => seq !== 31);
    await eventually(async () => expect(await applied()).toEqual(wanted));
    expect(batches.flat()).toEqual(wanted);
    expect(batches[0]).toHaveLength(20);
  });

  test('are halved until the one that is refused is alone: it is parked, all others take effect once (DESIGN §2)', async () => {
    const batches: number[][] = [];
    await source.emit(...events(1, 40));
    follow(never, { together: noteAll(batches, (seq) => seq === 23) });
    await eventually(async () => expect(await applied()).toEqual(count(1, 40).filter((seq) => seq !== 23)));
    expect(await deadLetters()).toEqual([{ queue: 'effects<channel', name: 'channel.joined', attempts: 5 }]);
    expect(batches).toContainEqual([23]);
  });

  test('leave position and effect as they were when the database fails under the batch', async () => {
    await source.emit(...events(1, 10));
    let crashes = 0;
    follow(never, {
      together: async (tx, batch) => {
        await noteAll()(tx, batch);
        if ((crashes += 1) > 3) return;
        await db.observe(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'worker' and xact_start is not null and datname = current_database()`);
      },
    });
    await eventually(async () => expect(await applied()).toEqual(count(1, 10)));
    expect(crashes).toBeGreaterThan(3);
    expect([await deadLetters(), await db.owner.query('select * from event_attempts')]).toEqual([[], []]);
  });
});

describe('a new epoch in the log of the source (RULES §4)', () => {
  /** What a restore from a backup leaves of the source: the events up to `seq`, under another identity. */
  const restore = async (seq: number) => {
    await db.owner.query('delete from events where seq > $1', [seq]);
    await db.owner.query('update event_log set epoch = epoch + 1');
  };

  test('makes a read model again from the start, in one transaction with the position', async () => {
    const empty = async (tx: Parameters<Reaction>[0]) => void (await tx.query('delete from effects'));
    const told: number[] = [];
    await source.emit(...events(1, 5));
    const reaction: Reaction = async (tx, event) => {
      await note(tx, event);
      if (!event.replayed) told.push(event.seq);
    };
    follow(reaction, { onNewEpoch: empty });
    await eventually(async () => expect(await applied()).toEqual([1, 2, 3, 4, 5]));
    await restore(3);
    await source.emit(someEvent(40));
    await eventually(async () => expect(await applied()).toEqual([1, 2, 3, 40]));
    // What had taken effect before is known as such, so that nothing is told twice.
    expect(told).toEqual([1, 2, 3, 4, 5, 40]);
    expect(await db.owner.query('select epoch from positions')).toEqual([{ epoch: 2 }]);
    // Once: pages of the old epoch are read under the new one without beginning again.
    await source.emit(someEvent(41));
    await eventually(async () => expect(await applied()).toEqual([1, 2, 3, 40, 41]));
  });

  test('leaves a read model as it was when emptying it fails, and tries again', async () => {
    await source.emit(...events(1, 2));
    let tries = 0;
    follow(note, {
      onNewEpoch: async (tx) => {
        await tx.query('delete from effects');
        if ((tries += 1) < 3) throw new Error('not now');
      },
    });
    await eventually(async () => expect(await applied()).toEqual([1, 2]));
    const seen: number[][] = [];
    await restore(1);
    await eventually(async () => {
      seen.push(await applied());
      expect(await applied()).toEqual([1]);
    });
    expect(tries).toBe(3);
    expect(seen[0]).toEqual([1, 2]);
  });

  test('does not make a notifier tell anything twice: it goes on at the new epoch', async () => {
    await source.emit(...events(1, 3));
    follow();
    await eventually(async () => expect(await applied()).toEqual([1, 2, 3]));
    await restore(2);
    await source.emit(someEvent(30));
    await eventually(async () => expect(await applied()).toEqual([1, 2, 3, 30]));
    expect(await db.owner.query('select epoch from positions')).toEqual([{ epoch: 2 }]);
  });

  test('is seen by a consumer whose position was kept before epochs were', async () => {
    await source.emit(...events(1, 2));
    const first = follow();
    await eventually(async () => expect(await applied()).toEqual([1, 2]));
    await first.stop();
    await db.owner.query('update positions set epoch = null');
    await restore(1);
    follow(note, { onNewEpoch: async (tx) => void (await tx.query('delete from effects')) });
    await eventually(async () => expect(await applied()).toEqual([1]));
  });
});

describe('an event that fails by itself', () => {
  const poisoned = (seq: number): Reaction => async (tx, event) => {
    await note(tx, event);
    if (event.seq === seq) throw badInput('payload', 'breaks a rule');
  };

  test('is parked after five tries, and everything before and behind it takes effect once', async () => {
    await source.emit(...events(1, 40));
    follow(poisoned(23));
    await eventually(async () => expect(await applied()).toEqual(count(1, 40).filter((seq) => seq !== 23)));
    expect(await deadLetters()).toEqual([{ queue: 'effects<channel', name: 'channel.joined', attempts: 5 }]);
    expect(await db.owner.query('select * from event_attempts')).toEqual([]);
  });

  test('and succeeds in the end leaves no count of its tries behind', async () => {
    await source.emit(...events(1, 3));
    let refused = 0;
    follow(async (tx, event) => {
      if (event.seq === 2 && (refused += 1) < 5) throw badInput('payload', 'breaks a rule');
      await note(tx, event);
    });
    await eventually(async () => expect(await applied()).toEqual([1, 2, 3]));
    expect(refused).toBe(5);
    expect([await db.owner.query('select * from event_attempts'), await deadLetters()]).toEqual([[], []]);
  });

  test('does not keep the process from stopping while it waits for its next try', async () => {
    await source.emit(someEvent(1));
    const tail = follow(poisoned(1), { pauses: [60_000] });
    await eventually(async () => expect(await db.owner.query('select attempts from event_attempts')).toEqual([{ attempts: 1 }]));
    await tail.stop();
    expect([await applied(), await deadLetters()]).toEqual([[], []]);
  });

  test('because its payload does not fit the model is parked too', async () => {
    await source.emit(...events(1, 2));
    await db.owner.query(`update events set payload = '{"channelId": "no uuid"}' where seq = 1`);
    follow();
    await eventually(async () => expect(await applied()).toEqual([2]));
    expect(await deadLetters()).toHaveLength(1);
  });

  test('is not parked when it takes access away: the consumer stays there, its copy silent, until it can be applied', async () => {
    let refused = 0;
    let refusing = true;
    const reaction: Reaction = async (tx, event) => {
      if (event.type === 'channel.left' && refusing) {
        refused += 1;
        throw badInput('payload', 'breaks a rule');
      }
      await note(tx, event);
    };
    follow(reaction);
    const asOf = async () => (await feedState(db.worker, { consumer, source: 'channel' })).asOf?.getTime() ?? 0;
    await eventually(asOf);
    await source.emit(someEvent(1), someEvent(2, newId(), 'channel.left'), someEvent(3));
    await eventually(() => expect(refused).toBeGreaterThan(12));
    const stuck = await asOf();
    const seen = refused;
    await eventually(() => expect(refused).toBeGreaterThan(seen + 3));
    expect([await applied(), await deadLetters(), await asOf()]).toEqual([[1], [], stuck]);
    refusing = false;
    await eventually(async () => expect(await applied()).toEqual([1, 2, 3]));
    await eventually(async () => expect(await asOf()).toBeGreaterThan(stuck));
  });
});

describe('the feed', () => {
  test('that was away is followed again from the same place, and asOf stood still meanwhile', async () => {
    follow();
    const state = () => feedState(db.worker, { consumer, source: 'channel' });
    await source.emit(someEvent(1));
    await eventually(async () => expect(await applied()).toEqual([1]));
    await source.goAway();
    try {
      const { asOf } = await state();
      await source.emit(...events(2, 4));
      await db.owner.query(`update positions set as_of = as_of - interval '10 s'`);
      expect((await state()).silent).toBe(true);
      expect(asOf).not.toBeNull();
    } finally {
      await source.comeBack();
    }
    await eventually(async () => expect(await applied()).toEqual([1, 2, 3, 4]));
    await eventually(async () => expect((await state()).silent).toBe(false));
  });

  test('says how far it is although nothing happens', async () => {
    follow();
    const asOf = async () => (await feedState(db.worker, { consumer, source: 'channel' })).asOf?.getTime() ?? 0;
    const first = await eventually(asOf);
    await eventually(async () => expect(await asOf()).toBeGreaterThan(first));
  });

  test('wakes a waiting reader at a commit, long before its time is up', async () => {
    const head = ((await (await source.fetch('')).json()) as { next: string }).next;
    const started = Date.now();
    const waiting = source.fetch(`?after=${head}&wait=10000`);
    await source.emit(someEvent(1));
    const page = (await (await waiting).json()) as { events: object[] };
    expect(page.events).toHaveLength(1);
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  test('is for the other services only: neither the gateway nor a stranger reads it', async () => {
    expect((await source.fetch('', 'gateway')).status).toBe(403);
    expect((await fetch(`${source.url}/internal/events`)).status).toBe(401);
  });
});
