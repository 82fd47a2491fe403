// Links in e-mails that stop e-mail: GET and POST /unsubscribe/<token>, passed on to the channel subgraph, which made the token
// and knows what it means. Nobody signs in here, and nothing of the client goes on but the token.
import type { IdentitySigner } from '@taskgraph/shared/identity';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Pool } from 'undici';
import { withRequestId } from './format-error.js';

export interface UnsubscribeOptions {
  /** The channel subgraph. */
  url: string;
  signer: IdentitySigner;
}

export interface Unsubscribe {
  add(app: FastifyInstance): void;
  close(): Promise<void>;
}

/** Longest wait for the channel subgraph, in milliseconds. */
const patienceMs = 8_000;
/** The body of RFC 8058 says nothing that the address does not; a longer one is none. */
const bodyLimit = 16_384;

type TokenRequest = FastifyRequest<{ Params: { token: string } }>;

export function createUnsubscribe({ url, signer }: UnsubscribeOptions): Unsubscribe {
  const pool = new Pool(new URL(url).origin, { connections: 8, connect: { timeout: 2_000 }, headersTimeout: patienceMs, bodyTimeout: patienceMs });

  async function pass(request: TokenRequest, reply: FastifyReply): Promise<FastifyReply> {
    try {
      const { statusCode, headers, body } = await pool.request({
        method: request.method === 'POST' ? 'POST' : 'GET',
        path: `/internal/unsubscribe/${encodeURIComponent(request.params.token)}`,
        headers: { authorization: `Bearer ${await signer.tokenFor('channel')}`, 'x-request-id': request.id },
      });
      const page = await body.text();
      if (statusCode !== 200 && statusCode !== 404) throw new Error(`the channel subgraph answered ${statusCode}`);
      for (const name of ['content-type', 'cache-control', 'x-robots-tag']) if (headers[name] !== undefined) reply.header(name, headers[name]);
      return await reply.code(statusCode).send(page);
    } catch (error) {
      (request.log as Logger).warn({ err: error }, 'an unsubscription was not passed on');
      const answer = { errors: [withRequestId({ message: 'The channel subgraph is not available.', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }, request.id)] };
      return reply.code(503).header('retry-after', '5').type('application/json; charset=utf-8').send(JSON.stringify(answer));
    }
  }

  return {
    add(app) {
      void app.register(async (scope) => {
        // Mail services post forms of either kind; what is in them does not matter.
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, _body, done) => done(null));
        scope.route<{ Params: { token: string } }>({ method: ['GET', 'POST'], url: '/unsubscribe/:token', handler: pass });
      });
    },
    close: () => pool.destroy(),
  };
}
