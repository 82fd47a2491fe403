// Codes of invites: Crockford's base 32, which has no letters that look like digits. No code is stored as it is.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 8;

const fromBytes = (bytes: Buffer): string => [...bytes.subarray(0, length)].map((byte) => alphabet[byte & 31]).join('');

/** The code somebody meant; null for what can be none. Case, hyphens, spaces and the look-alikes O, I and L do not matter. */
export function normaliseCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return code.length === length && [...code].every((letter) => alphabet.includes(letter)) ? code : null;
}

export interface InviteCodes {
  /** 40 random bits: with the guessing budget of one person, a hit takes longer than any invite lives. */
  random(): string;
  /** Code of an invite by e-mail: the same at each try of the job, so that a mail sent twice holds one code. */
  ofMail(inviteId: string, generation: number): string;
  /** What a code is found by. Keyed: whoever reads the database cannot try out all 2^40 codes. */
  hash(code: string): string;
  seal(inviteId: string, code: string): string;
  /** Throws when the row is another one's or SECRET_KEY has changed. */
  open(inviteId: string, sealed: string): string;
}

export function createInviteCodes(secretKey: string): InviteCodes {
  const keyFor = (purpose: string) => Buffer.from(hkdfSync('sha256', secretKey, '', `taskgraph invite codes: ${purpose}`, 32));
  const [sealingKey, hashKey, mailKey] = [keyFor('sealing'), keyFor('finding'), keyFor('by e-mail')];
  return {
    random: () => fromBytes(randomBytes(length)),
    ofMail: (inviteId, generation) => fromBytes(createHmac('sha256', mailKey).update(`${inviteId} ${generation}`).digest()),
    hash: (code) => createHmac('sha256', hashKey).update(code).digest('base64url'),
    seal(inviteId, code) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealingKey, iv).setAAD(Buffer.from(inviteId));
      const body = Buffer.concat([cipher.update(code, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(inviteId, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', sealingKey, bytes.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(inviteId)).setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}
