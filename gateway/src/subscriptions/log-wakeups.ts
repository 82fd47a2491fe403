// One stream from a subgraph for the whole process, telling whose logs moved. It carries no content: whoever is woken asks
// again as itself. Lost lines are made good by waking everybody after each (re)connection.
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Agent, request } from 'undici';
import { z } from 'zod';
import type { Wake } from './wake-signal.js';

/** What a subscription listens for. `scope` takes a scope id (see shared/scope.ts), the others bare ids. */
export type WakeKey = `scope:${string}` | `user:${string}` | `task:${string}`;

export interface LogWakeups {
  /** Calls `wake` whenever that log may have moved, with the trace of what moved it; answers the undo. */
  listen(key: WakeKey, wake: Wake): () => void;
  stop(): Promise<void>;
}

export interface LogWakeupsOptions {
  /** The subgraph, and its address. */
  name: string;
  url: string;
  /** Open only while somebody listens, for a log that is looked at for this stream alone. */
  onDemand?: boolean;
  /** A fresh internal identity token of the gateway itself. */
  identity: () => Promise<string>;
  logger: Logger;
  /** The subgraph sends a heartbeat every 5 s; silent for longer than this, the connection is made anew. */
  silenceMs?: number;
}

const firstBackoffMs = 100;
const lastBackoffMs = 2_000;

const ids = z.array(z.string()).default([]);
const line = z.object({ scopes: ids, users: ids, tasks: ids, traces: z.record(z.string(), z.string()).default({}) });

export function createLogWakeups({ name, url, onDemand = false, identity, logger, silenceMs = 12_000 }: LogWakeupsOptions): LogWakeups {
  const listeners = new Map<string, Set<Wake>>();
  const stopping = new AbortController();
  /** Ends the stream, and the wait for somebody who listens. */
  let turn = new AbortController();
  const agent = new Agent({ connections: 1, bodyTimeout: 0, headersTimeout: silenceMs, connect: { timeout: 2_000 } });

  const wakeKey = (key: WakeKey, trace: string | undefined) => listeners.get(key)?.forEach((wake) => wake(trace));
  const wakeAll = () => listeners.forEach((set) => set.forEach((wake) => wake()));

  function take(text: string): void {
    if (text.trim() === '') return;
    const { scopes, users, tasks, traces } = line.parse(JSON.parse(text));
    for (const id of scopes) wakeKey(`scope:${id}`, traces[id]);
    for (const id of users) wakeKey(`user:${id}`, traces[id]);
    for (const id of tasks) wakeKey(`task:${id}`, traces[id]);
  }

  /** Reads until the stream ends or breaks. */
  async function readStream(opened: () => void): Promise<void> {
    const silent = new AbortController();
    const watchdog = setTimeout(() => silent.abort(new Error(`nothing heard for ${silenceMs} ms`)), silenceMs);
    try {
      const { statusCode, body } = await request(new URL('/internal/wakeups', url), {
        dispatcher: agent,
        headers: { authorization: `Bearer ${await identity()}`, accept: 'application/x-ndjson' },
        signal: AbortSignal.any([stopping.signal, turn.signal, silent.signal]),
      });
      if (statusCode !== 200) {
        await body.dump();
        throw new Error(`the ${name} subgraph answered ${statusCode}`);
      }
      let rest = '';
      let first = true;
      body.setEncoding('utf8');
      for await (const chunk of body as AsyncIterable<string>) {
        watchdog.refresh();
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() as string;
        if (first && lines.length > 0) {
          // The first line says that everything from here on will be told; what came before it is looked for now.
          first = false;
          opened();
          wakeAll();
        }
        lines.forEach(take);
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  async function run(): Promise<void> {
    let backoff = firstBackoffMs;
    const opened = () => {
      logger.info(`connected to the wake-up stream of the ${name} subgraph`);
      backoff = firstBackoffMs;
    };
    while (!stopping.signal.aborted) {
      if (onDemand && listeners.size === 0) {
        await wanted();
        continue;
      }
      try {
        await readStream(opened);
      } catch (error) {
        if (turn.signal.aborted) {
          turn = new AbortController();
          continue;
        }
        // Said once per outage, not at each try.
        if (!stopping.signal.aborted) logger[backoff === firstBackoffMs ? 'warn' : 'debug']({ err: error }, `no wake-up stream from the ${name} subgraph`);
      }
      // Jitter spreads several gateways over a restart of the task subgraph.
      await delay(backoff * (0.5 + Math.random() / 2), undefined, { signal: stopping.signal }).catch(() => undefined);
      backoff = Math.min(backoff * 2, lastBackoffMs);
    }
  }
  let want: () => void = () => undefined;
  const wanted = () => new Promise<void>((resolve) => (want = resolve));
  const running = run();

  return {
    listen(key, wake) {
      const set = listeners.get(key) ?? new Set();
      listeners.set(key, set.add(wake));
      want();
      return () => {
        set.delete(wake);
        if (set.size === 0 && listeners.get(key) === set) listeners.delete(key);
        if (onDemand && listeners.size === 0) turn.abort();
      };
    },
    async stop() {
      stopping.abort();
      want();
      await running;
      await agent.destroy();
    },
  };
}
