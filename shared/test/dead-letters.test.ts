// Work that was given up is told of once, with ids only, and is run again when somebody asks.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { onRedriveRequested, redriveParked, startDeadLetters, type DeadLetterOptions, type Redrive } from '../src/dead-letters.js';
import { badInput, unavailable } from '../src/errors.js';
import type { Reaction } from '../src/event-tail.js';
import { newId } from '../src/ids.js';
import { eventually } from '../src/testing/eventually.js';
import { writeTransaction } from '../src/write-transaction.js';
import { openLogDatabase, silentLog, someEvent, type LogDatabase } from './log-database.js';

let db: LogDatabase;
beforeAll(async () => void (db = await openLogDatabase()));
afterAll(() => db.stop());
beforeEach(() => db.owner.query('truncate events, effects, dead_letters, things'));

const running: { stop: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((job) => job.stop()));
});
const start = (redrives: Record<string, Redrive> = {}, options: Partial<DeadLetterOptions> = {}) =>
  void running.push(startDeadLetters({ owner: 'stats', database: db.worker, redrives, log: silentLog, everyMs: 20, ...options }));

async function bury(payload: object, queue = 'mails'): Promise<string> {
  const id = newId();
  await db.worker.query(`insert into dead_letters (id, queue, name, reason, attempts, payload) values ($1, $2, 'send-mail', 'sending failed 451', 8, $3)`, [id, queue, JSON.stringify(payload)]);
  return id;
}
const told = async () =>
  ((await db.owner.query(`select payload from events where type = 'stats.dead-lettered' order by xid, ordinal`)) as { payload: Record<string, unknown> }[]).map((row) => row.payload);
const ask = (...ids: string[]) => writeTransaction(db.worker, { lock: [] }, (tx) => onRedriveRequested(tx, { payload: { deadLetterIds: ids } } as never));
const letters = () => db.owner.query('select id, queue, attempts, redrive_at as "redriveAt" from dead_letters order by failed_at') as Promise<{ id: string; attempts: number; redriveAt: Date | null }[]>;

test('RULES §1: a letter is told of once, whoever looks, with the ids at the top of its payload and nothing else', async () => {
  const [mailId, userId] = [newId(), newId()];
  const id = await bury({ mailId, userId, email: 'ada@example.org', token: 'secret', nested: { title: 'Plans', taskId: newId() }, nobody: null });
  for (let replica = 0; replica < 3; replica += 1) start();
  await eventually(async () => expect(await told()).toHaveLength(1));
  const second = await bury({ mailId });
  await eventually(async () => expect(await told()).toHaveLength(2));
  const [first, last] = await told();
  expect(first).toEqual({
    deadLetterId: id, queue: 'mails', name: 'send-mail', reason: 'sending failed 451', attempts: 8, failedAt: expect.any(String) as string,
    ids: [{ name: 'mailId', id: mailId }, { name: 'userId', id: userId }],
  });
  expect(last?.['deadLetterId']).toBe(second);
});

test('what is asked for is run once in the transaction that removes the letter; what nobody asked for stays', async () => {
  const [asked, other] = [await bury({ n: 1 }), await bury({ n: 2 })];
  const ran: unknown[] = [];
  const redrive: Redrive = async (tx, letter) => {
    ran.push(letter.payload);
    await tx.query(`insert into things (name, n) values ('redriven', 1)`);
  };
  start({ mails: redrive });
  start({ mails: redrive });
  await ask(asked, newId());
  await eventually(async () => expect(await letters()).toMatchObject([{ id: other, redriveAt: null }]));
  expect(ran).toEqual([{ n: 1 }]);
  expect(await db.owner.query('select n from things')).toEqual([{ n: 1 }]);
});

test('what fails again is a letter under a new id, told of anew, and holds up no other', async () => {
  const [bad, unknown, good] = [await bury({ n: 1 }), await bury({}, 'nobody-runs-it'), await bury({ n: 2 })];
  const ran: unknown[] = [];
  const redrive: Redrive = async (tx, { payload }) => {
    await tx.query(`insert into things (name, n) values ('tried', 1)`);
    if ((payload as { n: number }).n === 1) throw badInput('n', 'is bad');
    ran.push(payload);
    await tx.query('delete from things');
  };
  start({ mails: redrive });
  await ask(bad, unknown, good);
  await eventually(async () => expect((await told()).length).toBe(5));
  expect(ran).toEqual([{ n: 2 }]);
  const left = await letters();
  expect(left.map(({ attempts, redriveAt }) => ({ attempts, redriveAt }))).toEqual([{ attempts: 9, redriveAt: null }, { attempts: 9, redriveAt: null }]);
  for (const { id } of left) expect([bad, unknown, good]).not.toContain(id);
  // The failed try left nothing.
  expect(await db.owner.query('select 1 from things')).toEqual([]);
});

test('while a neighbour is away the letter waits, asked for, and runs when it is back', async () => {
  const id = await bury({});
  let away = true;
  let tries = 0;
  start({ mails: async () => {
    tries += 1;
    if (away) throw unavailable('user');
  } });
  await ask(id);
  await eventually(() => expect(tries).toBeGreaterThan(2));
  expect(await letters()).toMatchObject([{ id, attempts: 8, redriveAt: expect.any(Date) as Date }]);
  away = false;
  await eventually(async () => expect(await letters()).toEqual([]));
});

test('a parked event goes through the reaction that had refused it', async () => {
  const event = { ...someEvent(3), id: newId(), place: '1.2.3', scopeId: null, at: new Date().toISOString() };
  const id = await bury(event, 'effects<channel');
  let broken = true;
  const reaction: Reaction = async (tx, { id: eventId, seq, payload }) => {
    if (broken) throw badInput('payload', 'is not understood');
    expect(payload).toEqual(event.payload);
    await tx.query('insert into effects (event_id, seq) values ($1, $2)', [eventId, seq]);
  };
  start({ 'effects<channel': redriveParked({ 'channel.joined': reaction }) });
  await eventually(async () => expect((await told())[0]?.['ids']).toEqual(expect.arrayContaining([{ name: 'aggregateId', id: event.aggregateId }, { name: 'id', id: event.id }])));
  await ask(id);
  const again = await eventually(async () => {
    const [letter] = await letters();
    expect(letter?.id).not.toBe(id);
    return letter?.id as string;
  });
  broken = false;
  await ask(again);
  await eventually(async () => expect(await db.owner.query('select event_id, seq from effects')).toEqual([{ event_id: event.id, seq: 3 }]));
  expect(await letters()).toEqual([]);
});
