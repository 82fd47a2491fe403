// Makes a Redis full as a neighbour does who stores too much: with `noeviction` it refuses writes until that is gone.
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const bulkKey = 'chaos:bulk';
const bulkBytes = 65_536;
/** Room above what is used when the filling begins, in bytes. */
const roomBytes = 4 * 1_048_576;

/** Answers the text of a reply; an error's begins with "-". Replies that hold replies are not asked for. */
function ask(socket: Socket, ...words: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (piece: Buffer): void => {
      text += piece.toString();
      const head = text.indexOf('\r\n');
      if (head < 0 || (text.startsWith('$') && text.length < head + 4 + Number(text.slice(1, head)) && !text.startsWith('$-1'))) return;
      socket.off('data', onData).off('close', onClose);
      resolve(text);
    };
    const onClose = (): void => reject(new Error('Redis is gone'));
    socket.on('data', onData).once('close', onClose);
    socket.write([`*${words.length}`, ...words.flatMap((word) => [`$${Buffer.byteLength(word)}`, word]), ''].join('\r\n'));
  });
}

export async function fillRedis(port: number, forMs: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  try {
    const used = Number(/used_memory:(\d+)/.exec(await ask(socket, 'INFO', 'memory'))?.[1]);
    await ask(socket, 'CONFIG', 'SET', 'maxmemory', String(used + roomBytes));
    const bulk = 'x'.repeat(bulkBytes);
    while ((await ask(socket, 'RPUSH', bulkKey, bulk)).startsWith(':'));
    await delay(forMs);
  } finally {
    await ask(socket, 'DEL', bulkKey).catch(() => undefined);
    await ask(socket, 'CONFIG', 'SET', 'maxmemory', '0').catch(() => undefined);
    socket.destroy();
  }
}
