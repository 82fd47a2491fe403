// Every look-up by code goes through here, so that codes cannot be found by trying.
import { userAddresses } from '@taskgraph/shared/contracts/user-status';
import { DomainError } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { ProjectInviteRow } from '../entities/project-invite.js';
import { normaliseCode } from '../invite-codes.js';
import { countLookup, giveBackLookup } from '../repositories/code-lookup-repository.js';
import { findInviteByCode } from '../repositories/project-invite-repository.js';

/** Look-ups in vain that a person has in 15 minutes. */
const missLimit = 30;

/**
 * The invite with this code, whatever its state, or null; one for an e-mail address is there for the account with that
 * address only. Counted per look-up, however the request was shaped: each is counted before it is made, so that many at
 * once do not pass together, and one that finds something is given back. RATE_LIMITED beyond the limit.
 */
export async function lookUpInvite(context: Context, viewerId: string, typed: string): Promise<ProjectInviteRow | null> {
  const { misses, secondsLeft } = await countLookup(context.database, viewerId);
  if (misses > missLimit) {
    throw new DomainError('RATE_LIMITED', 'Too many codes that cannot be used.', { retryAfter: Math.max(1, secondsLeft) });
  }
  const code = normaliseCode(typed);
  const invite = code === null ? null : await findInviteByCode(context.database.manager, context.inviteCodes.hash(code));
  if (!invite || (invite.emailKey !== null && !(await hasAddress(context, viewerId, invite.emailKey)))) return null;
  await giveBackLookup(context.database, viewerId);
  return invite;
}

/** The code came to that address, so whoever has both is its reader, whether the account has verified it or not. */
async function hasAddress(context: Context, viewerId: string, emailKey: string): Promise<boolean> {
  const answer = userAddresses.parse(await context.users.get(`/internal/users?ids=${viewerId}`, { requestId: context.requestId }));
  return answer.some((user) => user.id === viewerId && user.active && user.email.toLowerCase() === emailKey);
}
