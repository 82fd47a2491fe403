import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isRunning } from '../src/embedded-postgres/leftover.js';
import { placesOf, removePlace } from '../src/embedded-postgres/place.js';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from '../src/embedded-postgres/start.js';
import { StartError } from '../src/start-error.js';
import { eventually } from '../src/testing/eventually.js';

const password = 'correct horse';
const asRoot = process.getuid?.() === 0;
let dir: string;
let running: EmbeddedPostgres[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'taskgraph-embedded-'));
  // What mkdtemp makes is 0700; a clone is normally open to pass through.
  chmodSync(dir, 0o755);
  running = [];
});

afterEach(async () => {
  for (const server of running) await server.stop();
  removePlace(join(dir, 'data'));
  rmSync(dir, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: join(dir, 'data'), password, durable: false, ...options });
  running.push(server);
  return server;
}

async function query(server: EmbeddedPostgres, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(server.adminUrl('postgres'));
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

test('keeps its data from one start to the next', async () => {
  const first = await start();
  await query(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();
  expect(isRunning(first.pid())).toBe(false);
  expect(await query(await start(), 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('is UTF-8, sorts by code point, folds case beyond ASCII, listens on loopback only and wants the password', async () => {
  const server = await start();
  const [row] = await query(server, `
    SELECT current_setting('server_encoding') AS encoding, 'a' < 'B' AS dictionary, lower('ÉÄ') AS lower,
      current_setting('listen_addresses') AS listen, current_setting('unix_socket_directories') AS sockets`);
  expect(row).toEqual({ encoding: 'UTF8', dictionary: false, lower: 'éä', listen: '127.0.0.1', sockets: '' });
  const stranger = new pg.Client(server.adminUrl('postgres').replace(/:[^:@]+@/, ':wrong@'));
  await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' });
});

test('is durable unless a test says otherwise', async () => {
  const server = await start({ durable: true });
  const [row] = await query(server, "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit");
  expect(row).toEqual({ fsync: 'on', commit: 'on' });
});

test('is started again on the same port when it dies', async () => {
  let restarted: number | undefined;
  const server = await start({ onRestart: (pid) => (restarted = pid) });
  const before = server.pid();
  process.kill(before, 'SIGKILL');
  await eventually(() => restarted ?? null);
  expect(server.pid()).toBe(restarted);
  expect(server.pid()).not.toBe(before);
  expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('stops the server that an earlier start left behind, and finds its data', async () => {
  // A process that is killed while its Postgres runs, as a supervisor killed with SIGKILL is.
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('../dist/embedded-postgres/start.js', import.meta.url).href)});
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(join(dir, 'data'))}, password: ${JSON.stringify(password)}, durable: false });
    console.log(server.pid());
    process.kill(process.pid, 'SIGKILL');`;
  const output = runToItsDeath(script);
  const left = Number(output);
  expect(isRunning(left)).toBe(true);
  const said: string[] = [];
  const server = await start({ say: (line) => said.push(line) });
  expect(isRunning(left)).toBe(false);
  expect(said.join()).toContain(String(left));
  expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('ignores a postmaster.pid whose process is something else by now', async () => {
  const first = await start();
  await first.stop();
  writeFileSync(join(first.dataDir, 'postmaster.pid'), `${process.ppid}\n${first.dataDir}\n`);
  expect(await query(await start(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('refuses data of another major version in one sentence and leaves it alone', async () => {
  const data = join(dir, 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'PG_VERSION'), '14\n');
  await expect(start()).rejects.toThrow(/written by Postgres 14 .* brings Postgres 18/);
  expect(readFileSync(join(data, 'PG_VERSION'), 'utf8')).toBe('14\n');
});

test('refuses a directory that holds something else', async () => {
  mkdirSync(join(dir, 'data'));
  writeFileSync(join(dir, 'data', 'photo.jpg'), '');
  await expect(start()).rejects.toThrow(/is not empty and holds no Postgres data/);
  expect(existsSync(join(dir, 'data', 'photo.jpg'))).toBe(true);
});

test('says which password does not fit when the kept one is lost', async () => {
  await (await start()).stop();
  const failing = start({ password: 'another' });
  await expect(failing).rejects.toThrow(StartError);
  await expect(failing).rejects.toThrow(/does not accept the kept password/);
});

test('finishes a first start that was interrupted', async () => {
  mkdirSync(join(dir, 'data.half', 'cluster'), { recursive: true });
  writeFileSync(join(dir, 'data.half', 'cluster', 'PG_VERSION'), '18\n');
  expect(await query(await start(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(existsSync(join(dir, 'data.half'))).toBe(false);
});

describe.runIf(asRoot)('as root', () => {
  test('runs under an unprivileged account that owns the data, nobody else reads it', async () => {
    const server = await start();
    const { uid, mode } = statSync(server.dataDir);
    expect(uid).not.toBe(0);
    expect(mode & 0o777).toBe(0o700);
    expect(readFileSync(`/proc/${server.pid()}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\s+${uid}\\s+${uid}`, 'm'));
  });

  test('keeps data and programs outside a clone that the account cannot enter, says so, and removes them', async () => {
    chmodSync(dir, 0o700);
    const said: string[] = [];
    const { home, away } = placesOf(join(dir, 'data'));
    const server = await start({ say: (line) => said.push(line) });
    expect(server.dataDir).toBe(join(away, 'data'));
    expect(said.join()).toContain(away);
    expect(statSync(away).mode & 0o777).toBe(0o700);
    await query(server, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await server.stop();
    const again = await start();
    expect(await query(again, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await again.stop();
    removePlace(home);
    expect(existsSync(away)).toBe(false);
  });
});

test('says when the data directory cannot be written to', async () => {
  // Root may write everywhere but below a file; everybody else is refused by the mode.
  const place = join(dir, 'closed');
  if (asRoot) writeFileSync(place, '');
  else mkdirSync(place, { mode: 0o500 });
  await expect(start({ dataDir: join(place, 'data') })).rejects.toThrow(/is not writable .* set DATA_DIR/);
});

function runToItsDeath(script: string): string {
  try {
    return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
