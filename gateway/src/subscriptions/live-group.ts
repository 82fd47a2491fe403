// All subscriptions that ask the same of one log and stand at its end: one place, and one run per movement for all of them.
// Where the selection is the same for everybody who sees the scope, its members may be different people: the run is then one
// of them asking, and before anything is sent the owner of the scope says who of the others still sees it. Else they are one
// person's. Members that fall behind, lose the scope or differ go on by themselves (live-log.ts).
import { setTimeout as delay } from 'node:timers/promises';
import { inShortSpan, underTrace } from '@taskgraph/shared/tracing/spans';
import type { GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../context.js';
import type { LiveQuery } from './live-query.js';
import { eventItem, internalError, type LiveEvent, type Step } from './live-steps.js';
import type { Item, Outlet } from './outlet.js';
import type { WakeSignal } from './wake-signal.js';

export interface Member {
  context: GatewayContext;
  outlet: Outlet;
  /** Behind what it was told last; while it is in a group, the group's place counts instead. */
  place: string;
  /** When its last own look at the log began and ended. */
  looked: { began: number; ended: number };
  /** What it may have been told beyond the group's place. */
  had: Set<string>;
  /** What came while it reads the log once more to join; null once it has. */
  pending: Item[] | null;
  /** It goes on alone from `place`, until it joins again; `behind` where it was too slow. */
  goAlone(behind: boolean): void;
  finish(errors?: readonly GraphQLFormattedError[]): void;
}

export interface GroupOptions {
  query: LiveQuery;
  /** Runs a page as this person. */
  page(context: GatewayContext, place: string, size: number): Promise<Step>;
  /** Present where members may be different people. */
  shared: SharedScope | undefined;
  signal: WakeSignal;
  stop: AbortSignal;
  /** Told of what nobody expects; the members are ended then. */
  broke(error: unknown): void;
}

export interface SharedScope {
  /** Which of these people see the scope now; throws where that cannot be said. */
  whoMay(viewerIds: string[]): Promise<Set<string>>;
  /** Whether this change is the same for all of them: its task is there, in this scope. */
  isSame(event: LiveEvent): boolean;
}

export interface Group {
  /** Nobody has to be asked for before joining. */
  empty(): boolean;
  /** Whether the group has read on to the end since `since`, or is empty. Joining is safe in the same tick only. */
  isSettledSince(since: number): boolean;
  /** Resolves when it had. Whoever joins asks once more: somebody else may have founded it meanwhile, at a place before theirs. */
  settledSince(since: number): Promise<void>;
  add(member: Member): void;
  remove(member: Member): void;
  /** The same, but it goes on alone from where it is. */
  putOut(member: Member): void;
  /** The first member brings its place; `unread` where it has not looked at what lies behind that yet. */
  found(member: Member, unread: boolean): void;
  /** Members that have joined; none while the log is read or somebody waits for that. */
  resting(): number;
}

/** Most changes read at once. */
export const pageSize = 500;
export const firstBackoffMs = 100;
export const lastBackoffMs = 2_000;
/** People for whom a page is read at the same time, where it differs for them. */
const atOnce = 8;

const idOf = ({ viewer }: GatewayContext): string => viewer?.id ?? '';
/** Everything about a person that an answer may depend on. */
export const viewerKey = ({ viewer }: GatewayContext): string => JSON.stringify(viewer && [viewer.id, viewer.role, viewer.sessionId, viewer.scopes ?? '*']);

export function createGroup({ query, page, shared, signal, stop, broke }: GroupOptions): Group {
  const members = new Set<Member>();
  let place = '';
  /** Counts its foundations: what was read for those who are gone says nothing of where the next ones stand. */
  let founded = 0;
  let settledAt = 0;
  let running = false;
  let waiting = false;
  let waiters: (() => void)[] = [];

  function leave(member: Member, at: string, behind = false): void {
    // Somebody else may have put it out since it was picked.
    if (!members.delete(member)) return;
    // Who is still joining knows its own place and goes on by itself anyway.
    if (member.pending) member.pending = null;
    else {
      member.place = at;
      member.goAlone(behind);
    }
  }

  function deliver(member: Member, items: readonly Item[], from: string): void {
    // Without those that it read by itself.
    const news = member.had.size === 0 ? items : items.filter(({ cursor }) => !member.had.delete(cursor));
    if (member.pending) {
      member.pending.push(...news);
      if (member.pending.length > pageSize) leave(member, from);
      return;
    }
    const taken = member.outlet.offer(news);
    if (taken === news.length) return;
    // Up to the first that was not taken all is told or known.
    const missed = items.indexOf(news[taken] as Item);
    leave(member, missed === 0 ? from : (items[missed - 1] as Item).cursor, true);
  }

  const push = (changes: number, work: () => void) => inShortSpan('push', { 'taskgraph.subscribers': members.size, 'taskgraph.changes': changes }, work);

  /** These changes as each person sees them; without an entry for whom they could not be read. */
  async function readForEach(cursors: Set<string>, viewers: Map<string, GatewayContext>): Promise<Map<string, Map<string, Item>>> {
    const result = new Map<string, Map<string, Item>>();
    const left = [...viewers];
    const read = async () => {
      for (let next = left.pop(); next; next = left.pop()) {
        const [id, context] = next;
        const step = await page(context, place, pageSize);
        if (step.kind !== 'moved') continue;
        const own = new Map(step.events.map((event) => [event.cursor, event]));
        if ([...cursors].every((cursor) => own.has(cursor))) result.set(id, new Map([...cursors].map((cursor) => [cursor, eventItem(query, own.get(cursor) as LiveEvent)])));
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, left.length) }, read));
    return result;
  }

  /** Answers how long to wait before the same again, or whether the log goes on. */
  async function step(): Promise<{ againInMs: number } | { more: boolean }> {
    const [leader] = members;
    if (!leader) return { more: false };
    const from = place;
    const foundation = founded;
    const outcome = await page(leader.context, from, pageSize);
    if (foundation !== founded) return { more: true };
    if (outcome.kind === 'away') return { againInMs: outcome.retryAfterMs };
    if (!shared) {
      if (outcome.kind === 'failed') finishAll(outcome.errors);
      else {
        const items = outcome.events.map((event) => eventItem(query, event));
        push(items.length, () => {
          for (const member of members) deliver(member, items, from);
        });
        place = outcome.place;
        if (outcome.ended) finishAll();
      }
      return { more: outcome.kind === 'moved' && outcome.more };
    }

    // What is refused to one says nothing about the others: they go on, and this one hears by itself why.
    if (outcome.kind === 'failed' || outcome.ended) {
      leave(leader, from);
      return { more: true };
    }
    // A page without events may pass the loss of somebody else, which is shown to that person alone.
    if (outcome.events.length > 0 || outcome.place !== from) {
      const asked = new Set([...members].map(({ context }) => idOf(context)));
      const allowed = await shared.whoMay([...asked]).catch(() => null);
      if (foundation !== founded) return { more: true };
      if (!allowed) return { againInMs: 0 };
      // Read as somebody who has lost the scope by now.
      if (!allowed.has(idOf(leader.context))) {
        leave(leader, from);
        return { more: true };
      }
      const special = new Set(outcome.events.filter((event) => !shared.isSame(event)).map(({ cursor }) => cursor));
      const items = outcome.events.map((event) => (special.has(event.cursor) ? null : eventItem(query, event)));
      const viewers = new Map([...members].flatMap(({ context }) => (allowed.has(idOf(context)) ? [[viewerKey(context), context] as const] : [])));
      const each = special.size > 0 ? await readForEach(special, viewers) : null;
      if (foundation !== founded) return { more: true };
      push(items.length, () => {
        for (const member of members) {
          const own = each?.get(viewerKey(member.context));
          // Whoever joined meanwhile was not asked about.
          if (!allowed.has(idOf(member.context)) || (each && !own)) leave(member, from);
          else deliver(member, items.map((item, index) => item ?? (own?.get(outcome.events[index]?.cursor ?? '') as Item)), from);
        }
      });
    }
    place = outcome.place;
    return { more: outcome.more };
  }

  function finishAll(errors?: readonly GraphQLFormattedError[]): void {
    for (const member of [...members]) {
      members.delete(member);
      member.pending = null;
      member.finish(errors);
    }
  }

  async function readOn(): Promise<void> {
    let backoff = firstBackoffMs;
    while (members.size > 0 && !stop.aborted) {
      const began = performance.now();
      const outcome = await step();
      if ('againInMs' in outcome) {
        // Nobody is told: the place is kept, and what happens meanwhile is read afterwards.
        await delay(Math.max(backoff * (0.5 + Math.random() / 2), outcome.againInMs), undefined, { signal: stop }).catch(() => undefined);
        backoff = Math.min(backoff * 2, lastBackoffMs);
        continue;
      }
      backoff = firstBackoffMs;
      if (outcome.more) continue;
      settledAt = began;
      for (const member of members) if (member.looked.ended < began && !member.pending) member.had.clear();
      return;
    }
  }

  async function run(): Promise<void> {
    running = true;
    try {
      while (members.size > 0 && !stop.aborted) {
        waiting = true;
        const trace = await signal.wait(stop);
        waiting = false;
        await underTrace(trace, 'live run', {}, readOn);
        wake();
      }
    } catch (error) {
      broke(error);
      finishAll([internalError]);
    } finally {
      running = false;
      wake();
    }
    // Somebody came between the last look and now.
    if (members.size > 0 && !stop.aborted) void run();
  }
  function wake(): void {
    const now = waiters;
    waiters = [];
    for (const resolve of now) resolve();
  }
  function add(member: Member): void {
    members.add(member);
    if (!running) void run();
  }

  const isSettledSince = (since: number): boolean => members.size === 0 || settledAt > since || stop.aborted;

  return {
    empty: () => members.size === 0,
    isSettledSince,
    async settledSince(since) {
      while (!isSettledSince(since)) {
        const settled = new Promise<void>((resolve) => void waiters.push(resolve));
        signal.wake();
        await settled;
      }
    },
    add,
    remove(member) {
      members.delete(member);
      if (members.size === 0) signal.wake();
    },
    putOut(member) {
      leave(member, place);
      if (members.size === 0) signal.wake();
    },
    found(member, unread) {
      ({ place } = member);
      founded += 1;
      settledAt = member.looked.began;
      add(member);
      // Whoever lost the scope before hears of it now, and not when something happens there again.
      if (unread) signal.wake();
    },
    resting: () => (waiting ? [...members].filter(({ pending }) => pending === null).length : 0),
  };
}
