// Codes with which people join: Crockford's base 32, which has no letters that look like digits.
import { randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 8;

/** 40 random bits: with the guessing budget of one person, a hit takes longer than the channel lives. */
export const newChannelCode = (): string => [...randomBytes(length)].map((byte) => alphabet[byte & 31]).join('');

/** The code somebody meant; null for what can be none. Case, hyphens, spaces and the look-alikes O, I and L do not matter. */
export function normaliseCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return code.length === length && [...code].every((letter) => alphabet.includes(letter)) ? code : null;
}
