// Hears that one import got on: a long poll of the task subgraph, as the viewer, for as long as somebody listens. All that one
// person follows of an import, in however many windows, is one poll.
import { setTimeout as delay } from 'node:timers/promises';
import type { Viewer } from '@taskgraph/shared/identity';
import { Agent, request } from 'undici';
import { z } from 'zod';

export interface ImportWakeupsOptions {
  /** The task subgraph's address. */
  url: string;
  identity: (viewer: Viewer) => Promise<string>;
}

export interface ImportWakeups {
  /** Calls `wake` whenever the import may have got on; answers the undo. */
  listen(viewer: Viewer, id: string, wake: () => void): () => void;
  stop(): Promise<void>;
}

/** How long one request waits for news, and what is allowed on top of it, in milliseconds. */
const waitMs = 20_000;
const graceMs = 5_000;
const backoffMs = 1_000;

const answer = z.object({ mark: z.string() });

export function createImportWakeups({ url, identity }: ImportWakeupsOptions): ImportWakeups {
  const agent = new Agent({ headersTimeout: waitMs + graceMs, bodyTimeout: graceMs, connect: { timeout: 2_000 } });
  const polls = new Map<string, { wakes: Set<() => void>; stopping: AbortController }>();

  async function follow(viewer: Viewer, id: string, wakes: Set<() => void>, signal: AbortSignal): Promise<void> {
    let seen = '';
    while (!signal.aborted) {
      try {
        const target = new URL(`/internal/imports/${encodeURIComponent(id)}/moves?wait=${waitMs}&seen=${encodeURIComponent(seen)}`, url);
        const { statusCode, body } = await request(target, { dispatcher: agent, signal, headers: { authorization: `Bearer ${await identity(viewer)}` } });
        if (statusCode !== 200) {
          await body.dump();
          throw new Error(`the task subgraph answered ${statusCode}`);
        }
        const { mark } = answer.parse(await body.json());
        if (mark === seen) continue;
        seen = mark;
        for (const wake of wakes) wake();
      } catch {
        // Away: whoever listens meets that itself, and nothing is missed, since the next answer differs from what was seen.
        await delay(backoffMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  return {
    listen(viewer, id, wake) {
      // What the subgraph is told of a person, whichever of their sessions asks.
      const key = JSON.stringify([viewer.id, viewer.role, viewer.scopes ?? '*', id]);
      let poll = polls.get(key);
      if (!poll) {
        poll = { wakes: new Set(), stopping: new AbortController() };
        polls.set(key, poll);
        void follow(viewer, id, poll.wakes, poll.stopping.signal);
      }
      const { wakes, stopping } = poll;
      // The same function may listen twice.
      const mine = () => wake();
      wakes.add(mine);
      return () => {
        wakes.delete(mine);
        if (wakes.size > 0) return;
        if (polls.get(key)?.wakes === wakes) polls.delete(key);
        stopping.abort();
      };
    },
    async stop() {
      for (const { stopping } of polls.values()) stopping.abort();
      await agent.destroy();
    },
  };
}
