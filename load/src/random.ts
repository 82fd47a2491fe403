// Numbers that look random and are the same for the same seed, on every machine.
export interface Random {
  /** At least 0 and less than 1. */
  next: () => number;
  /** A whole number from 0 to `below` - 1. */
  below: (below: number) => number;
  chance: (probability: number) => boolean;
  pick: <T>(list: readonly T[]) => T;
  /** Like pick, the first ones more often: each half of the list as often as half of what lies before it. */
  pickEarly: <T>(list: readonly T[]) => T;
  /** A UUIDv7 of that moment. */
  id: (at: Date) => string;
}

/** `stream` and `index` keep apart what is drawn for different things: what one draws more moves no other. */
export function createRandom(seed: number, stream: number, index = 0): Random {
  // sfc32 by Chris Doty-Humphrey, in the public domain.
  let [a, b, c, d] = [seed >>> 0, Math.imul(stream, 0x9e3779b9) >>> 0, index >>> 0, 1];
  const bits = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 15; round += 1) bits();
  const next = () => bits() / 0x1_0000_0000;
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0').slice(-digits);
  return {
    next,
    below: (below) => Math.floor(next() * below),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)] as never,
    pickEarly: (list) => list[Math.floor(next() ** 3 * list.length)] as never,
    id(at) {
      const time = hex(at.getTime(), 12);
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(bits(), 3)}-${hex(0x8000 | (bits() & 0x3fff), 4)}-${hex(bits(), 6)}${hex(bits(), 6)}`;
    },
  };
}
