import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../src/database.js';
import { isTransient } from '../src/graphql-errors.js';
import { writeTransaction } from '../src/write-transaction.js';
import { openLogDatabase, silentLog, type LogDatabase } from './log-database.js';

let db: LogDatabase;
beforeAll(async () => void (db = await openLogDatabase()));
afterAll(() => db.stop());

test('connections lost in whatever moment do not end the process, and every error of theirs says that trying again can help', async () => {
  const victim = await openDatabase({ url: db.database.app, poolSize: 4, applicationName: 'victim', log: silentLog });
  const surprises: unknown[] = [];
  let over = false;
  const keepAt = async (work: () => Promise<unknown>) => {
    while (!over) {
      await work().catch((error: unknown) => {
        if (!isTransient(error) && (error as { code?: string }).code !== 'OVERLOADED') surprises.push(error);
      });
    }
  };
  const busy = [
    keepAt(() => victim.query('select 1')),
    keepAt(() => victim.query('select pg_sleep(0.01)')),
    keepAt(() => writeTransaction(victim, { lock: ['a'] }, (tx) => tx.query('select 1'))),
    keepAt(() => writeTransaction(victim, { lock: ['b'] }, (tx) => tx.query('select 1'))),
  ];
  for (let round = 0; round < 400; round += 1) {
    await db.observe(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim' and datname = current_database()`);
  }
  over = true;
  await Promise.all(busy);
  expect(surprises).toEqual([]);
  expect(await victim.query('select 1 as one')).toEqual([{ one: 1 }]);
  await victim.destroy();
});
