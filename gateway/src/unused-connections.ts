// Connections that browsers and clients open ahead of need. Node closes idle ones when a server stops, but not those that never
// carried a request: they would hold up the stop for as long as the client likes.
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** Answers how to close them; call it when nothing new is accepted any more. */
export function watchUnused(server: Server): () => void {
  const unused = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  const used = ({ socket }: IncomingMessage) => void unused.delete(socket);
  server.on('request', used);
  server.on('upgrade', used);
  return () => {
    for (const socket of unused) socket.destroy();
  };
}
