// Who speaks to a subgraph: a short-lived signed token with the subgraph as audience. Only the gateway may speak for a viewer.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';

/** What an API token may be used for. */
export const apiScopes = ['READ', 'WRITE', 'ADMIN'] as const;
export type ApiScope = (typeof apiScopes)[number];

/** The person a request is made for. */
export interface Viewer {
  id: string;
  /** Behind a subgraph's door an API token without the scope ADMIN makes this MEMBER, whoever owns it. */
  role: 'ADMIN' | 'MEMBER';
  /** Id of the session, or of the API token. */
  sessionId: string;
  /** Present where the request came with an API token: what it may be used for. A session may do everything. */
  scopes?: readonly ApiScope[];
}

/** The service that called, and for whom; no viewer means an anonymous request or a service on its own account. */
export interface InternalIdentity {
  caller: string;
  viewer: Viewer | null;
}

export interface IdentitySigner {
  /** A bearer token for one audience, kept and given again for half of its life. */
  tokenFor(audience: string, viewer?: Viewer | null): Promise<string>;
}

const typ = 'internal+jwt';
/** Life of a token in seconds. */
const lifetime = 30;
const cacheLimit = 10_000;

export function createIdentitySigner({ service, privateKey }: { service: string; privateKey: string }): IdentitySigner {
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64url'), format: 'der', type: 'pkcs8' });
  const cache = new Map<string, { token: Promise<string>; until: number }>();
  return {
    tokenFor(audience, viewer) {
      const now = Date.now();
      const cacheKey = viewer ? `${audience} ${viewer.id} ${viewer.role} ${viewer.sessionId} ${viewer.scopes ? viewer.scopes.join(',') : '*'}` : audience;
      const known = cache.get(cacheKey);
      if (known && known.until > now) return known.token;
      // Map keeps insertion order, so the first key is the oldest.
      if (cache.size >= cacheLimit) cache.delete(cache.keys().next().value as string);
      const claims = viewer ? { role: viewer.role, sid: viewer.sessionId, ...(viewer.scopes ? { scopes: viewer.scopes } : {}) } : {};
      const jwt = new SignJWT(claims)
        .setProtectedHeader({ alg: 'EdDSA', typ, kid: service })
        .setIssuer(service)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(Math.floor(now / 1000) + lifetime);
      if (viewer) jwt.setSubject(viewer.id);
      const token = jwt.sign(key);
      cache.delete(cacheKey);
      cache.set(cacheKey, { token, until: now + (lifetime * 1000) / 2 });
      return token;
    },
  };
}

export type IdentityVerifier = (authorization: string | undefined) => Promise<InternalIdentity | null>;

/** Answers null for whatever is not a valid token for this service: unknown caller, other audience, expired, a viewer claimed by anyone but the gateway. */
export function createIdentityVerifier({ service, publicKeys }: { service: string; publicKeys: Record<string, string> }): IdentityVerifier {
  const keys = new Map(
    Object.entries(publicKeys).map(([name, key]) => [
      name,
      createPublicKey({ key: Buffer.from(key, 'base64url'), format: 'der', type: 'spki' }),
    ]),
  );
  const seen = new Map<string, { identity: InternalIdentity; until: number }>();
  return async (authorization) => {
    const token = authorization?.startsWith('Bearer ') ? authorization.slice(7) : '';
    if (!token) return null;
    const known = seen.get(token);
    if (known && known.until > Date.now()) return known.identity;
    try {
      const { payload, protectedHeader } = await jwtVerify(
        token,
        (header) => {
          const key = keys.get(header.kid ?? '');
          if (!key) throw new Error('unknown caller');
          return key;
        },
        { algorithms: ['EdDSA'], audience: service, typ, clockTolerance: 5, requiredClaims: ['exp', 'iss'] },
      );
      const caller = payload.iss ?? '';
      if (caller !== protectedHeader.kid) return null;
      if (payload.sub && caller !== 'gateway') return null;
      const identity = { caller, viewer: payload.sub ? viewerOf(payload.sub, payload) : null };
      if (seen.size >= cacheLimit) seen.delete(seen.keys().next().value as string);
      seen.set(token, { identity, until: (payload.exp as number) * 1000 });
      return identity;
    } catch {
      return null;
    }
  };
}

function viewerOf(id: string, claims: Record<string, unknown>): Viewer {
  const given = claims['scopes'];
  const scopes = Array.isArray(given) ? apiScopes.filter((scope) => given.includes(scope)) : undefined;
  const mayAdminister = scopes === undefined || scopes.includes('ADMIN');
  return {
    id,
    role: claims['role'] === 'ADMIN' && mayAdminister ? 'ADMIN' : 'MEMBER',
    sessionId: typeof claims['sid'] === 'string' ? claims['sid'] : '',
    ...(scopes ? { scopes } : {}),
  };
}
