// The physical limit: a server of nothing but `ws` that sends the same bytes to as many sockets. Told by messages of its parent.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('listening', () => process.send({ port: server.address().port }));
process.on('message', ({ bodies }) => {
  for (const body of bodies.map((text) => Buffer.from(text))) for (const socket of server.clients) socket.send(body, { binary: false });
});
process.on('disconnect', () => process.exit(0));
