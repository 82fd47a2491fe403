// From where on the log still tells of every task that was erased.
import type { Place } from '@taskgraph/shared/event-log';
import type { Query } from '@taskgraph/shared/event-reader';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';

/** Null while nothing has been taken out. */
export async function readFloor(query: Query): Promise<Place | null> {
  const [row] = (await query('select epoch, xid::text, ordinal from log_floor')) as Place[];
  return row ?? null;
}

/** Takes out the oldest tombstones that are older than so many days. */
export const deleteTombstones = (tx: Pick<WriteTransaction, 'query'>, days: number, limit: number): Promise<Place[]> =>
  tx.query(
    `delete from events e using (
       select epoch, xid, ordinal, at from events where type = 'task.purged' and at < now() - make_interval(days => $1) order by at limit $2
     ) old
     where (e.epoch, e.xid, e.ordinal, e.at) = (old.epoch, old.xid, old.ordinal, old.at) returning e.epoch, e.xid::text, e.ordinal`,
    [days, limit],
  );

export const saveFloor = (tx: Pick<WriteTransaction, 'query'>, { epoch, xid, ordinal }: Place): Promise<unknown> =>
  tx.query(
    `insert into log_floor as f (epoch, xid, ordinal) values ($1, $2::text::xid8, $3)
     on conflict (only_row) do update set epoch = excluded.epoch, xid = excluded.xid, ordinal = excluded.ordinal
     where (f.epoch, f.xid, f.ordinal) < (excluded.epoch, excluded.xid, excluded.ordinal)`,
    [epoch, xid, ordinal],
  );
