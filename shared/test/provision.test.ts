import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { provision } from '../src/provision.js';
import { connect, withCredentials, withDatabase } from '../src/provision/connect.js';
import { type RoleUrls, SCHEMAS } from '../src/provision/names.js';

const { adminUrl, passwords } = inject('taskgraphPostgres');
const dropAfterwards: string[] = [];

afterAll(async () => {
  const admin = await connect(adminUrl);
  for (const name of dropAfterwards) await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin.end();
});

function freshDatabase(): string {
  const name = `provision_${randomBytes(4).toString('hex')}`;
  dropAfterwards.push(name);
  return name;
}

const everyUrl = (url: string) => ({ user: url, project: url, task: url, channel: url, stats: url, bullmq: url });

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = await connect(url);
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

describe('a provisioned database', () => {
  let urls: RoleUrls;
  let url: string;
  beforeAll(async () => {
    url = withDatabase(adminUrl, freshDatabase());
    urls = await provision({ adminUrls: everyUrl(url), passwords });
  });

  test('lets every role log in and finds its schema first', async () => {
    for (const schema of SCHEMAS) {
      for (const kind of ['owner', 'app', 'worker'] as const) {
        expect(await query(urls[schema][kind], 'SELECT current_schema() AS schema, current_user AS role')).toEqual([{ schema, role: `${schema}_${kind}` }]);
      }
    }
  });

  test('sets the timeouts of each role', async () => {
    const sql = `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
      current_setting('idle_in_transaction_session_timeout') AS idle`;
    expect(await query(urls.task.app, sql)).toEqual([{ statement: '5s', lock: '5s', idle: '10s' }]);
    expect(await query(urls.task.worker, sql)).toEqual([{ statement: '30s', lock: '5s', idle: '10s' }]);
    expect(await query(urls.task.owner, sql)).toEqual([{ statement: '0', lock: '0', idle: '10s' }]);
  });

  test('lets only the owner make tables, and gives app and worker none by itself', async () => {
    await query(urls.task.owner, 'CREATE TABLE secret (a int)');
    for (const role of [urls.task.app, urls.task.worker]) {
      await expect(query(role, 'SELECT * FROM secret')).rejects.toMatchObject({ code: '42501' });
      await expect(query(role, 'CREATE TABLE mine (a int)')).rejects.toMatchObject({ code: '42501' });
      await expect(query(role, 'CREATE TEMP TABLE mine (a int)')).rejects.toMatchObject({ code: '42501' });
      await expect(query(role, 'CREATE TABLE public.mine (a int)')).rejects.toMatchObject({ code: '42501' });
    }
  });

  test('keeps every role out of the schemas of the others', async () => {
    await query(urls.user.owner, 'CREATE TABLE account (a int)');
    for (const role of [urls.task.owner, urls.task.app, urls.stats.worker, urls.bullmq]) {
      await expect(query(role, 'SELECT * FROM "user".account')).rejects.toMatchObject({ code: '42501' });
    }
    await expect(query(urls.task.app, 'SELECT * FROM bullmq.jobs')).rejects.toMatchObject({ code: '42501' });
  });

  test('shuts out a role that was not invited', async () => {
    const admin = await connect(adminUrl);
    await admin.query("CREATE ROLE stranger LOGIN PASSWORD 'stranger'");
    await expect(query(withCredentials(url, 'stranger', 'stranger'), 'SELECT 1')).rejects.toMatchObject({ code: '42501' });
    await admin.query('DROP ROLE stranger');
    await admin.end();
  });

  test('has the queue tables, and their role cannot make schemas any more', async () => {
    const tables = await query(urls.bullmq, "SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'bullmq' AND tableowner = 'bullmq'");
    expect(tables[0]!['n']).toBeGreaterThan(3);
    await expect(query(urls.bullmq, 'CREATE SCHEMA more')).rejects.toMatchObject({ code: '42501' });
  });

  test('stays as it is when provisioned again', async () => {
    await query(urls.task.owner, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await provision({ adminUrls: everyUrl(url), passwords });
    expect(await query(urls.task.owner, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });
});

test('two at once, on a database that does not exist yet, both succeed', async () => {
  const url = withDatabase(adminUrl, freshDatabase());
  const both = await Promise.all([1, 2].map(() => provision({ adminUrls: everyUrl(url), passwords })));
  expect(await query(both[0]!.stats.app, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('two databases of one server prepared at once both succeed', async () => {
  const urls = [1, 2].map(() => withDatabase(adminUrl, freshDatabase()));
  await Promise.all(urls.map((url) => provision({ adminUrls: everyUrl(url), passwords })));
});

describe('problems are one sentence that names the server and never the password', () => {
  const passwordless = (sentence: RegExp) => async (failing: Promise<unknown>) => {
    const error = await failing.then(() => undefined, (reason: Error) => reason);
    expect(error?.name).toBe('StartError');
    expect(error?.message).toMatch(sentence);
    expect(error?.message).not.toContain('hidden');
  };

  test('nobody listens', () =>
    passwordless(/No Postgres answers at 127\.0\.0\.1:9 \(DATABASE_URL/)(
      provision({ adminUrls: everyUrl('postgres://me:hidden@127.0.0.1:9/db'), passwords }),
    ));

  test('the password is wrong', () =>
    passwordless(/refuses the user postgres/)(
      provision({ adminUrls: everyUrl(withCredentials(adminUrl, 'postgres', 'hidden')), passwords }),
    ));

  test('the host does not exist', () =>
    passwordless(/host nowhere\.invalid/)(provision({ adminUrls: everyUrl('postgres://me:hidden@nowhere.invalid/db'), passwords })));

  test('the user may not make roles', async () => {
    const admin = await connect(adminUrl);
    await admin.query("CREATE ROLE powerless LOGIN PASSWORD 'hidden'");
    const url = withDatabase(withCredentials(adminUrl, 'powerless', 'hidden'), 'postgres');
    await passwordless(/powerless .* lacks a privilege .* CREATEROLE/)(provision({ adminUrls: everyUrl(url), passwords }));
    await admin.query('DROP ROLE powerless');
    await admin.end();
  });
});
