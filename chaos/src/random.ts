// Numbers that look random and are the same for the same seed, on every machine.
export interface Dice {
  /** A whole number from 0 to `below` - 1. */
  below: (below: number) => number;
  /** A whole number, both ends included. */
  between: (least: number, most: number) => number;
  chance: (probability: number) => boolean;
  pick: <T>(list: readonly T[]) => T;
  shuffle: <T>(list: readonly T[]) => T[];
}

/** `stream` keeps apart what is drawn for different things: what one draws more moves no other. */
export function createDice(seed: number, stream: string): Dice {
  let state = seed >>> 0;
  for (const letter of stream) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  // mulberry32 by Tommy Ettinger, in the public domain.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (probability) => next() < probability,
    pick: (list) => list[below(list.length)] as never,
    shuffle: (list) => {
      const left = [...list];
      for (let index = left.length - 1; index > 0; index -= 1) {
        const other = below(index + 1);
        [left[index], left[other]] = [left[other] as never, left[index] as never];
      }
      return left;
    },
  };
}
