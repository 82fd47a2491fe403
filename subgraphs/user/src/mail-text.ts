import type { MailKind } from './repositories/mail-repository.js';

/** How long the token of a mail is good, in minutes. */
export const tokenMinutes: Record<MailKind, number> = { VERIFY: 24 * 60, RESET: 30 };

/** Subject and text. The token stands on a line of its own, to be copied. */
export function mailText(kind: MailKind, token: string, publicUrl: string): { subject: string; text: string } {
  return kind === 'VERIFY'
    ? {
        subject: 'Confirm your e-mail address',
        text: `Somebody gave this address for an account at ${publicUrl}.\n\nTo confirm it, enter this token within 24 hours:\n\n${token}\n\nIf it was not you, do nothing.\n`,
      }
    : {
        subject: 'Reset your password',
        text: `Somebody asked to reset the password of your account at ${publicUrl}.\n\nTo choose a new one, enter this token within 30 minutes:\n\n${token}\n\nIf it was not you, do nothing: your password stays as it is.\n`,
      };
}
