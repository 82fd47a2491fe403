// The budget of guesses at codes, one for the whole installation (RULES §8): channels are looked up here, invites in the project
// subgraph, which asks by POST /internal/code-lookups.
import { createHmac } from 'node:crypto';
import { clientNetwork } from '@taskgraph/shared/client-network';
import type { LookupAsker } from '@taskgraph/shared/contracts/code-lookup';
import type { Context } from '../context.js';
import { countLookup, giveBackLookup, type Looker } from '../repositories/code-lookup-repository.js';

/** Look-ups in vain in 15 minutes: of a person, and from an address (of IPv6 a /64), which many may share. */
const missLimit = 30;
const addressMissLimit = 300;

type Counter = Pick<Context, 'database' | 'secretKey'>;

function lookersOf(secretKey: string, { user, address }: LookupAsker): { looker: Looker; limit: number }[] {
  const person = { looker: { userId: user }, limit: missLimit };
  if (address === null) return [person];
  const hashed = createHmac('sha256', secretKey).update(`code look-ups ${clientNetwork(address)}`).digest('base64url');
  return [person, { looker: { address: hashed }, limit: addressMissLimit }];
}

/**
 * Counts one look-up before it is made, so that many at once do not pass together. Answers null, or for how many seconds
 * there may be no other: of a refused one the address is told nothing, so one person does not use up what many share.
 */
export async function countLookUp({ database, secretKey }: Counter, asker: LookupAsker): Promise<number | null> {
  for (const { looker, limit } of lookersOf(secretKey, asker)) {
    const { misses, secondsLeft } = await countLookup(database, looker);
    if (misses > limit) return Math.max(1, secondsLeft);
  }
  return null;
}

/** Takes one back: the look-up found something, so it was no guess. */
export async function giveBackLookUp({ database, secretKey }: Counter, asker: LookupAsker): Promise<void> {
  await Promise.all(lookersOf(secretKey, asker).map(({ looker }) => giveBackLookup(database, looker)));
}
