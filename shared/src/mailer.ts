// Sends e-mail through SMTP_URL, or writes .eml files under MAIL_DIR where no SMTP server is named.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { inSpan, SpanKind } from './tracing/spans.js';

export interface Mail {
  /** Stable over retries: the receiving side may drop a second copy by it. Becomes the Message-ID. */
  id: string;
  to: string;
  subject: string;
  text: string;
  /** The same as `text`; whatever people wrote is escaped in it. */
  html?: string;
  headers?: Record<string, string>;
}

export interface Mailer {
  /** Resolves when the server has taken the message over; rejects otherwise, and the caller tries again. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

export interface MailerOptions {
  smtpUrl?: string | undefined;
  directory: string;
  from: string;
}

/** Nothing of the mail is in the span. */
const traced = (send: Mailer['send']): Mailer['send'] => (mail) => inSpan('send mail', { kind: SpanKind.CLIENT }, () => send(mail));

/** Connections of one process to the mail server: many servers allow one client ten or so. */
const maxConnections = 5;
/** How long one without work is kept, in milliseconds; shorter than its time-out, so that it is ended with a QUIT. */
const idleMs = 10_000;

export function createMailer({ smtpUrl, directory, from }: MailerOptions): Mailer {
  const domain = from.split('@').at(-1)?.replace(/>$/, '') || 'localhost';
  const envelope = (mail: Mail) => ({ from, to: mail.to, subject: mail.subject, text: mail.text, messageId: `<${mail.id}@${domain}>`, ...(mail.html === undefined ? {} : { html: mail.html }), ...(mail.headers ? { headers: mail.headers } : {}) });
  if (smtpUrl) {
    // Connections are kept for the next mail; one that the server has dropped meanwhile is made anew, unless it had begun to take the message.
    // Time-outs in milliseconds: a hanging server must not hold a worker.
    const transport = createTransport({
      url: smtpUrl, pool: true, maxConnections, idleTimeout: idleMs, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 15_000,
    });
    const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
    return {
      send: traced(async (mail) => {
        // Made in one piece first: streamed it would be a dozen writes to the socket.
        const { message, envelope: route } = await composer.sendMail(envelope(mail));
        await transport.sendMail({ envelope: route, raw: message });
      }),
      // Whoever closes it waits for no mail any more: one that is under way is tried again elsewhere.
      close: () => transport.close({ force: true }),
    };
  }
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  return {
    send: traced(async (mail) => {
      const { message } = await transport.sendMail(envelope(mail));
      // Written beside and renamed, so that nobody reads half a file; a retry replaces its own first copy.
      await mkdir(directory, { recursive: true });
      const path = join(directory, `${mail.id}.eml`);
      await writeFile(`${path}.part`, message as Buffer);
      await rename(`${path}.part`, path);
    }),
    close: () => transport.close(),
  };
}
