// AES-256-GCM under a key derived from SECRET_KEY: what must come back as it was, unlike passwords and tokens.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const sealingKey = (secretKey: string) => Buffer.from(hkdfSync('sha256', secretKey, '', 'taskgraph signing keys', 32));

export function seal(text: string, secretKey: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(secretKey), iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}

export function unseal(sealed: string, secretKey: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(secretKey), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new Error('the signing keys in the database were sealed under another SECRET_KEY: give the user subgraph the old one back', { cause });
  }
}
