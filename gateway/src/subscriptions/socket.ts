// Binds one WebSocket to the protocol server of graphql-ws, with a ping that finds dead peers and our own log. Results of
// subscriptions do not pass through graphql-ws: they are written to the pipe as they are, serialised once for all.
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, type Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { AuthenticatedViewer } from '../authentication.js';
import type { ClientInfo } from '../context.js';
import { liveGivenUp } from '../metrics.js';
import { createPeerReading } from './peer-reading.js';
import { createPipe } from './pipe.js';
import type { Pipe } from './outlet.js';

export interface SocketExtra {
  socket: WebSocket;
  pipe: Pipe;
  /** Whether `connection_init` was accepted. */
  signedIn: boolean;
  viewer: AuthenticatedViewer | null;
  client: ClientInfo;
  /** Operations that were not answered yet; of a subscription until it runs. */
  answering: Set<Promise<unknown>>;
  /** The place after the last result; null where results of several operations were sent, which may have different ones. */
  told: { operation: string; cursor: string } | null | undefined;
  /** Whether a fresh token is being looked up. */
  renewing: boolean;
  /** Ends the socket when its token ends. */
  expire: NodeJS.Timeout | undefined;
}

export interface SocketLimits {
  /** A peer is pinged this often and dropped when it has not answered by the next time, in milliseconds. */
  pingMs: number;
  /** One that reads nothing of the results that it is sent is given up after this, in milliseconds. */
  stallMs: number;
}

/** Close codes: of the protocol for what is no message, and for faults of the server. */
const badRequest = 4400;
const internalError = 4500;
/** Our own, for a peer that does not take what is sent to it. */
export const tooSlow = 4410;
/** Answers that may wait for a peer that goes on asking and does not read, in bytes. */
const mostUnread = 1_048_576;

export const acceptProtocol = (offered: Set<string>): string | false => offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL;

/** Serves the socket and answers what is known of it, until it closes. */
export function openSocket(protocol: Server<SocketExtra>, socket: WebSocket, connection: Duplex, client: ClientInfo, limits: SocketLimits, logger: Logger): SocketExtra {
  const pipe = createPipe({
    write: (data, sent) => {
      // The callback comes with an error when the connection is gone, and then something else ends the subscription.
      if (socket.readyState !== socket.OPEN) setImmediate(sent);
      else if (typeof data === 'string') socket.send(data, sent);
      else {
        // Whole frames; `ws` writes whole ones too, so that the two may take turns.
        connection.write(data, () => sent());
        reading.wrote(data.length);
      }
    },
    waiting: () => socket.bufferedAmount,
  });
  const extra: SocketExtra = { socket, pipe, signedIn: false, viewer: null, client, answering: new Set(), told: undefined, renewing: false, expire: undefined };
  const reading = createPeerReading({
    stallMs: limits.stallMs,
    ping: (payload) => socket.readyState === socket.OPEN && socket.ping(payload),
    stalled: () => {
      liveGivenUp.inc();
      giveUp(socket, extra.told?.cursor ?? '');
    },
  });
  let alive = true;
  const ping = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, limits.pingMs);
  socket.on('pong', (payload) => {
    alive = true;
    reading.answered(payload);
  });
  // The peer broke the protocol or the connection broke; ws closes the socket with the fitting code itself.
  socket.on('error', (error) => logger.debug({ err: error }, 'a web socket broke'));

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      // Resolves when the bytes have left.
      send: (data) => new Promise((resolve) => pipe.write(data, resolve)),
      close: (code, reason) => closeSocket(socket, code, reason),
      onMessage: (take) => {
        socket.on('message', (data, isBinary) => {
          if (isBinary) return closeSocket(socket, badRequest, 'Invalid message received');
          if (socket.bufferedAmount > mostUnread) return giveUp(socket, '', 'Answers are not read');
          // `ws` answers Buffers for text frames, one each.
          take((data as Buffer).toString('utf8')).catch((error: unknown) => {
            if (socket.readyState !== socket.OPEN) return;
            // graphql-ws knows the types of the protocol and throws for those that only a server may send.
            if (error instanceof Error && error.message.startsWith('Unexpected message of type')) return closeSocket(socket, badRequest, 'Invalid message received');
            logger.error({ err: error }, 'a message on a web socket could not be handled');
            closeSocket(socket, internalError, 'Internal server error');
          });
        });
      },
    },
    extra,
  );
  socket.once('close', (code, reason) => {
    clearInterval(ping);
    reading.stop();
    clearTimeout(extra.expire);
    closed(code, String(reason)).catch((error: unknown) => logger.error({ err: error }, 'a web socket was not released'));
  });
  return extra;
}

/** How long a peer that does not read may take to answer the close frame, in milliseconds. */
const farewellMs = 2_000;

/** Most bytes of a close reason: RFC 6455 has no room for more, and ws throws. */
const mostReasonBytes = 123;
const fits = (reason: string) => Buffer.byteLength(reason) <= mostReasonBytes;

/** Every close goes through here: a reason that is too long, since a peer's own words may stand in it, is cut between characters. */
export function closeSocket(socket: WebSocket, code?: number, reason = ''): void {
  // As a stream, the decoder keeps back a character that is cut in two.
  const cut = () => new TextDecoder().decode(Buffer.from(reason).subarray(0, mostReasonBytes), { stream: true });
  socket.close(code, fits(reason) ? reason : cut());
}

/** Half a cursor is none: with a long one the words give way first, then the cursor. A cursor has no spaces, the words have. */
const slowReason = (cursor: string, words: string): string =>
  (cursor === '' ? [words] : [`${words}; go on after ${cursor}`, cursor, words]).find(fits) ?? '';

/** Closes with our own code; `cursor` is where to go on, or empty. The peer may never read it, so the connection is cut soon after. */
export function giveUp(socket: WebSocket, cursor: string, words = 'Too slow'): void {
  if (socket.readyState !== socket.OPEN) return;
  closeSocket(socket, tooSlow, slowReason(cursor, words));
  setTimeout(() => socket.terminate(), farewellMs).unref();
}
