// Who asks: the access token of the request, made by the user subgraph and checked here against its public keys; or an API token,
// which the user subgraph is asked about. Either is worth nothing once its session, or its owner's account, has ended.
import { apiTokenPrefix } from '@taskgraph/shared/contracts/api-token';
import { DomainError, unauthenticated, unavailable } from '@taskgraph/shared/errors';
import type { Viewer } from '@taskgraph/shared/identity';
import { isUuid } from '@taskgraph/shared/ids';
import { errors as joseErrors, jwtVerify, type CryptoKey } from 'jose';
import type { FindApiToken } from './api-tokens.js';
import type { KeySet } from './key-set.js';
import type { Revocations } from './revocations.js';
import { createVerifiedTokens, type VerifiedTokens } from './verified-tokens.js';

export interface AuthenticatedViewer extends Viewer {
  /** When the token ends, in milliseconds since 1970; Infinity for an API token without an end. */
  expiresAt: number;
}

/**
 * Checks an `authorization` value. Null without one (anonymous). Throws UNAUTHENTICATED for whatever is not a valid token or
 * belongs to what has ended, SUBGRAPH_UNAVAILABLE while no key was ever seen or an API token cannot be looked up, and RATE_LIMITED for
 * API tokens from an address (`ip`) that has made up too many.
 */
export type Authenticate = (authorization: string | undefined, ip?: string | null) => Promise<AuthenticatedViewer | null>;

export interface AuthenticationOptions {
  keys: KeySet;
  findApiToken: FindApiToken;
  revocations: Pick<Revocations, 'judge' | 'caughtUp'>;
}

/** Clocks of the services may differ by this much, in seconds. */
const clockTolerance = 30;
/** Longest life of an access token in seconds (ACCESS_TOKEN_EXPIRE_MINUTES), whatever its end says: revocations are remembered for little longer. */
const maxTokenAge = 60 * 60;

const refusal = () => unauthenticated('The access token is not valid or has ended. Sign in again or refresh the session.');

export function createAuthenticate({ keys, findApiToken, revocations }: AuthenticationOptions): Authenticate {
  const verified = createVerifiedTokens();
  return async (authorization, ip = null) => {
    // The Sandbox begins with an empty "Bearer" for its user to complete.
    if (authorization === undefined || /^(Bearer\s*)?$/i.test(authorization)) return null;
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (!token) throw refusal();
    const claimed = token.startsWith(apiTokenPrefix) ? await readApiToken(token, ip, findApiToken) : await readAccessToken(token, keys, verified);
    await revocations.caughtUp();
    const viewer = revocations.judge(claimed);
    if (!viewer) throw refusal();
    return viewer;
  };
}

async function readApiToken(token: string, ip: string | null, find: FindApiToken): Promise<AuthenticatedViewer> {
  const owner = /^[\w-]{20,128}$/.test(token) ? await find(token, ip) : null;
  const expiresAt = owner?.expiresAt ? Date.parse(owner.expiresAt) : Infinity;
  if (!owner || expiresAt <= Date.now()) throw unauthenticated('The API token is not valid or has ended.');
  return { id: owner.userId, role: owner.role, sessionId: owner.id, scopes: owner.scopes, expiresAt };
}

async function readAccessToken(token: string, keys: KeySet, verified: VerifiedTokens): Promise<AuthenticatedViewer> {
  const known = await verified.get(token, keys.find);
  if (known) return known;
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw refusal();
  let used: { kid: string; key: CryptoKey } | undefined;
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await keys.find(kid);
        if (kid !== undefined && key) {
          used = { kid, key };
          return key;
        }
        throw kid !== undefined && !keys.known() ? unavailable('user') : refusal();
      },
      { algorithms: ['EdDSA'], typ: 'at+jwt', issuer: 'taskgraph', audience: 'taskgraph', clockTolerance, maxTokenAge, requiredClaims: ['exp', 'sub', 'sid', 'role'] },
    );
    const { sub, role, sid, exp, iat } = payload;
    if (!sub || !isUuid(sub) || (role !== 'ADMIN' && role !== 'MEMBER') || typeof sid !== 'string' || sid === '') throw refusal();
    const viewer: AuthenticatedViewer = { id: sub, role, sessionId: sid, expiresAt: (exp as number) * 1000 };
    if (used) verified.set(token, { viewer, ...used, until: Math.min(viewer.expiresAt, ((iat as number) + maxTokenAge) * 1000) });
    return viewer;
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) throw refusal();
    if (error instanceof DomainError) throw error;
    // Web Crypto throws its own kinds for signatures and headers that it cannot read.
    throw refusal();
  }
}
