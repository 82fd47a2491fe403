// What cached answers depend on: a project, everything of a type, a viewer. Each such tag has a stamp in the store, and an answer
// is written with the stamps that were there before it was asked for. It is good while all of them are the same, so an answer that
// was under way while something changed is never found. A tag that is not there, for whatever reason, makes its answers void.
import { randomBytes } from 'node:crypto';
import type { CacheEntry, CacheStore } from './store.js';

/**
 * How long nothing is answered from the cache after a change, in milliseconds: longer than a silent log is believed (events.ts),
 * and by as much again for clocks that differ and copies that follow.
 */
const blockMs = 10_000;
/** Life of a stamp: longer than that of any answer, and of any request for one. */
const stampMs = 300_000;
const blocked = '!';

export interface Seen {
  /** Of these tags as they were read; null where one of them is blocked. */
  stamps(tags: readonly string[]): string | null;
  /** The text kept under this key if it is good: written with the stamps that these tags have now. */
  find(key: string, tags: readonly string[]): Found | null;
  /** Gives a stamp to those that have none; to be called before the answer is asked for. False where nothing can be kept. */
  claim(tags: readonly string[]): Promise<boolean>;
}

export interface Found {
  text: string;
  /** When it ends, by `Date.now()`. */
  until: number;
}

export interface Tags {
  /** One look into the store; undefined while it cannot be asked. */
  look(tags: Iterable<string>, keys: readonly string[]): Promise<Seen | undefined>;
  /** Keeps texts under the stamps they were asked for with. */
  write(entries: { key: string; stamps: string; text: string; until: number }[]): void;
  /** Voids what depends on `changed`, and for some time nothing that depends on `held` is answered from the cache or kept. False where others may not have heard. */
  invalidate(change: { held?: Iterable<string>; changed?: Iterable<string> }): Promise<boolean>;
}

export function createTags(store: CacheStore): Tags {
  const process = randomBytes(6).toString('base64url');
  let made = 0;
  const newStamp = () => `${process}${(made += 1).toString(36)}`;
  /** Held here even where the store does not keep it. */
  const held = new Map<string, number>();

  function hold(tag: string): void {
    const now = performance.now();
    // Map keeps the order of insertion, so the first entries are the oldest.
    for (const [old, until] of held) {
      if (until > now) break;
      held.delete(old);
    }
    held.delete(tag);
    held.set(tag, now + blockMs);
  }

  return {
    async look(wanted, keys) {
      const tags = [...new Set(wanted)];
      const read = await store.read([...tags, ...keys]);
      if (!read) return undefined;
      const stamps = new Map(tags.map((tag, index) => [tag, read[index] ?? null]));
      const now = performance.now();
      for (const tag of tags) if ((held.get(tag) ?? 0) > now) stamps.set(tag, blocked);
      const texts = new Map(keys.map((key, index) => [key, read[tags.length + index]]));
      return {
        stamps(of) {
          const found = of.map((tag) => stamps.get(tag) ?? '');
          return found.includes(blocked) ? null : found.join(' ');
        },
        find(key, of) {
          const kept = texts.get(key);
          const found = of.map((tag) => stamps.get(tag));
          if (!kept || found.some((stamp) => !stamp || stamp === blocked)) return null;
          const expected = `${found.join(' ')}|`;
          if (!kept.startsWith(expected)) return null;
          const end = kept.indexOf('|', expected.length);
          const until = Number(kept.slice(expected.length, end));
          return until > Date.now() ? { text: kept.slice(end + 1), until } : null;
        },
        async claim(of) {
          const missing = [...new Set(of)].filter((tag) => !stamps.get(tag));
          if (missing.length === 0) return true;
          const given = await store.claim(missing.map((key) => ({ key, value: newStamp(), age: stampMs })));
          given?.forEach((stamp, index) => stamps.set(missing[index] as string, stamp));
          return given !== undefined;
        },
      };
    },
    write(entries) {
      const now = Date.now();
      store.write(entries.flatMap(({ key, stamps, text, until }): CacheEntry[] => (until > now ? [{ key, value: `${stamps}|${until}|${text}`, age: until - now }] : [])));
    },
    async invalidate({ held: toHold = [], changed = [] }) {
      const entries: CacheEntry[] = [];
      for (const key of new Set(toHold)) {
        hold(key);
        entries.push({ key, value: blocked, age: blockMs });
      }
      // Last: whoever reads one of these anew finds the others held already.
      for (const key of new Set(changed)) entries.push({ key, value: newStamp(), age: stampMs });
      return entries.length === 0 || store.set(entries);
    },
  };
}

export const tagOfType = (type: string): string => type;
/** For answers made of many entities. */
export const tagOfAny = (type: string): string => `any:${type}`;
/** Ids are taken in any case. */
export const tagOfEntity = (type: string, id: string): string => `${type}:${id.toLowerCase()}`;
export const tagOfViewer = (id: string): string => `viewer:${id}`;
