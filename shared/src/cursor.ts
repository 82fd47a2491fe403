// Opaque cursors with a checksum, so that a forged or damaged one is told apart from a real one.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { badInput } from './errors.js';

export interface CursorCodec {
  encode(parts: (string | number | null)[]): string;
  /** Throws BAD_USER_INPUT naming `path` for anything that `encode` of the same kind did not make. */
  decode(cursor: string, path: string): (string | number | null)[];
}

/** Bytes of the truncated HMAC: enough against accidents and guessing; a cursor opens nothing by itself. */
const macBytes = 9;

/** `kind` keeps cursors of one list from being taken for another's. */
export function createCursorCodec(secret: string, kind: string): CursorCodec {
  const mac = (body: Buffer) => createHmac('sha256', secret).update(`cursor ${kind} `).update(body).digest().subarray(0, macBytes);
  return {
    encode(parts) {
      const body = Buffer.from(JSON.stringify(parts));
      return Buffer.concat([mac(body), body]).toString('base64url');
    },
    decode(cursor, path) {
      const bytes = Buffer.from(cursor, 'base64url');
      const body = bytes.subarray(macBytes);
      // Base64 allows a last character with spare bits: one cursor has one spelling.
      if (bytes.toString('base64url') !== cursor || bytes.length <= macBytes || !timingSafeEqual(bytes.subarray(0, macBytes), mac(body))) throw badInput(path, 'is not a cursor of this list');
      return JSON.parse(body.toString()) as (string | number | null)[];
    },
  };
}
