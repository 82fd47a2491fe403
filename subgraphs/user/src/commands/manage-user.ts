// What one account does to another: found, seen, allowed and judged in one place; the commands say what changes.
import { conflict, forbidden, notFound } from '@taskgraph/shared/errors';
import type { Viewer } from '@taskgraph/shared/identity';
import { isUuid } from '@taskgraph/shared/ids';
import { writeTransaction, type WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { UserRow } from '../entities/user.js';
import { isLastAdmin } from '../policies.js';
import { countActiveAdmins, findUsersByIds } from '../repositories/user-repository.js';
import { actingUser, requireViewer } from './acting-user.js';

export interface Management {
  userId: string;
  allowed: (viewer: Viewer, actor: UserRow, user: UserRow) => boolean;
  change: (tx: WriteTransaction, user: UserRow) => Promise<UserRow>;
}

/**
 * Runs the change under the lock of the account and of the set of ADMINs, so that two of them cannot depose each other at once.
 * Everybody signed in sees every account: what is not there is NOT_FOUND, what one may not is FORBIDDEN.
 */
export async function manageUser(context: Context, { userId, allowed, change }: Management): Promise<{ user: UserRow }> {
  const viewer = requireViewer(context);
  // Ids compare in lower case; what is no id locks nothing and is found nowhere.
  const id = isUuid(userId) ? userId.toLowerCase() : null;
  const lock = [...(id ? [`user:${id}`] : []), `user:${viewer.id}`, 'admins'];
  const user = await writeTransaction(context.database, { lock, idempotency: context.idempotency, committed: context.committed }, async (tx) => {
    const actor = await actingUser(viewer, tx.manager);
    const [present] = id ? await findUsersByIds(tx.manager, [id]) : [];
    if (!present) throw notFound('user');
    if (!allowed(viewer, actor, present)) throw forbidden();
    tx.remember({ userId: present.id });
    return change(tx, present);
  });
  context.users.clear(user.id);
  return { user };
}

/** RULES §1: an installation is never without an ADMIN that can sign in. */
export async function keepOneAdmin(tx: WriteTransaction, user: UserRow): Promise<void> {
  if (isLastAdmin(user, await countActiveAdmins(tx.manager))) throw conflict('This is the last ADMIN.');
}
