import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@taskgraph/shared/testing/ports';
import { startTestCluster, type TestCluster } from '@taskgraph/shared/testing/postgres';
import { redisAvailable, startRedis } from '@taskgraph/shared/testing/redis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Installation, makeInstallation, untilReady } from './installation.js';

let cluster: TestCluster;
let stopCluster: () => Promise<void>;
let installation: Installation;
beforeAll(async () => void ({ cluster, stop: stopCluster } = await startTestCluster()));
afterAll(() => stopCluster());
beforeEach(() => void (installation = makeInstallation()));
afterEach(() => installation.remove());

const serverUrl = (database: string): string => Object.assign(new URL(cluster.adminUrl), { pathname: `/${database}` }).href;

test.skipIf(!redisAvailable())('uses the servers that are named, and starts no Postgres of its own', async () => {
  const redis = await startRedis();
  const started = installation.start({
    PORT: String(await freePort()),
    DATABASE_URL: serverUrl('elsewhere'),
    STATS_DATABASE_URL: serverUrl('figures'),
    REDIS_URL: redis.url,
  });
  await untilReady(started);
  const entries = installation.running();
  expect(entries.map(({ name }) => name)).not.toContain('postgres');
  const envOf = async (name: string): Promise<Record<string, string>> =>
    (await (await fetch(`${entries.find((entry) => entry.name === name)!.url}/env`)).json()) as Record<string, string>;
  const [user, stats] = await Promise.all([envOf('user'), envOf('stats')]);
  expect(new URL(user!['DATABASE_URL']!).pathname).toBe('/elsewhere');
  expect(new URL(stats!['OWNER_DATABASE_URL']!)).toMatchObject({ pathname: '/figures', username: 'stats_owner' });
  expect(user).toMatchObject({ REDIS_URL: redis.url });
  expect(user).not.toHaveProperty('QUEUE_DATABASE_URL');
  // For rate limits.
  expect(await envOf('gateway')).toMatchObject({ REDIS_URL: redis.url });
  expect(started.output()).toContain(`Redis at 127.0.0.1:${redis.port}`);
  started.process.kill('SIGTERM');
  expect(await started.exit).toBe(0);
  await redis.stop();
});

test('a wrong password is one sentence that does not repeat it', async () => {
  const url = Object.assign(new URL(cluster.adminUrl), { password: 'hidden' }).href;
  const started = installation.start({ PORT: String(await freePort()), DATABASE_URL: url });
  expect(await started.exit).toBe(1);
  expect(started.errors().trim()).toMatch(/^Postgres at 127\.0\.0\.1:\d+ refuses the user postgres \(DATABASE_URL: [^\n]*$/);
  expect(started.errors()).not.toContain('hidden');
});

test('the one-shot for containers prepares the databases with the passwords it is given, again and again', async () => {
  const run = promisify(execFile);
  const script = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'provision.js');
  const schemas = ['USER', 'PROJECT', 'TASK', 'CHANNEL', 'STATS'];
  const names = [...schemas.flatMap((schema) => ['OWNER', 'APP', 'WORKER'].map((kind) => `${schema}_${kind}_PASSWORD`)), 'BULLMQ_PASSWORD'];
  const passwords = Object.fromEntries(names.map((name) => [name, randomBytes(12).toString('hex')]));
  const env = { DATABASE_URL: serverUrl('containers'), ...passwords };
  for (let time = 0; time < 2; time++) {
    expect((await run(process.execPath, [script], { env })).stdout).toContain('databases, roles and schemas are ready');
  }
  const missing = run(process.execPath, [script], { env: { ...env, TASK_APP_PASSWORD: '', BULLMQ_PASSWORD: 'short' } });
  await expect(missing).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/TASK_APP_PASSWORD: is required\n.*BULLMQ_PASSWORD: must have at least 16/) as string });
});
