// A WebSocket client that costs as little as it can, so that the server is what is measured: one TCP socket, frames counted
// where they lie. Servers do not mask and do not split; messages are text.
import { randomBytes, randomUUID } from 'node:crypto';
import { connect } from 'node:net';

/** A masked frame of a client. */
export function frame(text, opcode = 1) {
  const body = Buffer.from(text);
  const mask = randomBytes(4);
  const head = body.length < 126 ? Buffer.from([0x80 | opcode, 0x80 | body.length]) : Buffer.from([0x80 | opcode, 0x80 | 126, body.length >> 8, body.length & 255]);
  for (let index = 0; index < body.length; index += 1) body[index] ^= mask[index & 3];
  return Buffer.concat([head, mask, body]);
}

/** `onMessage(body, client)` gets the bytes of each text message; `onClose(code)` the code of a close frame, or 1006. */
export function openSocket(port, { protocol, onMessage, onOpen, onClose = () => undefined }) {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  let rest = Buffer.alloc(0);
  let open = false;
  let code = 1006;
  const client = {
    socket,
    send: (message) => socket.write(frame(JSON.stringify(message))),
    cut: () => socket.destroy(),
  };
  socket.on('connect', () => {
    const key = randomBytes(16).toString('base64');
    const offered = protocol ? `sec-websocket-protocol: ${protocol}\r\n` : '';
    socket.write(`GET /graphql HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n${offered}\r\n`);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => onClose(code, client));
  socket.on('data', (chunk) => {
    let data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (!open) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) return void (rest = data);
      if (!data.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) throw new Error(`the upgrade was refused: ${data.subarray(0, 60).toString()}`);
      data = data.subarray(end + 4);
      open = true;
      onOpen?.(client);
    }
    let at = 0;
    while (data.length - at >= 2) {
      let length = data[at + 1];
      let head = 2;
      if (length === 126) {
        if (data.length - at < 4) break;
        length = data.readUInt16BE(at + 2);
        head = 4;
      } else if (length === 127) {
        if (data.length - at < 10) break;
        length = Number(data.readBigUInt64BE(at + 2));
        head = 10;
      }
      if (data.length - at < head + length) break;
      const body = data.subarray(at + head, at + head + length);
      const opcode = data[at] & 15;
      if (opcode === 9) socket.write(frame(body, 10));
      else if (opcode === 8) code = body.length >= 2 ? body.readUInt16BE(0) : 1005;
      else onMessage(body, client);
      at += head + length;
    }
    rest = at < data.length ? data.subarray(at) : Buffer.alloc(0);
  });
  return client;
}

/** A subscription over a socket of its own. `onNext(body, client)` gets the bytes of each `next`; `onReady` is told once the operation is sent. */
export function subscribe(port, token, payload, { onNext, onClose, onReady, onEnd = () => undefined }) {
  const next = Buffer.from('"type":"next"');
  return openSocket(port, {
    protocol: 'graphql-transport-ws',
    onClose,
    onOpen: (client) => client.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }),
    onMessage(body, client) {
      if (body.subarray(0, 80).indexOf(next) >= 0) return onNext(body, client);
      const message = JSON.parse(body.toString());
      if (message.type === 'connection_ack') {
        // As the official client does it: no two sockets use one id.
        client.send({ id: randomUUID(), type: 'subscribe', payload });
        onReady?.(client);
      } else onEnd(message, client);
    },
  });
}
