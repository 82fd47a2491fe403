// From where on the log still tells of every task that was erased.
import type { Place } from '@taskgraph/shared/event-log';
import type { Query } from '@taskgraph/shared/event-reader';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';

export interface LogReach {
  /** The log's epoch now. */
  epoch: number;
  /** Null while nothing has been taken out. */
  floor: Place | null;
}

/** One statement, for each page that goes on after a cursor begins with it. */
export async function readReach(query: Query): Promise<LogReach> {
  const [row] = (await query(
    'select l.epoch, f.epoch as "floorEpoch", f.xid::text as "floorXid", f.ordinal as "floorOrdinal" from event_log l left join log_floor f on true',
  )) as { epoch: number; floorEpoch: number | null; floorXid: string; floorOrdinal: number }[];
  if (!row) throw new Error('the event log has no epoch: prepareEventLog was not run');
  const { epoch, floorEpoch, floorXid: xid, floorOrdinal: ordinal } = row;
  return { epoch, floor: floorEpoch === null ? null : { epoch: floorEpoch, xid, ordinal } };
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
