// Manual order as strings that compare byte by byte: a task moves by getting a key between its new neighbours' keys.
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';

/** Longest key in use; a longer one makes the neighbourhood spread out first. */
export const rankLimit = 64;

/** Keys longer than this after spreading out make the neighbourhood grow: the next inserts need room. */
const roomyLength = 32;

/** A key between two keys (null: no neighbour there), or null where there is no room for a short one. */
export function rankBetween(previous: string | null, next: string | null): string | null {
  if (previous !== null && next !== null && previous >= next) return null;
  const key = generateKeyBetween(previous, next);
  return key.length <= rankLimit ? key : null;
}

/** `count` keys in order between two keys, or null where even these would be long. */
export function spreadRanks(previous: string | null, next: string | null, count: number): string[] | null {
  if (previous !== null && next !== null && previous >= next) return null;
  const keys = generateNKeysBetween(previous, next, count);
  return keys.every((key) => key.length <= roomyLength) ? keys : null;
}
