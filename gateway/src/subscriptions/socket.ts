// Binds one WebSocket to the protocol server of graphql-ws, with a ping that finds dead peers and our own log.
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, type Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { AuthenticatedViewer } from '../authentication.js';
import type { ClientInfo } from '../context.js';

export interface SocketExtra {
  socket: WebSocket;
  viewer: AuthenticatedViewer | null;
  client: ClientInfo;
  /** Ends the socket when its token ends. */
  expire: NodeJS.Timeout | undefined;
}

/** A peer is pinged this often and dropped when it has not answered by the next time. */
const pingMs = 12_000;
/** Close code of the protocol for faults of the server. */
const internalError = 4500;

export const acceptProtocol = (offered: Set<string>): string | false => offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL;

/** Serves the socket and answers what is known of it, until it closes. */
export function openSocket(protocol: Server<SocketExtra>, socket: WebSocket, client: ClientInfo, logger: Logger): SocketExtra {
  const extra: SocketExtra = { socket, viewer: null, client, expire: undefined };
  let alive = true;
  const ping = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, pingMs);
  socket.on('pong', () => (alive = true));
  // The peer broke the protocol or the connection broke; ws closes the socket with the fitting code itself.
  socket.on('error', (error) => logger.debug({ err: error }, 'a web socket broke'));

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      // Resolves when the bytes have left: a slow reader holds up its own subscriptions and nothing else.
      send: (data) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== socket.OPEN) return resolve();
          socket.send(data, (error) => (error ? reject(error) : resolve()));
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (take) => {
        socket.on('message', (data) => {
          // `ws` answers Buffers for text frames, one each.
          take((data as Buffer).toString('utf8')).catch((error: unknown) => {
            if (socket.readyState !== socket.OPEN) return;
            logger.error({ err: error }, 'a message on a web socket could not be handled');
            socket.close(internalError, 'Internal server error');
          });
        });
      },
    },
    extra,
  );
  socket.once('close', (code, reason) => {
    clearInterval(ping);
    clearTimeout(extra.expire);
    closed(code, String(reason)).catch((error: unknown) => logger.error({ err: error }, 'a web socket was not released'));
  });
  return extra;
}
