// Sends e-mail through SMTP_URL, or writes .eml files under MAIL_DIR where no SMTP server is named.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';

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

export function createMailer({ smtpUrl, directory, from }: MailerOptions): Mailer {
  const domain = from.split('@').at(-1)?.replace(/>$/, '') || 'localhost';
  const envelope = (mail: Mail) => ({ from, to: mail.to, subject: mail.subject, text: mail.text, messageId: `<${mail.id}@${domain}>`, ...(mail.html === undefined ? {} : { html: mail.html }), ...(mail.headers ? { headers: mail.headers } : {}) });
  if (smtpUrl) {
    // Time-outs in milliseconds: a hanging server must not hold a worker.
    const transport = createTransport({ url: smtpUrl, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 15_000 });
    return { send: async (mail) => void (await transport.sendMail(envelope(mail))), close: () => transport.close() };
  }
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  return {
    async send(mail) {
      const { message } = await transport.sendMail(envelope(mail));
      // Written beside and renamed, so that nobody reads half a file; a retry replaces its own first copy.
      await mkdir(directory, { recursive: true });
      const path = join(directory, `${mail.id}.eml`);
      await writeFile(`${path}.part`, message as Buffer);
      await rename(`${path}.part`, path);
    },
    close: () => transport.close(),
  };
}
