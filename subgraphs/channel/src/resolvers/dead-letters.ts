import { forbidden, unauthenticated } from '@taskgraph/shared/errors';
import { once } from '@taskgraph/shared/once';
import { readPageArguments, toConnection } from '@taskgraph/shared/pagination';
import { readQueue, redriveDeadLetters as redrive, type RedrivenRecord } from '../commands/redrive-dead-letters.js';
import type { MutationResolvers, QueryResolvers } from '../generated/resolver-types.js';
import { canManageDeadLetters } from '../policies.js';
import { countDeadLetters, findDeadLetters } from '../repositories/dead-letter-repository.js';

export const deadLetters: NonNullable<QueryResolvers['deadLetters']> = async (_root, { queue: wanted, ...args }, context) => {
  const { viewer, database, pageLimits, cursors } = context;
  if (!viewer) throw unauthenticated();
  if (!canManageDeadLetters(viewer)) throw forbidden('Only an ADMIN may see dead letters.');
  const queue = wanted == null ? null : readQueue('queue', wanted);
  const page = readPageArguments(args, pageLimits, cursors.deadLetters);
  const rows = await findDeadLetters(database, queue, page);
  return toConnection(rows, page, cursors.deadLetters, (row) => [row.failedAt.toISOString(), row.id], () => countDeadLetters(database, queue));
};

export const redriveDeadLetters: NonNullable<MutationResolvers['redriveDeadLetters']> = (_root, { input }, context, info) =>
  once(context, info, input, () => redrive(context, input), (record: RedrivenRecord) => Promise.resolve(record));
