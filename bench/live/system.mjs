// The system as `npm start` runs it, on a port and in a directory of its own, and people who use its public API.
import { fork, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';

const root = resolve(import.meta.dirname, '..', '..');

/** No bound is measured here but those of slow consumers. */
const unbounded = {
  LIVE_SOCKETS_PER_USER: '100000', RATE_LIMIT_PER_MINUTE: '0', RATE_LIMIT_ANONYMOUS_PER_MINUTE: '0', COST_LIMIT_PER_MINUTE: '0', SHED_LAG_MS: '0', SHED_MEMORY_PERCENT: '0',
};

export async function startSystem(port) {
  // A port of its own, so that somebody else's inspector is not taken for the gateway's.
  const inspectPort = port + 5_000;
  const dataDir = mkdtempSync(join(tmpdir(), 'taskgraph-bench-live-'));
  const child = spawn(process.execPath, ['supervisor/start.mjs'], {
    cwd: root, stdio: ['ignore', 'pipe', 'pipe'],
    // As it is deployed: elsewhere packages check their callers.
    env: { ...process.env, NODE_ENV: 'production', TASKGRAPH_SECRET: randomBytes(32).toString('base64'), PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'error', NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --inspect-port=${inspectPort}`, ...unbounded },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const url = `http://127.0.0.1:${port}`;
  const ready = async () => /ready in/.test(output) && (await fetch(`${url}/readyz`).catch(() => null))?.status === 200;
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error(`it did not start:\n${output}`);
    await delay(250);
  }
  const processes = () => JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'));
  return {
    url, port, inspectPort, processes, output: () => output,
    pidOf: (name) => processes().find((process) => process.name === name).pid,
    cpu: () => cpuOf(processes()),
    async stop() {
      const ended = new Promise((done) => child.once('exit', done));
      process.kill(this.pidOf('supervisor'), 'SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Processor time of each process, in seconds; of Postgres what its present connections took, by role. */
function cpuOf(processes) {
  const names = new Map(processes.map(({ pid, name }) => [pid, name]));
  const postgres = processes.find(({ name }) => name === 'postgres')?.pid;
  const seconds = {};
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).map(Number)) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // Behind the name, which may hold anything: state, parent, and as 12th and 13th the ticks of 10 ms.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const name = names.get(pid) ?? (Number(fields[1]) === postgres ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(' ').slice(0, 2).join(' ').replaceAll('\0', '') : undefined);
      if (name) seconds[name] = (seconds[name] ?? 0) + (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {
      // It has ended since.
    }
  }
  return seconds;
}

// `fetch` costs several times as much, on a machine that the system shares.
const dispatcher = new Agent({ connections: 64 });

/** What a busy machine did not answer is asked again, under the same key. */
export async function ask(url, query, variables, token) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...(token ? { authorization: `Bearer ${token}` } : {}) };
  for (let tries = 0; ; tries += 1) {
    const { body } = await request(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }), dispatcher });
    const { data, errors } = await body.json();
    if (!errors) return data;
    const passing = errors.every(({ extensions }) => ['SUBGRAPH_UNAVAILABLE', 'OVERLOADED'].includes(extensions?.code));
    if (!passing || tries === 20) throw new Error(JSON.stringify(errors));
    await delay(250 * (tries + 1));
  }
}

/** People, the projects of the first of them with all as members, and tasks. */
export async function makePlaces({ url }, { people, projects, tasks }) {
  const persons = [];
  for (let index = 0; index < people; index += 1) {
    const handle = `bench${index}`;
    const input = { handle, name: handle, email: `${handle}@example.org`, password: `password of ${handle}`, timeZone: 'UTC' };
    const { register } = await ask(url, 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken user { id } } }', { input });
    persons.push({ id: register.user.id, token: register.accessToken });
  }
  const [owner] = persons;
  const places = await Promise.all(
    Array.from({ length: projects }, async (_, index) => {
      const { createProject } = await ask(url, 'mutation ($key: String!) { createProject(input: { key: $key, name: $key }) { project { id } } }', { key: `P${String(index).padStart(2, '0')}` }, owner.token);
      const { id } = createProject.project;
      for (const { id: userId } of persons.slice(1)) await ask(url, 'mutation ($p: ID!, $u: ID!) { addProjectMember(input: { projectId: $p, userId: $u }) { project { id } } }', { p: id, u: userId }, owner.token);
      const ids = [];
      // The first two are those in which much happens at once.
      for (const count = index < 2 ? tasks : 10; ids.length < count; ) {
        const title = `Task ${ids.length} of a project that people look at`;
        ids.push((await ask(url, 'mutation ($p: ID!, $t: String!) { createTask(input: { projectId: $p, title: $t }) { task { id } } }', { p: id, t: title }, owner.token)).createTask.task.id);
      }
      return { id, tasks: ids };
    }),
  );
  return { persons, owner, places };
}

/** A child process that is told by messages and answers each. */
export function startChild(file) {
  const child = fork(join(import.meta.dirname, file), { stdio: 'inherit' });
  const waiting = new Map();
  let count = 0;
  const first = new Promise((done) => child.once('message', done));
  child.on('message', ({ id, error, ...result }) => {
    const wait = waiting.get(id);
    waiting.delete(id);
    if (error) wait?.reject(new Error(error));
    else wait?.resolve(result);
  });
  return {
    child, first,
    tell: (command, given = {}) => new Promise((resolvePromise, reject) => {
      count += 1;
      waiting.set(count, { resolve: resolvePromise, reject });
      child.send({ id: count, command, ...given });
    }),
    stop: () => void (child.connected && child.disconnect()),
  };
}
