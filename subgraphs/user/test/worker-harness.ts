// The real worker of the user subgraph beside its API: mails arrive as files.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@taskgraph/shared/logger';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { startTestPeer, type TestPeer } from '@taskgraph/shared/testing/peer';
import { loadConfig } from '../src/config.js';
import { startWorker } from '../src/worker.js';
import { startUser, type Harness } from './harness.js';

export interface Mail {
  to: string;
  subject: string;
  token: string;
  id: string;
}

export interface Mailbox extends Harness {
  /** The log of the channel subgraph. */
  channel: TestPeer;
  /** Every mail to that address so far, in the order of their ids. */
  mailsTo: (email: string) => Promise<Mail[]>;
  /** Waits for that many mails to the address, and answers the last of them. */
  mailTo: (email: string, count?: number) => Promise<Mail>;
}

export async function startUserWithWorker(extra: Record<string, string> = {}): Promise<Mailbox> {
  const user = await startUser(extra);
  const directory = await mkdtemp(join(tmpdir(), 'taskgraph-user-mail-'));
  const channel = await startTestPeer('channel', user.identities);
  const settings = { ...user.settings, ROLES: 'worker', CHANNEL_URL: channel.url, QUEUE_DATABASE_URL: user.database.queue, MAIL_DIR: directory, ...extra };
  const worker = await startWorker(loadConfig(settings), createLogger({ service: 'user', level: 'error' }));
  const mailsTo = async (email: string) => {
    const files = (await readdir(directory)).filter((file) => file.endsWith('.eml')).sort();
    const mails = await Promise.all(files.map(async (file) => parse(await readFile(join(directory, file), 'utf8'), file)));
    return mails.filter((mail) => mail.to === email);
  };
  return {
    ...user,
    channel,
    mailsTo,
    mailTo: (email, count = 1) =>
      eventually(async () => {
        const mails = await mailsTo(email);
        return mails.length >= count ? mails.at(-1) : null;
      }) as Promise<Mail>,
    async stop() {
      await worker.stop();
      await channel.stop();
      await user.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function parse(text: string, file: string): Mail {
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
  return { to: header('To'), subject: header('Subject'), token: /^([\w-]{43})$/m.exec(text)?.[1] ?? '', id: file.replace('.eml', '') };
}
