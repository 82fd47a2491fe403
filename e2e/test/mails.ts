// Reads the mails of a system that has no SMTP server: they are .eml files in its data directory.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@taskgraph/shared/testing/eventually';

/** The newest mail to the address with this subject, as it was sent; waits for it. */
export async function mailTo(dataDir: string, email: string, subject: string): Promise<string> {
  const directory = join(dataDir, 'mail');
  return eventually(async () => {
    const files = (await readdir(directory)).filter((file) => file.endsWith('.eml')).sort();
    const mails = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
    return mails.findLast((text) => text.includes(`To: ${email}`) && text.includes(`Subject: ${subject}`)) ?? null;
  });
}

/** The one-time token in it, which stands on a line of its own. */
export async function mailedToken(dataDir: string, email: string, subject: string): Promise<string> {
  const text = await mailTo(dataDir, email, subject);
  const token = /^([\w-]{43})$/m.exec(text)?.[1];
  if (!token) throw new Error(`no token in ${text}`);
  return token;
}
