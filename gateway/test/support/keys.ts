import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT, exportJWK } from 'jose';

export interface Key {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export const newKey = (): Key => generateKeyPairSync('ed25519');

/** As IDENTITY_PRIVATE_KEY wants it. */
export const privateText = ({ privateKey }: Key) => privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url');
/** As IDENTITY_PUBLIC_KEYS wants it. */
export const publicText = ({ publicKey }: Key) => publicKey.export({ format: 'der', type: 'spki' }).toString('base64url');

export const jwkOf = async ({ publicKey }: Key, kid: string) => ({ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' });

export const viewerId = '0193f9c4-7a00-7000-8000-000000000001';

export interface TokenParts {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  key?: KeyObject;
}

/** An access token as the user subgraph makes it, with whatever is given put in place. */
export function accessToken(key: Key, { header = {}, claims = {}, key: other }: TokenParts = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: 'taskgraph', aud: 'taskgraph', sub: viewerId, role: 'MEMBER', sid: 'session-1', iat: now, exp: now + 600, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'k1', ...header })
    .sign(other ?? key.privateKey);
}
