// Who asks: the access token of the request, made by the user subgraph and checked here against its public keys; or an API token,
// which the user subgraph is asked about. Either is worth nothing once its session, or its owner's account, has ended.
import { apiTokenPrefix } from '@taskgraph/shared/contracts/api-token';
import { DomainError, unauthenticated, unavailable } from '@taskgraph/shared/errors';
import type { Viewer } from '@taskgraph/shared/identity';
import { isUuid } from '@taskgraph/shared/ids';
import { errors as joseErrors, jwtVerify } from 'jose';
import type { FindApiToken } from './api-tokens.js';
import type { KeySet } from './key-set.js';
import type { Revocations } from './revocations.js';

export interface AuthenticatedViewer extends Viewer {
  /** When the token ends, in milliseconds since 1970; Infinity for an API token without an end. */
  expiresAt: number;
}

/**
 * Checks an `authorization` value. Null without one (anonymous). Throws UNAUTHENTICATED for whatever is not a valid token or
 * belongs to what has ended, and SUBGRAPH_UNAVAILABLE while no key was ever seen or an API token cannot be looked up.
 */
export type Authenticate = (authorization: string | undefined) => Promise<AuthenticatedViewer | null>;

export interface AuthenticationOptions {
  keys: KeySet;
  findApiToken: FindApiToken;
  revocations: Pick<Revocations, 'judge' | 'caughtUp'>;
}

/** Clocks of the services may differ by this much, in seconds. */
const clockTolerance = 30;
/** Longest life of an access token (ACCESS_TOKEN_EXPIRE_MINUTES), whatever its end says: revocations are remembered for little longer. */
const maxTokenAge = '60 minutes';

const refusal = () => unauthenticated('The access token is not valid or has ended. Sign in again or refresh the session.');

export function createAuthenticate({ keys, findApiToken, revocations }: AuthenticationOptions): Authenticate {
  return async (authorization) => {
    // The Sandbox begins with an empty "Bearer" for its user to complete.
    if (authorization === undefined || /^(Bearer\s*)?$/i.test(authorization)) return null;
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (!token) throw refusal();
    const claimed = token.startsWith(apiTokenPrefix) ? await readApiToken(token, findApiToken) : await readAccessToken(token, keys);
    await revocations.caughtUp();
    const viewer = revocations.judge(claimed);
    if (!viewer) throw refusal();
    return viewer;
  };
}

async function readApiToken(token: string, find: FindApiToken): Promise<AuthenticatedViewer> {
  const owner = /^[\w-]{20,128}$/.test(token) ? await find(token) : null;
  const expiresAt = owner?.expiresAt ? Date.parse(owner.expiresAt) : Infinity;
  if (!owner || expiresAt <= Date.now()) throw unauthenticated('The API token is not valid or has ended.');
  return { id: owner.userId, role: owner.role, sessionId: owner.id, scopes: owner.scopes, expiresAt };
}

async function readAccessToken(token: string, keys: KeySet): Promise<AuthenticatedViewer> {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw refusal();
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await keys.find(kid);
        if (key) return key;
        throw kid !== undefined && !keys.known() ? unavailable('user') : refusal();
      },
      { algorithms: ['EdDSA'], typ: 'at+jwt', issuer: 'taskgraph', audience: 'taskgraph', clockTolerance, maxTokenAge, requiredClaims: ['exp', 'sub', 'sid', 'role'] },
    );
    const { sub, role, sid, exp } = payload;
    if (!sub || !isUuid(sub) || (role !== 'ADMIN' && role !== 'MEMBER') || typeof sid !== 'string' || sid === '') throw refusal();
    return { id: sub, role, sessionId: sid, expiresAt: (exp as number) * 1000 };
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) throw refusal();
    if (error instanceof DomainError) throw error;
    // Web Crypto throws its own kinds for signatures and headers that it cannot read.
    throw refusal();
  }
}
