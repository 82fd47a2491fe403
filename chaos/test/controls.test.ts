// Controls of the fault run: each of five well-known bugs is planted into a small pipeline of the shared parts, and the checks
// of the run go red; without it, with the same deaths, they are green.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { appendEvent } from '@taskgraph/shared/event-log';
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkDeliveries, checkNews } from '../src/checks/news.js';
import { checkOrder, checkWrites } from '../src/checks/writes.js';
import { createJournal } from '../src/journal.js';
import { joined, openPipeline, type Pipeline, type Plant } from './pipeline.js';

let pipeline: Pipeline;
beforeEach(async () => void (pipeline = await openPipeline()));
afterEach(() => pipeline.stop());

const everyThird = (n: number): boolean => n % 3 === 0;
const audience = () => ({ memberIds: new Set([pipeline.watcherId]), watcherIds: [pipeline.watcherId] });
const emit = (count: number) => writeTransaction(pipeline.source, { lock: [] }, async (tx) => {
  for (let n = 0; n < count; n += 1) await tx.emit(joined());
});

describe('a consumer that dies again and again', () => {
  const run = async (plant: Plant): Promise<string[]> => {
    await emit(12);
    await pipeline.follow(plant, everyThird);
    const snapshot = await pipeline.snapshot();
    return [...checkNews(snapshot, audience()), ...checkOrder(snapshot.logs)];
  };

  test('is green where position and effect are one commit', async () => {
    expect(await run('none')).toEqual([]);
  });

  test('is red where the position is committed before the effect', async () => {
    expect(await run('position committed before the effect')).toEqual(Array.from({ length: 4 }, () => expect.stringMatching(/^missing: notification CHANNEL_JOINED/)));
  });
});

describe('two writes that commit in another order than they began', () => {
  const run = async (plant: Plant): Promise<string[]> => {
    const [first, second] = [pipeline.source.createQueryRunner(), pipeline.source.createQueryRunner()];
    for (const runner of [first, second]) {
      await runner.startTransaction();
      await appendEvent(runner, joined(), 0);
    }
    await second.commitTransaction();
    await pipeline.follow(plant);
    await first.commitTransaction();
    for (const runner of [first, second]) await runner.release();
    // The server's horizon is that of all its databases, and other tests write too.
    return eventually(async () => {
      await pipeline.follow(plant);
      const snapshot = await pipeline.snapshot();
      expect(snapshot.notifications).toHaveLength(plant === 'none' ? 2 : 1);
      return checkNews(snapshot, audience());
    });
  };

  test('are both told of where the log is read up to its horizon', async () => {
    expect(await run('none')).toEqual([]);
  });

  test('are red where the log is read by id > last', async () => {
    expect(await run('reading by id > last')).toEqual([expect.stringMatching(/^missing: notification/)]);
  });
});

async function addDeliveries(count: number): Promise<{ id: string; mail: string }[]> {
  const made = [];
  for (let n = 0; n < count; n += 1) {
    const [id, notificationId, eventId] = [newId(), newId(), newId()];
    await pipeline.source.query(`insert into notifications values ($1, $2, 'PROJECT_ADDED', $3)`, [notificationId, pipeline.watcherId, eventId]);
    await pipeline.source.query('insert into deliveries (id, notification_id, event_id, user_id) values ($1, $2, $3, $4)', [id, notificationId, eventId, pipeline.watcherId]);
    made.push({ id, mail: `${eventId}.${notificationId}` });
  }
  return made;
}

describe('a sender that dies between mail and record', () => {
  const run = async (plant: Plant): Promise<string[]> => {
    await addDeliveries(6);
    await pipeline.send(plant, everyThird);
    return checkDeliveries(await pipeline.snapshot());
  };

  test('is green where the mail is handed over before it is recorded', async () => {
    expect(await run('none')).toEqual([]);
  });

  test('is red where it is marked as sent before it is handed over', async () => {
    expect(await run('a delivery marked sent before it is handed over')).toEqual([0, 0].map(() => expect.stringMatching(/^missing: mail of delivery/)));
  });
});

describe('a swallowed error inside a transaction', () => {
  const run = async (plant: Plant): Promise<string[]> => {
    const journal = createJournal();
    for (const name of ['one', 'two']) await pipeline.write(plant, journal, `chaos-control-${name}`);
    return checkWrites(journal, await pipeline.snapshot());
  };

  test('is an error to the client where the answer of COMMIT is checked, and its retry is there', async () => {
    expect(await run('none')).toEqual([]);
  });

  test('is red where the answer of COMMIT is not checked', async () => {
    expect(await run('unchecked COMMIT tag')).toEqual([0, 0].map(() => expect.stringMatching(/^lost: joinChannel chaos-control-/)));
  });
});

describe('a worker that is killed three times on one job', () => {
  const fixture = join(import.meta.dirname, 'fixtures', 'mail-worker.mjs');
  const start = (options: object, ...rest: string[]): { child: ChildProcess; said: () => string } => {
    const { queue: queueUrl, owner: databaseUrl } = pipeline.database;
    const child = spawn(process.execPath, [fixture, JSON.stringify({ queueUrl, databaseUrl, mailDir: pipeline.mailDir, ...options }), ...rest], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => void (output += chunk.toString()));
    return { child, said: () => output };
  };
  /** A process may take long to start where many others do; that is no part of what is waited for afterwards. */
  const startUp = async (options: object) => {
    const worker = start(options);
    await once(worker.child.stdout as NodeJS.ReadableStream, 'data');
    return worker;
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };

  const run = async (maxStalledCount: number): Promise<string[]> => {
    const [delivery] = await addDeliveries(1);
    const adding = start({}, 'add', JSON.stringify(delivery));
    expect(await once(adding.child, 'exit')).toEqual([0, null]);
    for (let death = 1; death <= 3; death += 1) {
      const worker = await startUp({ maxStalledCount, hang: true });
      await eventually(() => /begun|given up/.test(worker.said()));
      await kill(worker.child);
      if (worker.said().includes('given up')) return checkDeliveries(await pipeline.snapshot());
    }
    const healthy = await startUp({ maxStalledCount, hang: false });
    await eventually(() => /done|given up/.test(healthy.said()));
    await kill(healthy.child);
    return checkDeliveries(await pipeline.snapshot());
  };

  test('is green with the patience of the product', async () => {
    expect(await run(100)).toEqual([]);
  }, 300_000);

  test('is red with maxStalledCount 1', async () => {
    expect(await run(1)).toEqual([expect.stringMatching(/^stuck: delivery .* is PENDING/)]);
  }, 300_000);
});
