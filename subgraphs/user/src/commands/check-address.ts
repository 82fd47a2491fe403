import { badInput } from '@taskgraph/shared/errors';

/**
 * One mailbox under one spelling: these characters mean something to whoever reads the header of a mail. `a<x@example.org>` and
 * `b<x@example.org>` would be two accounts, with limits of their own, that mail one person.
 */
export function checkAddress(email: string): string {
  if (/[,;:<>()[\]"\\]/.test(email)) throw badInput('input.email', 'must be a plain e-mail address');
  return email;
}
