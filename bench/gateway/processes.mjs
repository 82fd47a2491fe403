// Processes of a run: started, waited for, what they use of the machine, and ended.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Ticks of /proc/PID/stat in a second: fixed in Linux' interface to programs. */
const ticks = 100;

export function startProcess(name, command, args, { env, cwd, ipc = false } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? ['ipc'] : [])] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output = (output + chunk).slice(-20_000)));
  const ended = new Promise((done) => child.once('exit', done));
  child.once('error', (error) => (output += error));
  return {
    name, child, pid: child.pid, output: () => output,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      child.kill('SIGTERM');
      const stubborn = setTimeout(() => child.kill('SIGKILL'), 12_000);
      await ended;
      clearTimeout(stubborn);
    },
  };
}

/** Until `ready` answers true; throws with what the process said when it ends or five minutes pass. */
export async function untilReady(started, ready) {
  for (const until = Date.now() + 300_000; ; await delay(100)) {
    if (await ready().catch(() => false)) return;
    if (started.child.exitCode !== null || started.pid === undefined || Date.now() > until) throw new Error(`${started.name} did not start:\n${started.output()}`);
  }
}

/** The next message of a child process; rejects when it ends before. */
export function firstMessage({ child, name, output }) {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error(`the ${name} ended:\n${output()}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}

/** The process and all that it started. */
function family(pid) {
  const parents = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = statOf(entry);
    if (stat) parents.set(Number(entry), Number(stat[1]));
  }
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found;
}

/** From the state on, behind the name, which may hold anything; undefined for a process that is gone. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** CPU time so far in seconds and resident memory in MB, of the process and all that it started; Linux only. */
export function usageOf(pid) {
  let cpu = 0;
  let pages = 0;
  for (const one of family(pid)) {
    const stat = statOf(one);
    if (!stat) continue;
    // Its own, and that of children which have ended.
    cpu += (Number(stat[11]) + Number(stat[12]) + Number(stat[13]) + Number(stat[14])) / ticks;
    pages += Number(stat[21]);
  }
  return { cpu, rss: (pages * 4096) / 1_048_576 };
}

export function medianOf(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
