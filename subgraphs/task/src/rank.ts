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

/** Rows rewritten on each side of a gap without room, at first; doubled until there is room. */
export const firstWindow = 32;

/** New ranks for the rows around a gap, each list in its own order, and the one that is left free for the gap. */
export interface Room {
  left: string[];
  right: string[];
  free: string;
}

/**
 * Spreads out the rows around a gap. `left` holds the ranks before it, nearest last, `right` those behind it, nearest first: each up
 * to `window` rows and one more, whose rank stays as the bound. Null where the keys would still be long: try a larger window.
 */
export function spreadAround(left: readonly string[], right: readonly string[], window: number): Room | null {
  const low = left.length > window ? (left[0] as string) : null;
  const high = right.length > window ? (right.at(-1) as string) : null;
  const [before, behind] = [left.length - (low === null ? 0 : 1), right.length - (high === null ? 0 : 1)];
  const keys = spreadRanks(low, high, before + 1 + behind);
  return keys && { left: keys.slice(0, before), free: keys[before] as string, right: keys.slice(before + 1) };
}
