// One subscription to a log: reads it alone from its own place, as its own viewer, until it stands at the end; there it joins
// the group of those who ask the same. A consumer that cannot keep up leaves the group with nothing but its place, and reads
// on when it has taken what waits, several changes of a task as one.
import { setTimeout as delay } from 'node:timers/promises';
import type { GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../context.js';
import { coalesce } from './coalesce.js';
import { firstBackoffMs, lastBackoffMs, pageSize, type Group, type Member } from './live-group.js';
import type { LiveQuery } from './live-query.js';
import { eventItem, internalError, type LiveEvent, type Step } from './live-steps.js';
import type { Item, Outlet } from './outlet.js';
import type { Stop } from './stop.js';

export interface LogSubscription {
  query: LiveQuery;
  context: GatewayContext;
  outlet: Outlet;
  /** Another one when it has moved. */
  group(): Group;
  page(context: GatewayContext, place: string, size: number): Promise<Step>;
  head(context: GatewayContext): Promise<Step>;
  /** Where the client wants to go on; undefined: now. */
  after: string | undefined;
  stop: Stop;
  finish(errors?: readonly GraphQLFormattedError[]): void;
  broke(error: unknown): void;
}

export interface LogReader {
  /** The first look: what refuses the subscription shows here. */
  look(): Promise<Step>;
  /** Goes on from there. */
  goOn(first: Step): void;
  leave(): void;
  /** It belongs to another group now, and reads on from where it is until it stands at the end there. */
  move(before: Group): void;
}

/** Rows of a page are not fewer than this, however little of one a slow consumer takes. */
const leastPage = 10;

export function createLogReader({ query, context, outlet, group: groupNow, page, head, after, stop, finish, broke }: LogSubscription): LogReader {
  let place = after;
  let size = pageSize;
  let alone = false;
  let again = false;
  let behind = false;
  /** It begins now, and has read no page yet. */
  let fromHead = after === undefined;
  const member: Member = {
    context, outlet, place: '', looked: { began: 0, ended: 0 }, had: new Set(), pending: null, finish,
    goAlone(slow) {
      ({ place } = member);
      behind = slow;
      // It may be put out before the run that brought it in has ended.
      if (alone) again = true;
      else void run(null);
    },
  };

  async function look(from = place): Promise<Step> {
    const began = performance.now();
    const outcome = from === undefined ? await head(context) : await page(context, from, size);
    member.looked = { began, ended: performance.now() };
    return outcome;
  }

  const asItems = (events: readonly LiveEvent[]): Item[] =>
    behind ? coalesce(events, query.names).map((event) => eventItem(query, event, event.coalesced)) : events.map((event) => eventItem(query, event));

  /** Hands on as much of a page as the outlet takes and moves the place behind it; answers whether that was all. */
  async function take(outcome: Extract<Step, { kind: 'moved' }>): Promise<boolean> {
    const events = outcome.events.filter(({ cursor }) => !member.had.delete(cursor));
    let count = events.length;
    let items = asItems(events);
    while (count > 1 && !outlet.fits(items)) {
      count = Math.floor(count / 2);
      items = asItems(events.slice(0, count));
    }
    if (!outlet.fits(items)) await outlet.flushed();
    outlet.offer(items);
    const all = count === events.length;
    place = all ? outcome.place : (events[count - 1] as LiveEvent).cursor;
    size = all ? Math.min(pageSize, size * 2) : Math.max(leastPage, count);
    return all;
  }

  /** Answers whether it is in the group now, or what its last look before that gave. */
  async function join(): Promise<boolean | Step> {
    const group = groupNow();
    while (!group.isSettledSince(member.looked.ended)) await group.settledSince(member.looked.ended);
    if (stop.aborted || group !== groupNow()) return false;
    if (group.empty()) {
      member.place = place as string;
      group.found(member, fromHead);
      fromHead = false;
      return true;
    }
    // From here on the group keeps for it what comes; one more look of its own closes the gap between the two places.
    member.pending = [];
    group.add(member);
    const outcome = await look();
    const seen = new Set(outcome.kind === 'moved' ? outcome.events.map(({ cursor }) => cursor) : []);
    const complete = outcome.kind === 'moved' && !outcome.more && !outcome.ended;
    if (complete && !(await take(outcome))) behind = true;
    if (!complete || behind || !member.pending) {
      group.remove(member);
      member.pending = null;
      // What was handed on already is behind the place.
      return complete ? false : outcome;
    }
    member.had = seen;
    const pending = member.pending;
    member.pending = null;
    const news = pending.filter(({ cursor }) => !member.had.delete(cursor));
    const taken = outlet.offer(news);
    if (taken > 0) place = (news[taken - 1] as Item).cursor;
    if (taken === news.length) return true;
    group.remove(member);
    behind = true;
    return false;
  }

  async function run(first: Step | null): Promise<void> {
    if (alone || stop.aborted) return;
    alone = true;
    let outcome = first;
    let backoff = firstBackoffMs;
    try {
      while (!stop.aborted) {
        if (behind) await outlet.drained();
        outcome ??= await look();
        if (stop.aborted) return;
        if (outcome.kind === 'failed') return finish(outcome.errors);
        if (outcome.kind === 'away') {
          // Nobody is told: the place is kept, and what happens meanwhile is read afterwards.
          const pause = Math.max(backoff * (0.5 + Math.random() / 2), outcome.retryAfterMs);
          await delay(pause, undefined, { signal: stop.signal }).catch(() => undefined);
          backoff = Math.min(backoff * 2, lastBackoffMs);
          outcome = null;
          continue;
        }
        backoff = firstBackoffMs;
        // A page that does not fit although little waited is too large: that says nothing of whoever takes it.
        const roomy = outlet.isDrained();
        // The next page is read while this one is made ready and leaves; whoever lags has none kept for them.
        const ahead: Promise<Step> | null = !behind && outcome.more && !outcome.ended ? look(outcome.place) : null;
        ahead?.catch(() => undefined);
        const all = await take(outcome);
        if (all && outcome.ended) return finish();
        if (!all) behind ||= !roomy;
        else if (!outcome.more) {
          behind = false;
          const joined = await join();
          if (joined === true) break;
          outcome = joined || null;
          continue;
        }
        await outlet.drained();
        // Of a page that did not fit, the rest comes first.
        const next = await ahead;
        outcome = all ? next : null;
      }
    } catch (error) {
      broke(error);
      finish([internalError]);
    } finally {
      alone = false;
    }
    if (again) {
      again = false;
      void run(null);
    }
  }

  return {
    look,
    goOn: (first) => void run(first),
    leave: () => groupNow().remove(member),
    move: (before) => before.putOut(member),
  };
}
