import type { TailedEvent } from '@taskgraph/shared/event-tail';
import { newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { consumer } from '../feeds.js';

/** Parks a task event that cannot be read, as the follower of the log does; one that it has parked already stays the only one. */
export async function parkUnreadable(tx: Pick<WriteTransaction, 'query'>, event: TailedEvent): Promise<void> {
  await tx.query(
    `insert into dead_letters (id, queue, name, reason, attempts, payload)
     select $1, $2, $3, 'could not be read', 1, $4::jsonb
     where not exists (select from dead_letters where queue = $2 and payload ->> 'id' = $5)`,
    [newId(), `${consumer}<task`, event.type, JSON.stringify(event), event.id],
  );
}
