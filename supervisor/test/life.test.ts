import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { freePort } from '@taskgraph/shared/testing/ports';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alive, type Installation, makeInstallation, untilReady } from './installation.js';

const NAMES = ['supervisor', 'postgres', 'gateway', 'user', 'project', 'task', 'channel', 'stats', 'user-worker', 'project-worker', 'task-worker', 'channel-worker', 'stats-worker'];
let installation: Installation;
let port: string;

beforeEach(async () => {
  installation = makeInstallation();
  port = String(await freePort());
});
afterEach(() => installation.remove());

test('starts everything, lists it, and stops it on SIGTERM with nothing left behind', async () => {
  const started = installation.start({ PORT: port });
  await untilReady(started);
  const entries = installation.running();
  expect(entries.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
  expect(alive(entries)).toHaveLength(NAMES.length);
  expect(started.output()).toContain(`http://localhost:${port}/graphql`);
  expect(started.output()).toContain(`ws://localhost:${port}/graphql`);
  expect(started.output()).toMatch(/^\[task-worker\] listening$/m);
  expect(JSON.stringify(entries)).not.toContain('@');

  const askedAt = performance.now();
  started.process.kill('SIGTERM');
  expect(await started.exit).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(10_000);
  expect(alive(entries)).toEqual([]);
  expect(existsSync(join(installation.dataDir, 'run.json'))).toBe(false);
  expect(started.output().indexOf('[gateway] stopped')).toBeLessThan(started.output().indexOf('[user] stopped'));
});

test('gives each process its own keys and database roles and nothing of the others', async () => {
  const started = installation.start({ PORT: port, SMTP_URL: 'smtp://mail', BOOTSTRAP_TOKEN: 'first', ACCESS_TOKEN_EXPIRE_MINUTES: '5' });
  await untilReady(started);
  const urls = new Map(installation.running().map(({ name, url }) => [name, url]));
  const envOf = async (name: string): Promise<Record<string, string>> => (await (await fetch(`${urls.get(name)}/env`)).json()) as Record<string, string>;
  const [task, worker, user, gateway] = await Promise.all([envOf('task'), envOf('task-worker'), envOf('user'), envOf('gateway')]);
  expect(task).toMatchObject({ ROLES: 'api', HOST: '127.0.0.1', NODE_ENV: 'development', ACCESS_TOKEN_EXPIRE_MINUTES: '5', APOLLO_TELEMETRY_DISABLED: '1' });
  expect(new URL(task!['DATABASE_URL']!).username).toBe('task_app');
  expect(new URL(task!['QUEUE_DATABASE_URL']!).username).toBe('bullmq');
  expect(task!['USER_URL']).toBe(urls.get('user'));
  expect(worker).toMatchObject({ ROLES: 'worker', SECRET_KEY: task!['SECRET_KEY'] });
  expect(user!['SECRET_KEY']).not.toBe(task!['SECRET_KEY']);
  expect(user!['IDENTITY_PRIVATE_KEY']).not.toBe(task!['IDENTITY_PRIVATE_KEY']);
  expect(Object.keys(JSON.parse(user!['IDENTITY_PUBLIC_KEYS']!) as object)).toContain('gateway');
  expect(user).toMatchObject({ BOOTSTRAP_TOKEN: 'first', SMTP_URL: 'smtp://mail' });
  for (const secret of ['BOOTSTRAP_TOKEN', 'SMTP_URL']) expect(task).not.toHaveProperty(secret);
  for (const secret of ['DATABASE_URL', 'SECRET_KEY', 'QUEUE_DATABASE_URL']) expect(gateway).not.toHaveProperty(secret);
  started.process.kill('SIGINT');
  expect(await started.exit).toBe(0);
});

test('brings a killed service and a killed Postgres back, on the same ports, and lists the new processes; the service keeps its environment', async () => {
  const started = installation.start({ PORT: port, BOOTSTRAP_TOKEN: 'first' });
  await untilReady(started);
  const { url } = installation.running().find(({ name }) => name === 'user')!;
  const environment = async (): Promise<unknown> => (await fetch(`${url}/env`)).json();
  const given = await environment();
  // One that has run for a while is replaced by the spare process, which has to be there by then.
  await eventually(async () => Number(await (await fetch(`${url}/age`)).text()) > 6);
  for (const name of ['user', 'postgres']) {
    const before = installation.running().find((entry) => entry.name === name)!;
    process.kill(before.pid, 'SIGKILL');
    const killedAt = performance.now();
    const after = await eventually(() => {
      const now = installation.running().find((entry) => entry.name === name)!;
      return now.pid !== before.pid && now;
    });
    expect(after.url).toBe(before.url);
    if (name === 'user') {
      await eventually(async () => (await fetch(`${after.url}/readyz`)).ok);
      expect(performance.now() - killedAt).toBeLessThan(15_000);
      expect(readFileSync(`/proc/${after.pid}/cmdline`, 'utf8')).toContain('spare.js');
      expect(await environment()).toEqual(given);
    }
  }
  started.process.kill('SIGTERM');
  expect(await started.exit).toBe(0);
});

test('leaves no service behind when it is killed itself, and the next start takes over with all data', async () => {
  const first = installation.start({ PORT: port });
  await untilReady(first);
  const entries = installation.running();
  const secrets = readFileSync(join(installation.dataDir, 'secrets.json'), 'utf8');
  expect(statSync(join(installation.dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
  first.process.kill('SIGKILL');
  await first.exit;
  await eventually(() => expect(alive(entries)).toEqual(['postgres']));
  const second = installation.start({ PORT: port });
  await untilReady(second);
  expect(second.output()).toContain('left behind by an earlier start');
  expect(alive(entries)).toEqual([]);
  expect(readFileSync(join(installation.dataDir, 'secrets.json'), 'utf8')).toBe(secrets);
  second.process.kill('SIGTERM');
  expect(await second.exit).toBe(0);
});

test('kills what does not stop, within ten seconds', async () => {
  const started = installation.start({ PORT: port, STUBBORN: 'true' });
  await untilReady(started);
  const entries = installation.running();
  const askedAt = performance.now();
  started.process.kill('SIGTERM');
  expect(await started.exit).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(10_000);
  expect(alive(entries)).toEqual([]);
});

test('a second Ctrl-C stops at once, but not the one that npm hands on in the same moment', async () => {
  const started = installation.start({ PORT: port, STUBBORN: 'true' });
  await untilReady(started);
  const entries = installation.running();
  const askedAt = performance.now();
  started.process.kill('SIGINT');
  started.process.kill('SIGINT');
  await eventually(() => performance.now() - askedAt > 700);
  expect(alive(entries)).toContain('user');
  started.process.kill('SIGINT');
  await started.exit;
  expect(performance.now() - askedAt).toBeLessThan(4_000);
  expect(alive(entries)).toEqual([]);
});

test('stops cleanly in the middle of its first start', async () => {
  const started = installation.start({ PORT: port });
  await eventually(() => existsSync(join(installation.dataDir, 'postgres.half')) || existsSync(join(installation.dataDir, 'postgres')), { intervalMs: 2 });
  started.process.kill('SIGTERM');
  expect(await started.exit).toBe(0);
  const again = installation.start({ PORT: port });
  await untilReady(again);
  again.process.kill('SIGTERM');
  expect(await again.exit).toBe(0);
});

test('reset refuses while it runs and empties the data afterwards', async () => {
  const started = installation.start({ PORT: port });
  await untilReady(started);
  const refused = installation.start({}, 'reset');
  expect(await refused.exit).toBe(1);
  expect(refused.errors()).toMatch(/already runs .* stop that one first/);
  started.process.kill('SIGTERM');
  await started.exit;
  const done = installation.start({}, 'reset');
  expect(await done.exit).toBe(0);
  expect(existsSync(join(installation.dataDir, 'postgres'))).toBe(false);
  expect(existsSync(join(installation.dataDir, 'secrets.json'))).toBe(false);
});

test('stops when npm, which does not hand its own end on, is gone', async () => {
  // As npm does it: a shell between npm and us, which ends at once and tells nobody.
  const script = join(installation.root, 'supervisor', 'dist', 'main.js');
  const shell = spawn('/bin/sh', ['-c', `"${process.execPath}" "${script}"; true`], {
    env: { PATH: '/usr/bin:/bin', PORT: port, npm_lifecycle_event: 'start' },
    stdio: 'ignore',
  });
  const entries = await eventually(() => installation.running().length === NAMES.length && installation.running());
  shell.kill('SIGTERM');
  await eventually(() => expect(alive(entries)).toEqual([]));
});
