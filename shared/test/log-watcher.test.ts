import { expect, test } from 'vitest';
import type { Place } from '../src/event-log.js';
import { createLogWatcher } from '../src/log-watcher.js';
import { eventually } from '../src/testing/eventually.js';

const place = (xid: number): Place => ({ epoch: 1, xid: String(xid), ordinal: 0 });

/** A log whose newest event the test moves; counts the looks at it. */
function someLog() {
  const log = { newest: null as Place | null, looks: 0, failing: false };
  const watcher = createLogWatcher(async () => {
    log.looks += 1;
    if (log.failing) throw new Error('the database is away');
    return log.newest;
  });
  return { log, watcher };
}

test('a waiter hears of what was already there', async () => {
  const { log, watcher } = someLog();
  log.newest = place(10);
  expect(await watcher.wait(place(9), 60_000)).toBe(true);
});

test('a waiter that has seen everything waits until its time is up', async () => {
  const { log, watcher } = someLog();
  log.newest = place(10);
  expect(await watcher.wait(place(10), 100)).toBe(false);
});

test('a commit in this process wakes at once; one elsewhere is found by looking', async () => {
  const { log, watcher } = someLog();
  const woken = watcher.wait(place(9), 60_000);
  log.newest = place(10);
  // Before any timer: it did not wait for the next look.
  let timers = false;
  setTimeout(() => (timers = true), 0);
  watcher.poke();
  expect(await woken).toBe(true);
  expect(timers).toBe(false);
  const found = watcher.wait(place(10), 60_000);
  log.newest = place(11);
  expect(await found).toBe(true);
});

test('only those are woken who have not seen it yet', async () => {
  const { log, watcher } = someLog();
  const answers = Promise.all([watcher.wait(place(5), 200), watcher.wait(place(20), 200)]);
  log.newest = place(10);
  watcher.poke();
  expect(await answers).toEqual([true, false]);
});

test('nobody looks at the log while nobody waits', async () => {
  const { log, watcher } = someLog();
  watcher.poke();
  expect(log.looks).toBe(0);
  await watcher.wait(place(1), 200);
  const looks = log.looks;
  expect(looks).toBeGreaterThan(1);
  const until = performance.now() + 250;
  await eventually(() => performance.now() > until);
  expect(log.looks).toBe(looks);
});

test('a waiter whose client is gone is let go, and so is everybody at the stop', async () => {
  const { watcher } = someLog();
  const gone = new AbortController();
  const first = watcher.wait(place(1), 60_000, gone.signal);
  gone.abort();
  expect(await first).toBe(false);
  expect(await watcher.wait(place(1), 60_000, gone.signal)).toBe(false);
  const second = watcher.wait(place(1), 60_000);
  watcher.stop();
  expect(await second).toBe(false);
});

test('a database that is away for a while does not end the watching', async () => {
  const { log, watcher } = someLog();
  log.failing = true;
  const woken = watcher.wait(place(9), 60_000);
  await eventually(() => expect(log.looks).toBeGreaterThan(2));
  log.newest = place(10);
  log.failing = false;
  expect(await woken).toBe(true);
});

test('transaction ids are compared as numbers, and a later epoch is behind every earlier one', async () => {
  const { log, watcher } = someLog();
  log.newest = place(10);
  expect(await watcher.wait(place(9), 1_000)).toBe(true);
  log.newest = { epoch: 2, xid: '1', ordinal: 0 };
  expect(await watcher.wait(place(10), 1_000)).toBe(true);
});
