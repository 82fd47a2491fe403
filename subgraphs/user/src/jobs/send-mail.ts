// Makes and sends one mail. The row is the record, the job brings its id. The one-time token comes into being here, when the mail
// is made (RULES §8): its hash goes into the database, the token itself nowhere but into the mail.
import { createHmac } from 'node:crypto';
import type { Mailer } from '@taskgraph/shared/mailer';
import { writeTransaction, type WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { UserRow } from '../entities/user.js';
import { mailText, tokenMinutes } from '../mail-text.js';
import { buryMail, countMailAttempt, findDueMail, finishMail, postponeMail, saveMailToken, type MailRow } from '../repositories/mail-repository.js';
import { findUserByEmail, findUsersByIds } from '../repositories/user-repository.js';
import { hashToken } from '../tokens.js';

export interface SendMailOptions {
  database: DataSource;
  mailer: Mailer;
  secretKey: string;
  publicUrl: string;
  /** Whether addresses that were not verified get nothing but their verification. */
  requireVerified: boolean;
  log: Logger;
}

const maxAttempts = 8;

/** Pause before the next try, in milliseconds: 2 s, 6 s, 18 s ... 24 min, each somewhere between its half and its whole. */
const retryDelayMs = (attempts: number): number => 2_000 * 3 ** (attempts - 1) * (0.5 + Math.random() / 2);

export async function sendMail(options: SendMailOptions, mailId: string): Promise<void> {
  const { database, log } = options;
  const made = await writeTransaction(database, { lock: [`mail:${mailId}`] }, (tx) => makeMail(options, tx, mailId));
  if (!made) return;
  const { mail, to, token } = made;
  const attempts = mail.attempts + 1;
  try {
    await options.mailer.send({ id: mail.id, to, ...mailText(mail.kind, token, options.publicUrl) });
  } catch (error) {
    const reason = describeFailure(error);
    log.warn({ mail: mail.id, attempts, reason }, 'a mail could not be sent');
    return void (await (attempts >= maxAttempts ? buryMail(database, mail.id, reason) : postponeMail(database, mail.id, retryDelayMs(attempts), reason)));
  }
  await finishMail(database, mail.id, 'SENT', null);
}

/** Judges the mail as things are now, counts the try before it is made, and saves the token's hash. Null where nothing is to be sent. */
async function makeMail({ requireVerified, secretKey }: SendMailOptions, tx: WriteTransaction, mailId: string): Promise<{ mail: MailRow; to: string; token: string } | null> {
  const mail = await findDueMail(tx, mailId);
  if (!mail) return null;
  const user = await readerOf(tx, mail);
  // Changes of the account wait for this, and this for them.
  if (user) tx.alsoLock([`user:${user.id}`]);
  const reason = !user ? 'nobody has this address' : mail.kind === 'RESET' && requireVerified && !user.emailVerified ? 'the address is not verified' : null;
  if (!user || reason) {
    await finishMail(tx, mail.id, 'SKIPPED', reason);
    return null;
  }
  if (mail.attempts >= maxAttempts) {
    await buryMail(tx, mail.id, 'the worker died at each try');
    return null;
  }
  await countMailAttempt(tx, mail.id);
  // Derived, so that a mail that is tried again says the same, whichever copy arrives.
  const token = createHmac('sha256', secretKey).update(`mail token ${mail.id}`).digest('base64url');
  // A reset goes to the address as its owner wrote it: one that only folds to the same letters may be somebody else's.
  const to = mail.kind === 'RESET' ? user.email : mail.email;
  await saveMailToken(tx, mail.kind, hashToken(token), { userId: user.id, email: to, emailKey: mail.emailKey }, tokenMinutes[mail.kind]);
  return { mail, to, token };
}

/** The active account the mail is for: of a reset, the one that has the address; of a verification, the one that asked, unless another has it. */
async function readerOf(tx: WriteTransaction, mail: MailRow): Promise<UserRow | null> {
  const holder = await findUserByEmail(tx.manager, mail.emailKey);
  if (mail.userId === null) return holder?.active ? holder : null;
  if (holder && holder.id !== mail.userId) return null;
  const [user] = await findUsersByIds(tx.manager, [mail.userId]);
  return user?.active ? user : null;
}

/** Codes only: servers put addresses into their texts. */
function describeFailure(error: unknown): string {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  return ['sending failed', code, responseCode].filter((part) => typeof part === 'string' || typeof part === 'number').join(' ');
}
