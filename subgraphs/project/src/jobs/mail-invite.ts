// Makes the code of an invite by e-mail and mails it. The row is the record: the job brings its id, and whatever happens to
// the job, the sweep brings another. The code exists here and in the mail: the row keeps a hash, the queue and the log nothing.
import type { Mailer } from '@taskgraph/shared/mailer';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { InviteCodes } from '../invite-codes.js';
import { inviteText } from '../invite-text.js';
import { buryMail, countMailAttempt, findDueMail, finishMail, postponeMail, saveCodeHash } from '../repositories/invite-mail-repository.js';

export interface MailInviteOptions {
  database: DataSource;
  codes: InviteCodes;
  mailer: Mailer;
  publicUrl: string;
  log: Logger;
}

const maxAttempts = 8;

/** Pause before the next try, in milliseconds: 2 s, 6 s, 18 s ... 24 min, each somewhere between its half and its whole. `random` lies in [0, 1). */
export const retryDelayMs = (attempts: number, random: number): number => 2_000 * 3 ** (attempts - 1) * (0.5 + random / 2);

export async function mailInvite({ database, codes, mailer, publicUrl, log }: MailInviteOptions, inviteId: string): Promise<void> {
  const mail = await findDueMail(database, inviteId);
  if (!mail) return;
  if (mail.over) return void (await finishMail(database, inviteId, 'SKIPPED', 'the invite can no longer be accepted'));
  const attempts = await countMailAttempt(database, inviteId);
  if (attempts === 0) return;
  if (attempts > maxAttempts) return giveUp('the worker died at each try');

  // Kept before it is sent: a code that somebody has must be found. Every try makes the same one.
  const code = await saveCode();
  try {
    await mailer.send({ id: inviteId, to: mail.email, ...inviteText(mail, code, publicUrl) });
  } catch (error) {
    const reason = describeFailure(error);
    log.warn({ invite: inviteId, attempts, reason }, 'an invite could not be mailed');
    if (attempts === maxAttempts) return giveUp(reason);
    return void (await postponeMail(database, inviteId, retryDelayMs(attempts, Math.random()), reason));
  }
  await finishMail(database, inviteId, 'SENT', null);

  async function saveCode(): Promise<string> {
    for (let generation = 0; ; generation += 1) {
      const made = codes.ofMail(inviteId, generation);
      if (await saveCodeHash(database, inviteId, codes.hash(made))) return made;
    }
  }

  async function giveUp(reason: string): Promise<void> {
    log.error({ invite: inviteId, reason }, 'an invite is not mailed any more');
    await buryMail(database, inviteId, reason);
  }
}

/** Codes only: servers put addresses into their texts. */
function describeFailure(error: unknown): string {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  return ['sending failed', code, responseCode].filter((part) => part !== undefined).join(' ');
}
