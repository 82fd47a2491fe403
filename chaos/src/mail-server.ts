// A mail server on a bad day: it takes most mails, and refuses or loses some in every way that ends in another try.
import { createServer, type Socket } from 'node:net';
import { freePort } from '@taskgraph/shared/testing/ports';
import type { Dice } from './random.js';

export interface MailServer {
  url: string;
  /** Ids of the Message-IDs that arrived, one for each copy. */
  mails: () => string[];
  /** How many tries were refused, dropped or left hanging. */
  failed: () => number;
  /** From now on it is well. */
  heal: () => void;
  close: () => Promise<void>;
}

type Mood = 'well' | 'refuses to talk' | 'refuses the address for now' | 'drops what it has taken' | 'hangs';

export async function startMailServer(dice: Dice): Promise<MailServer> {
  const mails: string[] = [];
  const sockets = new Set<Socket>();
  let isWell = false;
  let failed = 0;

  const mood = (): Mood => {
    const roll = isWell ? 1_000 : dice.below(1_000);
    if (roll < 30) return 'refuses to talk';
    if (roll < 60) return 'refuses the address for now';
    if (roll < 80) return 'drops what it has taken';
    return roll < 84 ? 'hangs' : 'well';
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
    const today = mood();
    if (today !== 'well') failed += 1;
    const say = (line: string): void => void (socket.writable && socket.write(`${line}\r\n`));
    if (today === 'refuses to talk') return void socket.end('421 come back later\r\n');
    say('220 mail on a bad day');
    let text = '';
    let inData = false;
    socket.on('data', (piece: Buffer) => {
      text += piece.toString();
      for (;;) {
        const end = text.indexOf(inData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const part = text.slice(0, end);
        text = text.slice(end + (inData ? 5 : 2));
        if (inData) {
          inData = false;
          const [, id] = /^message-id:\s*<([^@>]+)@/im.exec(part.replaceAll(/\r\n[ \t]+/g, ' ')) ?? [];
          if (id) mails.push(id);
          if (today === 'hangs') continue;
          if (today === 'drops what it has taken') return void socket.destroy();
          say('250 taken');
          continue;
        }
        const command = part.slice(0, 4).toUpperCase();
        if (command === 'DATA') {
          inData = true;
          say('354 go on');
        } else if (command === 'QUIT') return void socket.end('221 good bye\r\n');
        else if (command === 'RCPT' && today === 'refuses the address for now') say('451 not now');
        else say('250 well');
      }
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails: () => [...mails],
    failed: () => failed,
    heal: () => void (isWell = true),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
