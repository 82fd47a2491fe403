// Sends an e-mail that was given up again, because an ADMIN asked for it. The sweep queues it, and it is judged anew.
import type { Redrive } from '@taskgraph/shared/dead-letters';
import { z } from 'zod';

const buried = z.object({ deliveryId: z.string() });

export const redriveDelivery: Redrive = async (tx, { payload }) => {
  const { deliveryId } = buried.parse(payload);
  tx.alsoLock([`delivery:${deliveryId}`]);
  await tx.query(
    `update deliveries d set state = 'PENDING', attempts = 0, next_attempt_at = clock_timestamp(), queued_at = '-infinity', last_error = null
     where id = $1 and state = 'DEAD'
       -- A newer mail about the same notification tells it all.
       and not exists (select from deliveries o where o.notification_id = d.notification_id and o.state = 'PENDING')`,
    [deliveryId],
  );
};
