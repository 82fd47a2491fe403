// GraphQL over WebSocket (subprotocol graphql-transport-ws) on the port of HTTP. Queries and mutations run as over HTTP.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTick } from 'node:timers/promises';
import { clientNetwork } from '@taskgraph/shared/client-network';
import { DomainError } from '@taskgraph/shared/errors';
import { newTraceId } from '@taskgraph/shared/ids';
import { inRootSpan } from '@taskgraph/shared/tracing/spans';
import { makeServer, type Context } from 'graphql-ws';
import { GraphQLError, type ExecutionArgs, type FormattedExecutionResult, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Admit } from '../admission.js';
import type { Authenticate, AuthenticatedViewer } from '../authentication.js';
import { clientInfo } from '../client-info.js';
import type { LiveLimits } from '../config.js';
import type { GatewayContext } from '../context.js';
import { withRequestId } from '../format-error.js';
import { socketsOpen } from '../metrics.js';
import { maskedMessage } from '../public-errors.js';
import type { Revocations } from '../revocations.js';
import { LiveFailure, type Running } from './live.js';
import { startOperation, type OperationOptions, type OperationPayload } from './operations.js';
import { acceptProtocol, closeSocket, giveUp, openSocket, type SocketExtra } from './socket.js';
import { nextFrames } from './socket-frames.js';

export interface WebSocketOptions extends OperationOptions {
  server: Server;
  path: string;
  /** Web pages that may connect. Programs send no Origin and may. */
  origins: Set<string>;
  authenticate: Authenticate;
  /** Asked for each operation, and for each token that is none. */
  admit: Admit;
  /** Whether this process takes no new work. */
  isOverloaded: () => boolean;
  revocations: Pick<Revocations, 'judge' | 'onNews'>;
  limits: LiveLimits;
  logger: Logger;
  /** See Config. */
  trustedProxies: number;
}

/** Close codes of the protocol and of RFC 6455; 4411 is our own. */
const forbidden = 4403;
const tryAgainLater = 1013;
const tooManySockets = 4411;
const goingAway = 1001;
/** When the gateway stops: how long operations under way are waited for, and then the answer of a peer to the close frame; in milliseconds. */
const answerMs = 4_000;
const farewellMs = 1_000;
/** A timer set for longer than this fires at once; a socket that lives for 24 days may as well begin anew. */
const longestTimer = 2 ** 31 - 1;

/** Each result carries the id, and a page of results is one write. */
const longestId = 128;

type Subscriber = Context<Record<string, unknown>, SocketExtra>;

/** What was made of a `subscribe` message, carried to graphql-ws's `execute` and `subscribe`. */
interface Prepared extends ExecutionArgs {
  outcome: FormattedExecutionResult | Running;
}

export function serveWebSocket(options: WebSocketOptions): { close: () => Promise<void> } {
  const { server, logger, limits } = options;
  const open = new Set<SocketExtra>();
  const protocol = makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: limits.initTimeoutMs,
    onConnect: async (subscriber) => (await signIn(options, subscriber)) && !isOneTooMany(open, subscriber.extra, limits.socketsPerUser),
    onPing: ({ extra, acknowledged }, payload) => (acknowledged ? renew(options, extra, payload) : undefined),
    onSubscribe: (subscriber, id, payload) => {
      if (id.length > longestId) return [new GraphQLError(`The id of an operation has at most ${longestId} characters.`, { extensions: { code: 'BAD_USER_INPUT' } })];
      const { answering } = subscriber.extra;
      const requestId = newTraceId();
      const prepared = inRootSpan('WebSocket operation', requestId, () => prepare(options, subscriber, id, payload, requestId));
      const settled = prepared.then(nextTick, nextTick).finally(() => answering.delete(settled));
      answering.add(settled);
      return prepared;
    },
    execute: (args) => (args as Prepared).outcome as never,
    subscribe: (args) => (args as Prepared).outcome as never,
    // Results are formatted already; graphql-ws would look for GraphQLError objects.
    onNext: (_subscriber, _id, _payload, _args, result) => result as FormattedExecutionResult as never,
    onError: (_subscriber, _id, _payload, errors) => errors.map((error) => outward(error as GraphQLError, logger)).flat() as never,
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.messageBytes, perMessageDeflate: false, handleProtocols: acceptProtocol });
  sockets.on('connection', (socket, request) => {
    const extra = openSocket(protocol, socket, request.socket, clientInfo(request, options.trustedProxies), limits, logger);
    open.add(extra);
    socketsOpen.inc({ kind: 'websocket' });
    socket.once('close', () => {
      open.delete(extra);
      socketsOpen.dec({ kind: 'websocket' });
    });
  });
  // A role that has changed ends a socket as well: what is subscribed over it was judged by the old one.
  const stopListening = options.revocations.onNews(() => {
    for (const { viewer, socket } of open) {
      if (viewer && options.revocations.judge(viewer) !== viewer) closeSocket(socket, forbidden, 'The session has ended');
    }
  });

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    destroyOnError(socket);
    const { origin } = request.headers;
    // Not by URL: whatever a peer writes there must not throw out of a listener.
    if (request.url?.split('?', 1)[0] !== options.path) return refuse(socket, '404 Not Found');
    if (origin !== undefined && !options.origins.has(origin)) return refuse(socket, '403 Forbidden');
    if (options.isOverloaded()) return refuse(socket, '503 Service Unavailable');
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  };
  server.on('upgrade', upgrade);
  return {
    async close() {
      stopListening();
      server.off('upgrade', upgrade);
      server.on('upgrade', (_request, socket) => {
        destroyOnError(socket);
        refuse(socket, '503 Service Unavailable');
      });
      const timers = new Set<NodeJS.Timeout>();
      const farewell = (socket: WebSocket) => {
        closeSocket(socket, goingAway, 'Going away');
        // A peer that does not answer the close frame must not hold up the shutdown.
        timers.add(setTimeout(() => socket.terminate(), farewellMs));
      };
      // Queries and mutations under way are answered first; subscriptions go on elsewhere from their cursors.
      for (const { socket, answering } of open) void Promise.allSettled(answering).then(() => farewell(socket));
      timers.add(setTimeout(() => sockets.clients.forEach(farewell), answerMs));
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** Made here, where nothing else is in reach that it would keep as long as the socket lives. */
function destroyOnError(socket: Duplex): void {
  socket.on('error', () => socket.destroy());
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

const tokenIn = (payload: Record<string, unknown> = {}) => Object.entries(payload).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
// What is no text is no token either; it is refused like one.
const asHeader = (token: unknown) => (token == null || typeof token === 'string' ? (token ?? undefined) : 'no text');

/** The token could not be looked up. */
const isPassing = ({ code }: DomainError) => code === 'SUBGRAPH_UNAVAILABLE' || code === 'OVERLOADED' || code === 'RATE_LIMITED';

/** The token comes in the payload of connection_init under `authorization`, in any case; Sandbox sends its headers so. */
async function signIn({ authenticate, admit }: WebSocketOptions, subscriber: Subscriber): Promise<boolean> {
  const { extra, connectionParams: payload } = subscriber;
  try {
    extra.viewer = await authenticate(asHeader(tokenIn(payload)), extra.client.ip);
    watchToken(extra);
    // What was said at the start is kept as long as the socket lives: the token is not wanted any more.
    Object.assign(subscriber, { connectionParams: undefined });
    return true;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    // Guessing at tokens counts as asking without one.
    if (error.code === 'UNAUTHENTICATED') await admit({ viewer: null, ip: extra.client.ip }).catch(() => undefined);
    if (isPassing(error)) closeSocket(extra.socket, tryAgainLater, error.message);
    else closeSocket(extra.socket, forbidden, 'Forbidden');
    return false;
  }
}

function watchToken(extra: SocketExtra): void {
  const { socket, viewer } = extra;
  clearTimeout(extra.expire);
  if (viewer) extra.expire = setTimeout(() => closeSocket(socket, forbidden, 'The access token has ended'), Math.min(viewer.expiresAt - Date.now(), longestTimer));
}

/** Of a session: no scopes, which is more than none. */
const scopesOf = ({ scopes }: AuthenticatedViewer) => (scopes ? JSON.stringify(scopes.toSorted()) : '');

/** A ping may bring a fresh token of the same person that may do the same: the socket then lives as long as that one. Anything else ends it. */
async function renew({ authenticate }: WebSocketOptions, extra: SocketExtra, payload: Record<string, unknown> | undefined): Promise<void> {
  const token = tokenIn(payload);
  // One look-up at a time, however many pings come.
  if (token == null || extra.renewing) return;
  extra.renewing = true;
  try {
    const viewer = await authenticate(asHeader(token), extra.client.ip);
    if (!viewer || !extra.viewer || viewer.id !== extra.viewer.id || viewer.role !== extra.viewer.role || scopesOf(viewer) !== scopesOf(extra.viewer)) {
      return closeSocket(extra.socket, forbidden, 'The token is not of this socket');
    }
    extra.viewer = viewer;
    watchToken(extra);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    // While it cannot be checked, the old one counts.
    if (!isPassing(error)) closeSocket(extra.socket, forbidden, 'Forbidden');
  } finally {
    extra.renewing = false;
  }
}

/** Of one person, or of one address where nobody is signed in. */
function isOneTooMany(open: Set<SocketExtra>, extra: SocketExtra, limit: number): boolean {
  const owner = ({ viewer, client }: SocketExtra) => viewer?.id ?? `address ${client.ip === null ? '' : clientNetwork(client.ip)}`;
  const mine = owner(extra);
  let count = 0;
  for (const other of open) if (other.signedIn && owner(other) === mine) count += 1;
  if (count >= limit) {
    closeSocket(extra.socket, tooManySockets, 'Too many sockets');
    return true;
  }
  extra.signedIn = true;
  return false;
}

async function prepare(options: WebSocketOptions, { extra, subscriptions }: Subscriber, id: string, payload: OperationPayload, requestId: string): Promise<Prepared | readonly GraphQLError[]> {
  const { viewer, client, pipe, socket } = extra;
  const context: GatewayContext = { viewer, requestId, idempotencyKey: null, client };
  const { subscriptionsPerSocket } = options.limits;
  // This one is among them already.
  if (Object.keys(subscriptions).length > subscriptionsPerSocket) {
    const message = `At most ${subscriptionsPerSocket} operations run on one socket at a time.`;
    return [inward(withRequestId({ message, extensions: { code: 'RATE_LIMITED', retryAfter: 1 } }, context.requestId))];
  }
  try {
    const { chargeCost, chargePlanning } = await options.admit({ viewer, ip: client.ip });
    Object.assign(context, { chargeCost, chargePlanning });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return [inward(withRequestId({ message: error.message, extensions: { code: error.code, ...error.details } }, context.requestId))];
  }
  const started = await startOperation(options, payload, context, {
    pipe,
    frame: (items) => {
      const { told } = extra;
      extra.told = told === undefined || told?.operation === id ? { operation: id, cursor: items.at(-1)?.cursor ?? '' } : null;
      return nextFrames(id, items);
    },
    tooSlow: (cursor) => giveUp(socket, cursor),
  });
  if (started.kind === 'refused') return started.errors.map(inward);
  const common = { schema: options.schema(), document: started.document, operationName: payload.operationName ?? null };
  return { ...common, outcome: started.kind === 'running' ? started.running : started.result };
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
  const requestId = newTraceId();
  logger.error({ err: error.originalError, requestId }, 'a subscription broke');
  return [withRequestId({ message: maskedMessage, extensions: { code: 'INTERNAL_SERVER_ERROR' } }, requestId)];
}
