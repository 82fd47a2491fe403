// Posts again what was given up, because an ADMIN asked for it. The sweep queues it.
import type { Redrive } from '@taskgraph/shared/dead-letters';
import { z } from 'zod';

const buried = z.object({ deliveryId: z.string() });

export const redriveWebhook: Redrive = async (tx, { payload }) => {
  const { deliveryId } = buried.parse(payload);
  tx.alsoLock([`webhook-delivery:${deliveryId}`]);
  await tx.query(
    `update webhook_deliveries set state = 'PENDING', attempts = 0, next_attempt_at = clock_timestamp(), queued_at = '-infinity', last_error = null where id = $1 and state = 'DEAD'`,
    [deliveryId],
  );
};
