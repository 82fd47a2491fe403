import type { Context } from '../context.js';
import type { UserRow } from '../entities/user.js';
import type { SetUserRoleInput } from '../generated/resolver-types.js';
import { canManageUsers } from '../policies.js';
import { keepOneAdmin, manageUser } from './manage-user.js';
import { saveUser } from './profile-event.js';

/** Gives an account another role; the last ADMIN keeps theirs. Emits user.updated. */
export const setUserRole = (context: Context, { userId, role }: SetUserRoleInput): Promise<{ user: UserRow }> =>
  manageUser(context, {
    userId,
    allowed: (viewer, actor) => canManageUsers(viewer, actor),
    change: async (tx, user) => {
      if (role === 'MEMBER') await keepOneAdmin(tx, user);
      return saveUser(context, tx, user, { role });
    },
  });
