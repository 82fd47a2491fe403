// The links of the fault run do what their names say, and lose or reorder nothing by themselves.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFaultProxy, type FaultProxy } from '../src/fault-proxy.js';

let server: Server;
let served: Socket[];
let proxy: FaultProxy;
let client: Socket;
let heard: string;
let ended: string[];
beforeEach(async () => {
  served = [];
  server = createServer({ allowHalfOpen: true }, (socket) => {
    served.push(socket);
    socket.on('data', (data) => socket.write(data)).on('error', () => undefined);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  proxy = await startFaultProxy({ port: (server.address() as { port: number }).port });
  [heard, ended] = ['', []];
  client = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  client.on('data', (data) => void (heard += data.toString())).on('error', (error: NodeJS.ErrnoException) => void ended.push(String(error.code))).on('end', () => void ended.push('end'));
  await once(client, 'connect');
  client.write('a');
  await eventually(() => expect(heard).toBe('a'));
});
afterEach(async () => {
  client.destroy();
  for (const socket of served) socket.destroy();
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

test('one that is slow or silent hands on everything in its order, once it is healed', async () => {
  proxy.setMode({ kind: 'delay', ms: 20 });
  client.write('b');
  await eventually(() => expect(heard).toBe('ab'));
  proxy.setMode({ kind: 'blackhole' });
  client.write('c');
  // Another way to the same server: what went into the silent one would have come by now.
  const direct = connect((server.address() as { port: number }).port, '127.0.0.1');
  direct.write('x');
  await once(direct, 'data');
  direct.destroy();
  expect(heard).toBe('ab');
  proxy.setMode({ kind: 'pass' });
  client.write('d');
  await eventually(() => expect(heard).toBe('abcd'));
  expect(proxy.connections()).toBe(1);
});

test('one that is reset ends both sides with an error', async () => {
  const gone = new Promise((resolve) => served[0]?.once('close', resolve));
  proxy.reset();
  await eventually(() => expect(ended).toEqual(['ECONNRESET']));
  await gone;
});

test('one that is half closed still carries what the client says', async () => {
  const said: string[] = [];
  served[0]?.on('data', (data) => said.push(data.toString()));
  proxy.halfClose();
  await eventually(() => expect(ended).toEqual(['end']));
  client.write('still there');
  await eventually(() => expect(said).toEqual(['still there']));
});
