// People have lost a scope: says so in the task log, in the transaction that takes the memberships from the copy. That wakes
// their subscriptions and is the cursor of their last change there. The worker then takes them off its tasks (jobs/follow-up.ts).
// One event for all of them: a deleted channel may have thousands of members, and the transaction must stay short.
import { newId } from '@taskgraph/shared/ids';
import type { AccessLost } from '@taskgraph/shared/access/reactions';

export const onAccessLost: AccessLost = async (tx, { scopeId, userIds, version }) => {
  const [row] = await tx.query<{ seq: number }>('select coalesce(max(seq), 0) + 1 as seq from events where aggregate_id = $1', [scopeId]);
  await tx.emit({
    type: 'scope.access-lost', aggregateId: scopeId, seq: row?.seq ?? 1, version, payload: { scopeId, userIds, version },
    actorId: null, traceId: null, scopeId, audience: userIds,
  });
  await tx.query(
    `insert into follow_ups (id, kind, scope_id, user_id) select i, 'ACCESS_LOST', $2, u from unnest($1::uuid[], $3::uuid[]) l (i, u)`,
    [userIds.map(() => newId()), scopeId, userIds],
  );
};
