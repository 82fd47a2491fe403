// How the query planner's fetches reach a subgraph. Failures are returned as errors with paths, never thrown: a thrown
// error loses its path, and a null below a non-null field would then appear without any error.
import type { GraphQLDataSource } from '@apollo/gateway';
import { DomainError, type ErrorCode } from '@taskgraph/shared/errors';
import type { IdentitySigner } from '@taskgraph/shared/identity';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { clientHeaders, takeCookies } from './client-info.js';
import { clientIpHeader } from '@taskgraph/shared/client-headers';
import type { GatewayContext } from './context.js';
import { nullPaths } from './null-paths.js';
import { isErrorCode, maskedMessage, publicExtensions } from './public-errors.js';
import { pack, unpackEntities, unpackPath, type Packed } from './representations.js';
import type { SubgraphAnswer, SubgraphClient } from './subgraph-client.js';

export interface DataSourceOptions {
  client: SubgraphClient;
  signer: IdentitySigner;
  /** The graph that clients see; asked for at each failure, since it is known only after loading. */
  schema: () => GraphQLSchema;
  logger: Logger;
}

interface Fetch {
  query: string;
  variables: Record<string, unknown>;
  packed: Packed | undefined;
  requestId: string;
}

interface Result {
  data?: Record<string, unknown>;
  errors?: GraphQLFormattedError[];
}

type ProcessOptions = Parameters<GraphQLDataSource<GatewayContext>['process']>[0];

export function createDataSource({ client, signer, schema, logger }: DataSourceOptions): GraphQLDataSource<GatewayContext> {
  async function send({ request, context }: ProcessOptions, { query, variables }: Fetch): Promise<SubgraphAnswer> {
    const { viewer, requestId, idempotencyKey, client: asker } = context as GatewayContext;
    // Only the user subgraph hears of the program that asks, and only it sets cookies.
    const told = client.name === 'user' ? asker : undefined;
    const isMutation = query.startsWith('mutation');
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
      body: JSON.stringify({ query, variables, operationName: request.operationName }),
      repeatable: !isMutation,
    });
    if (told && isMutation) takeCookies(told, answer.setCookies);
    return answer;
  }

  /** The same error wherever the failed fetch leaves a null. */
  const failed = ({ query, variables, packed }: Fetch, message: string, extensions: Record<string, unknown>): GraphQLFormattedError[] =>
    nullPaths(schema(), query, variables, packed?.places.map((place) => packed.unique[place])).map((path) => ({ message, path, extensions }));

  const broken = (fetch: Fetch, answer: SubgraphAnswer): Result => {
    logger.error({ subgraph: client.name, status: answer.status, requestId: fetch.requestId }, 'a subgraph gave no GraphQL answer');
    const [code, message] = answer.status >= 502 ? (['SUBGRAPH_UNAVAILABLE', `The ${client.name} subgraph is not available.`] as const) : (['INTERNAL_SERVER_ERROR', maskedMessage] as const);
    return { errors: failed(fetch, message, { code }) };
  };

  function cleaned(fetch: Fetch, error: GraphQLFormattedError): GraphQLFormattedError[] {
    const given = error.extensions?.['code'];
    const code: ErrorCode = isErrorCode(given) ? given : 'INTERNAL_SERVER_ERROR';
    if (code !== given) logger.error({ subgraph: client.name, error, requestId: fetch.requestId }, 'a subgraph refused what the gateway sent');
    const message = code === 'INTERNAL_SERVER_ERROR' ? maskedMessage : error.message;
    const extensions = publicExtensions(code, error.extensions);
    const { packed } = fetch;
    if (!packed) return error.path?.length ? [{ message, path: error.path, extensions }] : failed(fetch, message, extensions);
    if (typeof error.path?.[1] !== 'number') return failed(fetch, message, extensions);
    return unpackPath(error.path, packed).map((path) => ({ message, path, extensions }));
  }

  return {
    async process(options) {
      const fetch = fetchOf(options);
      try {
        const answer = await send(options, fetch);
        if (!isResult(answer)) return broken(fetch, answer) as never;
        const { data, errors } = answer.body;
        const result: Result = {};
        if (data) result.data = data;
        if (data && fetch.packed) {
          const entities = data['_entities'];
          if (!Array.isArray(entities) || entities.length !== fetch.packed.unique.length) return broken(fetch, answer) as never;
          result.data = { ...data, _entities: unpackEntities(entities, fetch.packed) };
        }
        if (errors?.length) result.errors = errors.flatMap((error) => cleaned(fetch, error));
        return result as never;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        return { errors: failed(fetch, error.message, { code: error.code, ...error.details }) } as never;
      }
    },
  };
}

function fetchOf({ request, context }: ProcessOptions): Fetch {
  const query = request.query ?? '';
  const variables = request.variables ?? {};
  const representations = /[{\s]_entities\s*\(/.test(query) ? variables['representations'] : undefined;
  const packed = Array.isArray(representations) ? pack(representations) : undefined;
  return {
    query,
    variables: packed ? { ...variables, representations: packed.unique } : variables,
    packed,
    requestId: (context as GatewayContext).requestId,
  };
}

/** A 401 or 403 is about the gateway's own identity, not about the viewer, and must not look like the viewer's. */
function isResult(answer: SubgraphAnswer): answer is SubgraphAnswer & { body: { data?: Record<string, unknown> | null; errors?: GraphQLFormattedError[] } } {
  const body = answer.body as { data?: unknown; errors?: unknown } | null | undefined;
  if (answer.status === 401 || answer.status === 403 || typeof body !== 'object' || body === null) return false;
  return typeof body.data === 'object' ? body.data !== null || Array.isArray(body.errors) : Array.isArray(body.errors);
}
