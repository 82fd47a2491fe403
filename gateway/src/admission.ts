// What is let in: a request or operation of somebody who has not used up their minute, while this process keeps up. Over HTTP
// that is found out before the body is read.
import { DomainError } from '@taskgraph/shared/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticate, AuthenticatedViewer } from './authentication.js';
import { clientInfo } from './client-info.js';
import { sendDomainError } from './http-errors.js';
import { rateLimitHeaders, RateLimited, type Admission, type Asker, type RateLimits } from './rate-limits/rate-limits.js';
import type { LoadWatch } from './resilience/load.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks at /graphql; null for the anonymous. */
    viewer: AuthenticatedViewer | null;
    /** Null for what is not counted. */
    admission: Admission | null;
  }
}

/** Throws OVERLOADED or RATE_LIMITED. */
export type Admit = (asker: Asker) => Promise<Admission>;

export function createAdmit({ rateLimits, load }: { rateLimits: RateLimits; load: LoadWatch }): Admit {
  return async (asker) => {
    load.check();
    return rateLimits.admit(asker);
  };
}

/** Routes that make work. Probes, metrics and the public keys answer whoever asks, however often. */
const counted = new Set(['/graphql', '/uploads/:token', '/exports/:token', '/unsubscribe/:token']);

export interface AdmissionOptions {
  admit: Admit;
  authenticate: Authenticate;
  /** See Config. */
  trustedProxies: number;
}

/** To be called before the routes are added. */
export function addAdmission(app: FastifyInstance, { admit, authenticate, trustedProxies }: AdmissionOptions): void {
  app.decorateRequest('viewer', null);
  app.decorateRequest('admission', null);

  async function letIn(request: FastifyRequest): Promise<void> {
    const { ip } = clientInfo(request.raw, trustedProxies);
    if (request.routeOptions.url !== '/graphql') {
      // Their tokens stand in the address and say nothing of a person.
      request.admission = await admit({ viewer: null, ip });
      return;
    }
    try {
      request.viewer = await authenticate(request.headers.authorization, ip);
    } catch (error) {
      // Guessing at tokens counts as asking without one.
      if (error instanceof DomainError && error.code === 'UNAUTHENTICATED') request.admission = await admit({ viewer: null, ip });
      throw error;
    }
    if (!isPage(request)) request.admission = await admit({ viewer: request.viewer, ip });
  }

  app.addHook('onRequest', async (request, reply) => {
    if (!counted.has(request.routeOptions.url ?? '')) return;
    try {
      await letIn(request);
      tellRates(request, reply);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error instanceof RateLimited) reply.headers(rateLimitHeaders([error.standing]));
      else tellRates(request, reply);
      return sendDomainError(request, reply, error);
    }
  });
}

/** GET without a query is the page for browsers, or nothing that runs. */
const isPage = ({ method, url }: FastifyRequest) => method === 'GET' && !url.includes('?');

/** Told again once the cost is known. */
export function tellRates({ admission }: FastifyRequest, reply: FastifyReply): void {
  if (admission) reply.headers(rateLimitHeaders(admission.standings));
}
