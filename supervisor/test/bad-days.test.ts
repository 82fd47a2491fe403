import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@taskgraph/shared/testing/ports';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Installation, makeInstallation, untilReady } from './installation.js';

let installation: Installation;
let PORT: string;

beforeEach(async () => {
  installation = makeInstallation();
  PORT = String(await freePort());
});
afterEach(() => installation.remove());

/** Starts, expects it to give up, and returns what it said on stderr: no stack, no second thought. */
async function complaint(env: Record<string, string>): Promise<string> {
  const started = installation.start({ PORT, ...env });
  expect(await started.exit).toBe(1);
  expect(started.errors()).not.toMatch(/^\s+at /m);
  expect(existsSync(join(installation.dataDir, 'run.json'))).toBe(false);
  return started.errors();
}

const oneSentence = (text: string): void => expect(text.trim().split('\n')).toHaveLength(1);

test('a port that is taken', async () => {
  const squatter = createServer().listen(Number(PORT), '127.0.0.1');
  const said = await complaint({});
  squatter.close();
  oneSentence(said);
  expect(said).toMatch(new RegExp(`Port ${PORT} .* is taken .* set PORT`));
});

test('data from another major version of Postgres', async () => {
  const data = join(installation.dataDir, 'postgres');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'PG_VERSION'), '15\n');
  writeFileSync(join(installation.dataDir, 'secrets.json'), JSON.stringify({ secret: 's'.repeat(43), postgresPassword: 'p'.repeat(43) }));
  const said = await complaint({});
  oneSentence(said);
  expect(said).toMatch(/written by Postgres 15 .* nothing was changed/);
  expect(readFileSync(join(data, 'PG_VERSION'), 'utf8')).toBe('15\n');
});

test('data whose secrets are lost', async () => {
  mkdirSync(join(installation.dataDir, 'postgres'), { recursive: true });
  writeFileSync(join(installation.dataDir, 'postgres', 'PG_VERSION'), '18\n');
  const said = await complaint({});
  oneSentence(said);
  expect(said).toMatch(/secrets\.json is missing .* restore it/);
  expect(existsSync(join(installation.dataDir, 'secrets.json'))).toBe(false);
});

test('a data directory that cannot be written', async () => {
  writeFileSync(join(installation.root, 'file'), '');
  const said = await complaint({ DATA_DIR: 'file/data' });
  oneSentence(said);
  expect(said).toMatch(/data directory .* is not writable .* set DATA_DIR/);
});

test('a second start on the same data', async () => {
  const first = installation.start({ PORT });
  await untilReady(first);
  const second = installation.start({ PORT: String(await freePort()) });
  expect(await second.exit).toBe(1);
  oneSentence(second.errors());
  expect(second.errors()).toMatch(new RegExp(`already runs on .* \\(process ${first.process.pid}\\)`));
  expect(existsSync(join(installation.dataDir, 'run.json'))).toBe(true);
  first.process.kill('SIGTERM');
  expect(await first.exit).toBe(0);
});

test('a database server that does not answer', async () => {
  const said = await complaint({ DATABASE_URL: 'postgres://me:hidden@127.0.0.1:9/taskgraph' });
  oneSentence(said);
  expect(said).toMatch(/No Postgres answers at 127\.0\.0\.1:9 \(DATABASE_URL/);
  expect(said).not.toContain('hidden');
});

test('a Redis that is named and away', async () => {
  const said = await complaint({ REDIS_URL: 'redis://:hidden@127.0.0.1:9' });
  oneSentence(said);
  expect(said).toMatch(/No Redis answers at 127\.0\.0\.1:9 \(REDIS_URL, ECONNREFUSED\)/);
  expect(said).not.toContain('hidden');
});

test('production without a secret, told together with every other wrong setting', async () => {
  const said = await complaint({ NODE_ENV: 'production', DATABASE_URL: 'mysql://db' });
  expect(said).toMatch(/TASKGRAPH_SECRET: is required when NODE_ENV=production/);
  expect(said).toMatch(/DATABASE_URL: must be an address such as postgres:/);
});

test('a service that does not start', async () => {
  writeFileSync(join(installation.root, 'subgraphs', 'task', 'dist', 'main.js'), "console.error('no such thing'); process.exit(1);");
  const said = await complaint({});
  expect(said).toMatch(/^\[task\] no such thing$/m);
  expect(said).toMatch(/^task(-worker)? does not start: its own lines above/m);
});

test('a Node that is too old, and packages that are not installed', () => {
  const start = join(installation.root, 'supervisor', 'start.mjs');
  copyFileSync(join(dirname(fileURLToPath(import.meta.url)), '..', 'start.mjs'), start);
  const pretend = join(installation.root, 'old-node.cjs');
  writeFileSync(pretend, "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });");
  const old = spawnSync(process.execPath, ['--require', pretend, start], { encoding: 'utf8' });
  expect(old.status).toBe(1);
  expect(old.stderr).toBe('Taskgraph needs Node 20.19 or newer and this is 18.20.4: install a newer Node from https://nodejs.org.\n');
  rmSync(join(installation.root, 'node_modules'));
  const bare = spawnSync(process.execPath, [start], { encoding: 'utf8' });
  expect(bare.status).toBe(1);
  expect(bare.stderr).toMatch(/run npm ci/);
});
