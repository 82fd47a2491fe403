// Neighbours in the manual order of a scope; the caller holds the scope's rank lock.
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';

export interface Ranked {
  id: string;
  rank: string;
}

export const rankLock = (scopeId: string): string => `rank:${scopeId}`;

export async function lastRank(tx: WriteTransaction, scopeId: string, except: string): Promise<string | null> {
  const [row] = await tx.query<Ranked>(
    'select id, rank from tasks where scope_id = $1 and id <> $2 and deleted_at is null order by rank desc, id desc limit 1',
    [scopeId, except],
  );
  return row?.rank ?? null;
}

/** Up to `count` rows before a place in the order, nearest last; from the end where `place` is null. */
export async function rowsBefore(tx: WriteTransaction, scopeId: string, place: Ranked | null, except: string, count: number): Promise<Ranked[]> {
  const rows = await tx.query<Ranked>(
    `select id, rank from tasks where scope_id = $1 and id <> $2 and deleted_at is null ${place ? 'and (rank, id) < ($4, $5::uuid)' : ''}
     order by rank desc, id desc limit $3`,
    [scopeId, except, count, ...(place ? [place.rank, place.id] : [])],
  );
  return rows.toReversed();
}

/** Up to `count` rows after a place in the order, nearest first; from the start where `place` is null. */
export const rowsAfter = (tx: WriteTransaction, scopeId: string, place: Ranked | null, except: string, count: number): Promise<Ranked[]> =>
  tx.query<Ranked>(
    `select id, rank from tasks where scope_id = $1 and id <> $2 and deleted_at is null ${place ? 'and (rank, id) > ($4, $5::uuid)' : ''}
     order by rank, id limit $3`,
    [scopeId, except, count, ...(place ? [place.rank, place.id] : [])],
  );
