// What the live engine does for one consumer: its place, its bounds, and what becomes of a slow one (RULES §4).
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterEach, describe, expect, test } from 'vitest';
import { cursors, personId, startEngine, type Engine } from './support/engine.js';

let engine: Engine;
afterEach(() => engine.stop());
const ada = personId(1);
const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `c${from + index}`);

test('ending a subscription that waits releases it at once', async () => {
  engine = await startEngine();
  const consumer = await engine.subscribe(ada, { after: 'c0' });
  expect(engine.listening.size).toBe(1);
  await consumer.running.return();
  expect(await consumer.ended).toEqual({ done: true, value: undefined });
  expect(engine.listening.size).toBe(0);
});

test('a subscription that is refused leaves no listener', async () => {
  engine = await startEngine();
  await expect(engine.subscribe(ada, { after: 'forged' })).rejects.toThrow('after is no cursor.');
  expect(engine.listening.size).toBe(0);
});

describe('a consumer that does not take what it is sent', () => {
  test('holds no more than its queue and what the connection takes, and misses nothing once it takes again', async () => {
    engine = await startEngine({ queueEvents: 50, queueBytes: 20_000 });
    const title = 'x'.repeat(2_000);
    const consumer = await engine.subscribe(ada, { after: 'c0' }, 'subscription ($p: ID!, $after: String) { taskChanges(scope: { projectId: $p }, after: $after) { cursor task { title } } }');
    consumer.hold();
    for (let index = 0; index < 400; index += 1) engine.log.append({ title });
    await eventually(() => consumer.waiting() > 60_000);
    // 64 KiB in the connection, and 20 kB more; what it could not take is known by its place only.
    await eventually(async () => {
      const before = engine.calls();
      engine.log.append({ title });
      await new Promise((resolve) => setTimeout(resolve, 100));
      return engine.calls() === before;
    });
    expect(consumer.waiting()).toBeLessThan(70_000);
    consumer.take();
    await consumer.atLeast(401);
    expect(cursors(consumer.results)).toEqual(numbered(1, 401));
    expect(consumer.slow).toEqual([]);
  });

  test('gets what waited united per task, the latest of it, with all changes and as coalesced; a new task stays new (RULES §4)', async () => {
    engine = await startEngine({ queueEvents: 30 });
    const consumer = await engine.subscribe(ada, { after: 'c0' });
    consumer.hold();
    // More than the connection and the queue take: 64 KiB, then thirty.
    for (let index = 0; index < 60; index += 1) engine.log.append({ title: 'x'.repeat(4_000) });
    await eventually(() => consumer.waiting() > 60_000);
    engine.log.append({ kind: 'CREATED', task: 'new', title: 'one' });
    engine.log.append({ task: 'old', title: 'first' });
    engine.log.append({ task: 'new', title: 'two' });
    engine.log.append({ task: 'new', title: 'three' });
    engine.log.append({ task: 'old', title: 'second' });
    consumer.take();
    await eventually(() => cursors(consumer.results).includes('c65'));
    const told = consumer.results.filter(({ data }) => ['new', 'old'].includes(data.taskChanges.taskId));
    expect(told).toEqual([
      { data: { taskChanges: { cursor: 'c64', kind: 'CREATED', taskId: 'new', changes: [{ field: 'title', before: null, after: 'three' }], task: { title: 'three' } } }, extensions: { coalesced: true } },
      { data: { taskChanges: { cursor: 'c65', kind: 'UPDATED', taskId: 'old', changes: [{ field: 'title', before: null, after: 'second' }], task: { title: 'second' } } }, extensions: { coalesced: true } },
    ]);
    // Afterwards it is live again, and nothing is united any more.
    engine.log.append({ task: 'new', title: 'four' });
    engine.log.append({ task: 'new', title: 'five' });
    await eventually(() => cursors(consumer.results).includes('c67'));
    expect(consumer.results.slice(-2).map(({ data, extensions }) => [data.taskChanges.task.title, extensions])).toEqual([['four', undefined], ['five', undefined]]);
  });

  test('is given up with the cursor of the last result it took, while others go on', async () => {
    engine = await startEngine({ stallMs: 300 });
    const [stalled, other] = [await engine.subscribe(ada, { after: 'c0' }), await engine.subscribe(personId(2), { after: 'c0' })];
    engine.log.append({});
    await Promise.all([stalled.atLeast(1), other.atLeast(1)]);
    stalled.hold();
    engine.log.append({});
    await eventually(() => stalled.slow.length > 0);
    expect(stalled.slow[0]).toBe('c1');
    engine.log.append({});
    await other.atLeast(3);
    expect([cursors(other.results), other.slow]).toEqual([numbered(1, 3), []]);
  });
});

describe('the progress of an import', () => {
  const progress = 'subscription ($id: ID!) { taskImportProgress(id: $id) { at: status processedRows } }';

  test('is told as it is now, then when it gets on, and completes with its end', async () => {
    engine = await startEngine();
    engine.log.taskImport.owner = ada;
    const consumer = await engine.subscribe(ada, { id: 'i1' }, progress);
    expect(await consumer.atLeast(1)).toEqual([{ data: { taskImportProgress: { at: 'RUNNING', processedRows: 0 } } }]);
    for (let rows = 1; rows < 40; rows += 1) {
      engine.log.taskImport.processedRows = rows;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await eventually(() => consumer.results.at(-1).data.taskImportProgress.processedRows === 39);
    Object.assign(engine.log.taskImport, { status: 'COMPLETED', processedRows: 40 });
    expect(await consumer.ended).toEqual({ done: true, value: undefined });
    expect(consumer.results.at(-1)).toEqual({ data: { taskImportProgress: { at: 'COMPLETED', processedRows: 40 } } });
    const rows = consumer.results.map(({ data }) => data.taskImportProgress.processedRows);
    expect(rows).toEqual([...new Set(rows)].toSorted((a, b) => a - b));
    expect(engine.listening.size).toBe(0);
  });

  test('is waited for once per person and import, however many windows follow it', async () => {
    engine = await startEngine();
    engine.log.taskImport.owner = ada;
    const windows = await Promise.all(Array.from({ length: 5 }, () => engine.subscribe(ada, { id: 'i1' }, progress)));
    await Promise.all(windows.map((window) => window.atLeast(1)));
    await eventually(() => engine.log.polls.size === 1);
    engine.log.taskImport.processedRows = 7;
    await eventually(() => windows.every(({ results }) => results.at(-1).data.taskImportProgress.processedRows === 7));
    expect(engine.log.polls.size).toBeLessThanOrEqual(1);
    for (const { running } of windows.slice(1)) await running.return();
    engine.log.taskImport.processedRows = 8;
    await eventually(() => windows[0]?.results.at(-1).data.taskImportProgress.processedRows === 8);
    await eventually(() => engine.log.polls.size === 1);
    await windows[0]?.running.return();
    await eventually(() => engine.log.polls.size === 0);
  });

  test('of somebody else and of none are refused alike: NOT_FOUND (RULES §1)', async () => {
    engine = await startEngine();
    engine.log.taskImport.owner = ada;
    for (const id of ['i1', 'i2']) await expect(engine.subscribe(personId(2), { id }, progress)).rejects.toThrow('There is no such import.');
  });
});
