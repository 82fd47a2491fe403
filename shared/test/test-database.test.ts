import { afterAll, expect, inject, test } from 'vitest';
import { connect } from '../src/provision/connect.js';
import { createTestDatabase, type TestDatabase } from '../src/testing/postgres.js';

let migrated = 0;
const made: TestDatabase[] = [];

async function clone(): Promise<TestDatabase> {
  const database = await createTestDatabase('project', async (ownerUrl) => {
    migrated++;
    const owner = await connect(ownerUrl);
    await owner.query('CREATE TABLE thing (a int); GRANT SELECT, INSERT ON thing TO project_app');
    await owner.end();
  });
  made.push(database);
  return database;
}

afterAll(async () => {
  for (const database of made) await database.drop();
});

async function count(url: string): Promise<number> {
  const client = await connect(url);
  const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM thing');
  await client.end();
  return rows[0]!.n;
}

test('clones of one template are migrated once and do not see each other', async () => {
  const [first, second] = await Promise.all([clone(), clone()]);
  expect(migrated).toBe(1);
  const app = await connect(first!.app);
  await app.query('INSERT INTO thing VALUES (1)');
  await app.end();
  expect(await count(first!.app)).toBe(1);
  expect(await count(second!.app)).toBe(0);
});

test('a clone is closed to others and has the settings of production', async () => {
  const database = await clone();
  const app = await connect(database.app);
  const { rows } = await app.query("SELECT current_schema() AS schema, current_setting('statement_timeout') AS timeout");
  expect(rows).toEqual([{ schema: 'project', timeout: '5s' }]);
  await expect(app.query('CREATE TEMP TABLE t (a int)')).rejects.toMatchObject({ code: '42501' });
  await app.end();
  const queue = await connect(database.queue);
  expect((await queue.query('SELECT current_schema() AS schema')).rows).toEqual([{ schema: 'bullmq' }]);
  await queue.end();
});

test('a dropped clone is gone although somebody is connected', async () => {
  const database = await clone();
  const client = await connect(database.app);
  await database.drop();
  const admin = await connect(inject('taskgraphPostgres').adminUrl);
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [database.name]);
  expect(rowCount).toBe(0);
  await admin.end();
  await client.end().catch(() => {});
});
