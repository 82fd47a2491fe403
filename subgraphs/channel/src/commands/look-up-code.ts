// Every look-up of a channel by code goes through here, so that codes cannot be found by trying.
import { DomainError } from '@taskgraph/shared/errors';
import { normaliseCode } from '../channel-code.js';
import type { Context } from '../context.js';
import type { ChannelRow } from '../entities/channel.js';
import { findChannelByCode } from '../repositories/channel-repository.js';
import { countLookUp, giveBackLookUp } from './count-look-up.js';

/**
 * The channel with this code, or null. Counted per look-up, however the request was shaped, with those of invites in one
 * budget; one that finds something is given back. RATE_LIMITED beyond the limit.
 */
export async function lookUpCode(context: Pick<Context, 'database' | 'clientAddress' | 'secretKey'>, viewerId: string, typed: string): Promise<ChannelRow | null> {
  const asker = { user: viewerId, address: context.clientAddress };
  const retryAfter = await countLookUp(context, asker);
  if (retryAfter !== null) throw new DomainError('RATE_LIMITED', 'Too many codes that do not exist.', { retryAfter });
  const code = normaliseCode(typed);
  const channel = code === null ? null : await findChannelByCode(context.database.manager, code);
  if (channel) await giveBackLookUp(context, asker);
  return channel;
}
