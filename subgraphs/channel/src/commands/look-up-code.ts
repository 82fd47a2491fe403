// Every look-up by code goes through here, so that codes cannot be found by trying.
import { createHmac } from 'node:crypto';
import { DomainError } from '@taskgraph/shared/errors';
import { normaliseCode } from '../channel-code.js';
import type { Context } from '../context.js';
import type { ChannelRow } from '../entities/channel.js';
import { findChannelByCode } from '../repositories/channel-repository.js';
import { countLookup, giveBackLookup, type Looker } from '../repositories/code-lookup-repository.js';

/** Look-ups in vain in 15 minutes: of a person, and from an address, which many may share. */
const missLimit = 30;
const addressMissLimit = 300;

/**
 * The channel with this code, or null. Counted per look-up, however the request was shaped: each is counted before it is
 * made, so that many at once do not pass together, and one that finds something is given back. RATE_LIMITED beyond the limit.
 */
export async function lookUpCode(context: Pick<Context, 'database' | 'clientAddress' | 'secretKey'>, viewerId: string, typed: string): Promise<ChannelRow | null> {
  const { database, clientAddress, secretKey } = context;
  const lookers: { looker: Looker; limit: number }[] = [{ looker: { userId: viewerId }, limit: missLimit }];
  if (clientAddress !== null) {
    const address = createHmac('sha256', secretKey).update(`code look-ups ${clientAddress}`).digest('base64url');
    lookers.push({ looker: { address }, limit: addressMissLimit });
  }
  for (const { looker, limit } of lookers) {
    const { misses, secondsLeft } = await countLookup(database, looker);
    if (misses > limit) throw new DomainError('RATE_LIMITED', 'Too many codes that do not exist.', { retryAfter: Math.max(1, secondsLeft) });
  }
  const code = normaliseCode(typed);
  const channel = code === null ? null : await findChannelByCode(database.manager, code);
  if (channel) await Promise.all(lookers.map(({ looker }) => giveBackLookup(database, looker)));
  return channel;
}
