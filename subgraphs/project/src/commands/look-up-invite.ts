// Every look-up by code goes through here, so that codes cannot be found by trying.
import { lookupAnswer, type LookupAsker } from '@taskgraph/shared/contracts/code-lookup';
import { userAddresses } from '@taskgraph/shared/contracts/user-status';
import { DomainError } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { ProjectInviteRow } from '../entities/project-invite.js';
import { normaliseCode } from '../invite-codes.js';
import { findInviteByCode } from '../repositories/project-invite-repository.js';

/**
 * The invite with this code, whatever its state, or null; one for an e-mail address is there for the account with that
 * address only. Counted per look-up, however the request was shaped, in the budget that the channel subgraph keeps for all
 * codes: each is counted before it is made, so that many at once do not pass together, and one that finds something is given
 * back. RATE_LIMITED beyond the limit; SUBGRAPH_UNAVAILABLE while nobody counts (docs/decisions/0014-one-guessing-budget.md).
 */
export async function lookUpInvite(context: Context, viewerId: string, typed: string): Promise<ProjectInviteRow | null> {
  const { channels, clientAddress, requestId, log } = context;
  const asker: LookupAsker = { user: viewerId, address: clientAddress };
  const { retryAfter } = lookupAnswer.parse(await channels.post('/internal/code-lookups', asker, { requestId }));
  if (retryAfter !== null) throw new DomainError('RATE_LIMITED', 'Too many codes that cannot be used.', { retryAfter });
  const code = normaliseCode(typed);
  const invite = code === null ? null : await findInviteByCode(context.database.manager, context.inviteCodes.hash(code));
  if (!invite || (invite.emailKey !== null && !(await hasAddress(context, viewerId, invite.emailKey)))) return null;
  try {
    await channels.post('/internal/code-lookups/found', asker, { requestId });
  } catch (error) {
    // It stays counted: the person has one guess less for a quarter of an hour.
    log.warn({ err: error }, 'a look-up that found an invite was not given back');
  }
  return invite;
}

/** The code came to that address, so whoever has both is its reader, whether the account has verified it or not. */
async function hasAddress(context: Context, viewerId: string, emailKey: string): Promise<boolean> {
  const answer = userAddresses.parse(await context.users.get(`/internal/users?ids=${viewerId}`, { requestId: context.requestId }));
  return answer.some((user) => user.id === viewerId && user.active && user.email.toLowerCase() === emailKey);
}
