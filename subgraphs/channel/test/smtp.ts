// A real SMTP server that keeps what it was sent, and can refuse.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface TestSmtp {
  url: string;
  /** Whole messages, with their headers. */
  mails: { to: string; message: string }[];
  /** While set, every message is refused with `refuseCode`. */
  refuse: boolean;
  /** 451 unless a test says otherwise. */
  refuseCode: number;
  /** Messages that were offered, refused ones included. */
  offered: () => number;
  stop: () => Promise<void>;
}

export async function startSmtp(): Promise<TestSmtp> {
  let offered = 0;
  const smtp: TestSmtp = {
    url: '',
    mails: [],
    refuse: false,
    refuseCode: 451,
    offered: () => offered,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      offered += 1;
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (smtp.refuse) return done(Object.assign(new Error('try later, bob@example.org'), { responseCode: smtp.refuseCode }));
        smtp.mails.push({ to: session.envelope.rcptTo.map((recipient) => recipient.address).join(), message: Buffer.concat(chunks).toString() });
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  smtp.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return smtp;
}
