// GraphQL over WebSocket (subprotocol graphql-transport-ws) on the port of HTTP. Queries and mutations run as over HTTP.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApolloServer } from '@apollo/server';
import { DomainError } from '@taskgraph/shared/errors';
import { newId } from '@taskgraph/shared/ids';
import { makeServer, type Context } from 'graphql-ws';
import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import type { Authenticate } from '../authentication.js';
import { clientInfo } from '../client-info.js';
import type { GatewayContext } from '../context.js';
import { withRequestId } from '../format-error.js';
import { maskedMessage } from '../public-errors.js';
import type { Revocations } from '../revocations.js';
import { LiveFailure, type Events, type Live } from './live.js';
import { acceptProtocol, openSocket, type SocketExtra } from './socket.js';

export interface WebSocketOptions {
  server: Server;
  path: string;
  /** Web pages that may connect. Programs send no Origin and may. */
  origins: Set<string>;
  authenticate: Authenticate;
  revocations: Pick<Revocations, 'judge' | 'onNews'>;
  apollo: ApolloServer<GatewayContext>;
  schema: () => GraphQLSchema;
  live: Live;
  logger: Logger;
  /** See Config. */
  trustedProxies: number;
}

/** Largest message of a client, in bytes. */
const maxPayload = 64 * 1_024;
/** Close codes of the protocol and of RFC 6455. */
const forbidden = 4403;
const tryAgainLater = 1013;
/** A timer set for longer than this fires at once; a socket that lives for 24 days may as well begin anew. */
const longestTimer = 2 ** 31 - 1;

type Subscriber = Context<Record<string, unknown>, SocketExtra>;

/** What was made of a `subscribe` message, carried to graphql-ws's `execute` and `subscribe`. */
interface Prepared extends ExecutionArgs {
  outcome: FormattedExecutionResult | Events;
}

export function serveWebSocket(options: WebSocketOptions): { close: () => Promise<void> } {
  const { server, logger, authenticate } = options;
  const protocol = makeServer<Record<string, unknown>, SocketExtra>({
    onConnect: (subscriber) => signIn(subscriber, authenticate),
    onSubscribe: (subscriber, _id, payload) => prepare(options, subscriber.extra, payload),
    execute: (args) => (args as Prepared).outcome as never,
    subscribe: (args) => (args as Prepared).outcome as never,
    // Results are formatted already; graphql-ws would look for GraphQLError objects.
    onNext: (_subscriber, _id, _payload, _args, result) => result as FormattedExecutionResult as never,
    onError: (_subscriber, _id, _payload, errors) => errors.map((error) => outward(error as GraphQLError, logger)).flat() as never,
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false, handleProtocols: acceptProtocol });
  const open = new Set<SocketExtra>();
  sockets.on('connection', (socket, request) => {
    const extra = openSocket(protocol, socket, clientInfo(request, options.trustedProxies), logger);
    open.add(extra);
    socket.once('close', () => open.delete(extra));
  });
  // A role that has changed ends a socket as well: what is subscribed over it was judged by the old one.
  const stopListening = options.revocations.onNews(() => {
    for (const { viewer, socket } of open) {
      if (viewer && options.revocations.judge(viewer) !== viewer) socket.close(forbidden, 'The session has ended');
    }
  });

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const { origin } = request.headers;
    if (new URL(request.url ?? '/', 'http://gateway').pathname !== options.path) return refuse(socket, '404 Not Found');
    if (origin !== undefined && !options.origins.has(origin)) return refuse(socket, '403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  };
  server.on('upgrade', upgrade);
  return {
    async close() {
      stopListening();
      server.off('upgrade', upgrade);
      server.on('upgrade', (_request, socket) => refuse(socket, '503 Service Unavailable'));
      for (const socket of sockets.clients) socket.close(1001, 'Going away');
      // A peer that does not answer the close frame must not hold up the shutdown.
      const impatient = setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), 1_000);
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
      clearTimeout(impatient);
    },
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** The token comes in the payload of connection_init under `authorization`, in any case; Sandbox sends its headers so. */
async function signIn({ connectionParams = {}, extra }: Subscriber, authenticate: Authenticate): Promise<boolean> {
  const given = Object.entries(connectionParams).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  try {
    // What is no text is no token either; it is refused like one.
    const viewer = await authenticate(given == null || typeof given === 'string' ? (given ?? undefined) : 'no text');
    extra.viewer = viewer;
    if (viewer) extra.expire = setTimeout(() => extra.socket.close(forbidden, 'The access token has ended'), Math.min(viewer.expiresAt - Date.now(), longestTimer));
    return true;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === 'SUBGRAPH_UNAVAILABLE') extra.socket.close(tryAgainLater, error.message);
    else extra.socket.close(forbidden, 'Forbidden');
    return false;
  }
}

interface SubscribePayload {
  query: string;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
  extensions?: Record<string, unknown> | null | undefined;
}

async function prepare(options: WebSocketOptions, { viewer, client }: SocketExtra, payload: SubscribePayload): Promise<Prepared | readonly GraphQLError[]> {
  const context: GatewayContext = { viewer, requestId: newId(), idempotencyKey: null, client };
  const document = parsed(payload.query);
  const refused = (errors: readonly GraphQLFormattedError[]) => errors.map((error) => inward(withRequestId(error, context.requestId)));
  const schema = options.schema();

  if (document && getOperationAST(document, payload.operationName)?.operation === OperationTypeNode.SUBSCRIPTION) {
    const invalid = validate(schema, document, specifiedRules, { hideSuggestions: true });
    if (invalid.length > 0) return refused(invalid.map((error) => ({ ...error.toJSON(), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })));
    try {
      const started = await options.live({ document, operationName: payload.operationName, variables: payload.variables ?? {}, context });
      return 'errors' in started ? refused(started.errors) : { schema, document, operationName: payload.operationName ?? null, outcome: started.events };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return refused([{ message: error.message, extensions: { code: error.code, ...error.details } }]);
    }
  }

  const { body } = await options.apollo.executeOperation(
    {
      query: payload.query,
      ...(payload.variables ? { variables: payload.variables } : {}),
      ...(payload.operationName ? { operationName: payload.operationName } : {}),
      ...(payload.extensions ? { extensions: payload.extensions } : {}),
    },
    { contextValue: context },
  );
  if (body.kind !== 'single') throw new Error('incremental delivery is not offered');
  // An operation that never ran is refused with `error`; one that ran answers with `next`, errors and all.
  if (!document || body.singleResult.data === undefined) return refused(body.singleResult.errors ?? []);
  return { schema, document, operationName: payload.operationName ?? null, outcome: body.singleResult };
}

function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query);
  } catch {
    return undefined;
  }
}

/** graphql-ws takes refusals only as GraphQLError, which would lose the locations of what is formatted already. */
const formatted = new WeakMap<GraphQLError, GraphQLFormattedError>();

function inward(error: GraphQLFormattedError): GraphQLError {
  const wrapped = new GraphQLError(error.message);
  formatted.set(wrapped, error);
  return wrapped;
}

function outward(error: GraphQLError, logger: Logger): readonly GraphQLFormattedError[] {
  const known = formatted.get(error);
  if (known) return [known];
  // An operation without a name that could be chosen is refused by graphql-ws itself.
  if (!error.originalError) return [error.toJSON()];
  if (error.originalError instanceof LiveFailure) return error.originalError.errors;
  const requestId = newId();
  logger.error({ err: error.originalError, requestId }, 'a subscription broke');
  return [withRequestId({ message: maskedMessage, extensions: { code: 'INTERNAL_SERVER_ERROR' } }, requestId)];
}
