// What has ended although its access token still lives: sessions, API tokens, accounts, and roles that have changed. Heard from
// the log of the user subgraph and kept for as long as an access token can live.
import { setTimeout as delay } from 'node:timers/promises';
import type { Viewer } from '@taskgraph/shared/identity';
import type { Logger } from 'pino';
import { z } from 'zod';

export interface Revocations {
  /** The viewer with the role they have now; null when session, API token or account has ended. */
  judge<V extends Viewer>(viewer: V): V | null;
  /** Resolves once what happened before this process began is known; gives up after three seconds, since access tokens go on by JWKS. */
  caughtUp(): Promise<void>;
  /** Called after each news; answers how to stop. */
  onNews(listener: () => void): () => void;
  stop(): Promise<void>;
}

export interface RevocationOptions {
  /** GET of an address of the user subgraph: the parsed body, or a throw. */
  ask: (path: string) => Promise<unknown>;
  logger: Logger;
}

/** Access tokens live an hour at most, and clocks differ. */
const memoryMs = 65 * 60_000;
const patienceMs = 3_000;
const firstBackoffMs = 100;
/** A subgraph that comes back is heard again well within the five seconds after which a revocation must hold. */
const lastBackoffMs = 1_000;

const pageModel = z.object({ events: z.array(z.object({ type: z.string(), payload: z.unknown() })), next: z.string(), more: z.boolean() });
const account = z.object({ userId: z.string(), role: z.enum(['ADMIN', 'MEMBER']) });
const ended = z.object({ sessionIds: z.array(z.string()), apiTokenIds: z.array(z.string()) });

export function createRevocations({ ask, logger }: RevocationOptions): Revocations {
  const sessions = new Fading<true>();
  const users = new Fading<'gone' | 'back'>();
  const roles = new Fading<Viewer['role']>();
  const listeners = new Set<() => void>();
  const stopping = new AbortController();
  let known: () => void = () => undefined;
  let isKnown = false;
  const firstRead = new Promise<void>((resolve) => {
    known = () => {
      isKnown = true;
      resolve();
    };
  });
  let patience: Promise<unknown> | undefined;

  const reactions: Record<string, (payload: unknown) => void> = {
    'user.sessions-revoked': (payload) => {
      const { sessionIds, apiTokenIds } = ended.parse(payload);
      for (const id of [...sessionIds, ...apiTokenIds]) sessions.set(id, true);
    },
    'user.deactivated': (payload) => users.set(account.parse(payload).userId, 'gone'),
    'user.reactivated': (payload) => users.set(account.parse(payload).userId, 'back'),
    'user.updated': (payload) => {
      const { userId, role } = account.parse(payload);
      roles.set(userId, role);
    },
  };

  async function follow(): Promise<void> {
    const types = Object.keys(reactions).join(',');
    const since = new Date(Date.now() - memoryMs).toISOString();
    let after = '';
    let backoff = firstBackoffMs;
    while (!stopping.signal.aborted) {
      try {
        const page = pageModel.parse(await ask(`/internal/events?after=${after}&limit=500&wait=10000&types=${types}&since=${after === '' ? since : ''}`.replace(/&since=$/, '')));
        for (const { type, payload } of page.events) reactions[type]?.(payload);
        after = page.next;
        if (!page.more) known();
        if (page.events.length > 0) for (const listener of listeners) listener();
        backoff = firstBackoffMs;
      } catch (error) {
        if (stopping.signal.aborted) return;
        // Said once per outage, not at each try.
        logger[backoff === firstBackoffMs ? 'warn' : 'debug']({ err: error }, 'revocations cannot be heard from the user subgraph');
        await delay(backoff, undefined, { signal: stopping.signal }).catch(() => undefined);
        backoff = Math.min(backoff * 2, lastBackoffMs);
      }
    }
  }
  void follow();

  return {
    judge(viewer) {
      if (sessions.get(viewer.sessionId) || users.get(viewer.id) === 'gone') return null;
      const role = roles.get(viewer.id);
      return role && role !== viewer.role ? { ...viewer, role } : viewer;
    },
    async caughtUp() {
      if (isKnown) return;
      patience ??= delay(patienceMs, undefined, { ref: false });
      await Promise.race([firstRead, patience]);
    },
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      stopping.abort();
      known();
    },
  };
}

/** Remembers each entry for `memoryMs` after it was last set. */
class Fading<T> {
  readonly #entries = new Map<string, { value: T; until: number }>();
  set(key: string, value: T): void {
    const now = performance.now();
    // Map keeps the order of insertion, so the first entries are the oldest.
    for (const [old, { until }] of this.#entries) {
      if (until > now) break;
      this.#entries.delete(old);
    }
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: now + memoryMs });
  }
  get(key: string): T | undefined {
    return this.#entries.get(key)?.value;
  }
}
