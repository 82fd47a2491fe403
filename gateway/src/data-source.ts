// How fetches reach a subgraph. Failures are answered, never thrown: who asked knows the places in the answer that they are about.
import { DomainError, type ErrorCode } from '@taskgraph/shared/errors';
import type { IdentitySigner } from '@taskgraph/shared/identity';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { Cache } from './caching/cache.js';
import type { Looked, Question } from './caching/entity-cache.js';
import { clientHeaders, takeCookies } from './client-info.js';
import { clientIpHeader } from '@taskgraph/shared/client-headers';
import type { GatewayContext } from './context.js';
import { isErrorCode, maskedMessage, publicExtensions } from './public-errors.js';
import type { SubgraphAnswer, SubgraphClient } from './subgraph-client.js';

export interface DataSourceOptions {
  client: SubgraphClient;
  signer: IdentitySigner;
  /** Absent: nothing is cached. */
  cache?: Cache | undefined;
  logger: Logger;
}

/** One request to a subgraph. */
export interface Ask {
  query: string;
  operationName: string | undefined;
  /** JSON. */
  variables: string;
  isMutation: boolean;
  /** JSON of all of them. */
  body: string;
}

/** Why a request brought nothing, in words for clients. */
export interface Failure {
  message: string;
  extensions: Record<string, unknown>;
}

/** Errors are fit for clients; their paths are those of the subgraph's own answer. */
export type Answer = { data: Record<string, unknown> | null; errors: GraphQLFormattedError[] } | { failure: Failure };

export interface DataSource {
  /** The data is the caller's own, to change as it likes. */
  ask(ask: Ask, context: GatewayContext): Promise<Answer>;
  /** What is known of entities without asking; absent where nothing is cached. */
  known?: (question: Omit<Question, 'subgraph'>, context: GatewayContext) => Promise<Looked | undefined>;
  /** For an answer that holds something else than was asked for; tells the log too. */
  broken(context: GatewayContext): Failure;
}

export function createDataSource({ client, signer, cache, logger }: DataSourceOptions): DataSource {
  async function send(body: string, isMutation: boolean, { viewer, requestId, idempotencyKey, client: asker }: GatewayContext): Promise<SubgraphAnswer> {
    // Only the user subgraph hears of the program that asks, and only it sets cookies.
    const told = client.name === 'user' ? asker : undefined;
    const answer = await client.send({
      method: 'POST',
      path: '/graphql',
      // Everything a subgraph hears is listed here: no header of the client is among it.
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await signer.tokenFor(client.name, viewer)}`,
        'x-request-id': requestId,
        ...(isMutation && idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
        ...(told ? clientHeaders(told, isMutation) : {}),
        // Guesses at codes are counted per address too.
        ...((client.name === 'channel' || client.name === 'project') && asker?.ip ? { [clientIpHeader]: asker.ip } : {}),
      },
      body,
      repeatable: !isMutation,
    });
    if (told && isMutation) takeCookies(told, answer.setCookies);
    return answer;
  }

  function broken(status: number, { requestId }: GatewayContext): Failure {
    logger.error({ subgraph: client.name, status, requestId }, 'a subgraph gave no GraphQL answer');
    return status >= 502 ? { message: `The ${client.name} subgraph is not available.`, extensions: { code: 'SUBGRAPH_UNAVAILABLE' } } : { message: maskedMessage, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  }

  function cleaned(error: GraphQLFormattedError, { requestId }: GatewayContext): GraphQLFormattedError {
    const given = error.extensions?.['code'];
    const code: ErrorCode = isErrorCode(given) ? given : 'INTERNAL_SERVER_ERROR';
    if (code !== given) logger.error({ subgraph: client.name, error, requestId }, 'a subgraph refused what the gateway sent');
    const message = code === 'INTERNAL_SERVER_ERROR' ? maskedMessage : error.message;
    return { message, ...(error.path ? { path: error.path } : {}), extensions: publicExtensions(code, error.extensions) };
  }

  return {
    ...(cache ? { known: (question, context) => cache.look({ ...question, subgraph: client.name }, context) } : {}),
    broken: (context) => broken(200, context),
    async ask(ask, context) {
      try {
        const answer = await send(ask.body, ask.isMutation, context).finally(() => (ask.isMutation ? cache?.wrote(context) : undefined));
        if (!isResult(answer)) return { failure: broken(answer.status, context) };
        const { data = null, errors = [] } = answer.body;
        return { data, errors: errors.map((error) => cleaned(error, context)) };
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        return { failure: { message: error.message, extensions: { code: error.code, ...error.details } } };
      }
    },
  };
}

/** A 401 or 403 is about the gateway's own identity, not about the viewer, and must not look like the viewer's. */
function isResult(answer: SubgraphAnswer): answer is SubgraphAnswer & { body: { data?: Record<string, unknown> | null; errors?: GraphQLFormattedError[] } } {
  const body = answer.body as { data?: unknown; errors?: unknown } | null | undefined;
  if (answer.status === 401 || answer.status === 403 || typeof body !== 'object' || body === null) return false;
  return typeof body.data === 'object' ? body.data !== null || Array.isArray(body.errors) : Array.isArray(body.errors);
}
