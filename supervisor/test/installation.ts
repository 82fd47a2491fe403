import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removePlace } from '@taskgraph/shared/embedded-postgres/place';
import { isRunning } from '@taskgraph/shared/embedded-postgres/leftover';
import { eventually } from '@taskgraph/shared/testing/eventually';
import type { RunEntry } from '../src/run-file.js';

const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, '..', '..');

export interface Started {
  process: ChildProcess;
  output: () => string;
  errors: () => string;
  exit: Promise<number | string | null>;
}

export interface Installation {
  root: string;
  dataDir: string;
  start: (env?: Record<string, string>, script?: string) => Started;
  running: () => RunEntry[];
  remove: () => void;
}

/** A folder laid out like the repository, with the built supervisor and a tiny stand-in for each service. */
export function makeInstallation(): Installation {
  const root = mkdtempSync(join(tmpdir(), 'taskgraph-installation-'));
  // Root's Postgres runs as another account, which has to get in.
  chmodSync(root, 0o755);
  cpSync(join(here, '..', 'dist'), join(root, 'supervisor', 'dist'), { recursive: true });
  copyFileSync(join(here, '..', 'package.json'), join(root, 'supervisor', 'package.json'));
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  for (const service of ['gateway', ...['user', 'project', 'task', 'channel', 'stats'].map((name) => `subgraphs/${name}`)]) {
    mkdirSync(join(root, service, 'dist'), { recursive: true });
    cpSync(join(here, '..', 'package.json'), join(root, service, 'package.json'));
    copyFileSync(join(here, 'fixtures', 'service.mjs'), join(root, service, 'dist', 'main.js'));
  }
  const dataDir = join(root, '.data');
  const all: Started[] = [];
  return {
    root,
    dataDir,
    start: (env = {}, script = 'main') => {
      const started = run(join(root, 'supervisor', 'dist', `${script}.js`), env);
      all.push(started);
      return started;
    },
    running: () => JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as RunEntry[],
    remove: () => {
      for (const { process: child } of all) child.kill('SIGKILL');
      removePlace(join(dataDir, 'postgres'));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function run(script: string, env: Record<string, string>): Started {
  const child = spawn(process.execPath, [script], { env: { PATH: '/usr/bin:/bin', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exit = new Promise<number | string | null>((done) => child.once('close', (code, signal) => done(code ?? signal)));
  return { process: child, output: () => output, errors: () => errors, exit };
}

export async function untilReady(started: Started): Promise<void> {
  let ended = false;
  void started.exit.then(() => (ended = true));
  await eventually(
    () => {
      if (ended) throw new Error(`ended early: ${started.errors()}`);
      return /^ready in /m.test(started.output());
    },
    { timeoutMs: 40_000 },
  );
}

export const alive = (entries: RunEntry[]): string[] => entries.filter(({ pid }) => isRunning(pid)).map(({ name }) => name);

