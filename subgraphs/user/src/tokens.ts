// Access tokens (JWT, verified by the gateway against the JWKS) and refresh tokens (random, kept as a hash).
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { newId } from '@taskgraph/shared/ids';
import type { UserRow } from './entities/user.js';
import type { SigningKeys } from './signing-keys.js';

export interface TokenSettings {
  keys: SigningKeys;
  accessMinutes: number;
  sessionDays: number;
  secretKey: string;
}

export interface AccessToken {
  accessToken: string;
  accessTokenExpiresAt: Date;
}

/** Signs an access token for one session. Issuer, audience and `typ` are what the gateway insists on. */
export async function issueAccessToken(settings: TokenSettings, user: UserRow, sessionId: string): Promise<AccessToken> {
  const key = settings.keys.current();
  const expiresAt = Math.floor(Date.now() / 1000) + settings.accessMinutes * 60;
  const accessToken = await new SignJWT({ role: user.role, sid: sessionId })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid })
    .setIssuer('taskgraph')
    .setAudience('taskgraph')
    .setSubject(user.id)
    .setJti(newId())
    .setIssuedAt()
    .setExpirationTime(expiresAt)
    .sign(key.privateKey);
  return { accessToken, accessTokenExpiresAt: new Date(expiresAt * 1000) };
}

export const newRefreshToken = (): string => randomBytes(32).toString('base64url');

/** The one successor of a refresh token: derived, so that a repeated refresh gets the same answer and none is stored. */
export const successorOf = (token: string, secretKey: string): string =>
  createHmac('sha256', secretKey).update('refresh successor ').update(token).digest('base64url');

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');
