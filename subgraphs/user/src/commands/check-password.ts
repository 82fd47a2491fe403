// Every check of a password goes through here: counted per account, however the request was shaped.
import { DomainError } from '@taskgraph/shared/errors';
import { createHash } from 'node:crypto';
import type { Context } from '../context.js';
import type { UserRow } from '../entities/user.js';
import { checkDeadline, verifyPassword } from '../passwords.js';
import { countInWindow, readWindow } from '../repositories/password-check-repository.js';

/** Checks per account in 15 minutes; OWASP ASVS 2.2.1 allows 100 an hour. */
const checkLimit = 10;
const checkMinutes = 15;

/**
 * Whether `password` is the user's. An unknown user costs and counts the same, under the login that was tried, so that
 * answers and limits do not tell whether an account exists. RATE_LIMITED beyond ten in 15 minutes, OVERLOADED where the request is too old.
 */
export async function checkPassword(context: Pick<Context, 'database' | 'hashUntil'>, user: UserRow | null, login: string, password: string): Promise<boolean> {
  // What is not checked any more is not counted, and waits for nothing.
  checkDeadline(context.hashUntil);
  const account = user?.id ?? `unknown ${fingerprint(login)}`;
  const { checks, secondsLeft } = await countInWindow(context.database, account, checkMinutes);
  if (checks > checkLimit) throw limited('Too many password checks for this account.', secondsLeft);
  return verifyPassword(user?.passwordHash ?? null, password, context.hashUntil);
}

/** Mails to one address in an hour, whoever asks for them and whether or not anybody has it. */
const mailLimit = 5;
const mailMinutes = 60;

export async function checkMailLimit(context: Pick<Context, 'database'>, emailKey: string): Promise<void> {
  const { checks, secondsLeft } = await countInWindow(context.database, `mail ${fingerprint(emailKey)}`, mailMinutes);
  if (checks > mailLimit) throw limited('Too many mails to this address.', secondsLeft);
}

/** Registrations from one address in 15 minutes that met a taken handle or e-mail: CONFLICT tells that somebody has it (RULES §8). */
const takenLimit = 20;
const takenMinutes = 15;
const takenBy = ({ client }: Pick<Context, 'client'>) => `taken ${client.ip ?? 'unknown'}`;

/** Beyond the limit nothing is told any more, whether it is taken or not. */
export async function checkTakenLimit(context: Pick<Context, 'database' | 'client'>): Promise<void> {
  const { checks, secondsLeft } = await readWindow(context.database, takenBy(context), takenMinutes);
  if (checks >= takenLimit) throw limited('Too many registrations with a taken handle or e-mail.', secondsLeft);
}

export const countTaken = (context: Pick<Context, 'database' | 'client'>): Promise<unknown> => countInWindow(context.database, takenBy(context), takenMinutes);

const fingerprint = (text: string) => createHash('sha256').update(text.toLowerCase()).digest('base64url');
const limited = (message: string, secondsLeft: number) => new DomainError('RATE_LIMITED', message, { retryAfter: Math.max(1, secondsLeft) });
