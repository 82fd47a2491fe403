import type { Context } from '../context.js';
import type { UserRow } from '../entities/user.js';
import type { DeactivateUserInput } from '../generated/resolver-types.js';
import { canDeactivate, canManageUsers } from '../policies.js';
import { endSessions } from './end-sessions.js';
import { keepOneAdmin, manageUser } from './manage-user.js';
import { saveUser } from './profile-event.js';

/** Closes an account: nobody signs in to it, its sessions end, what it made stays. Emits user.deactivated and user.sessions-revoked. */
export const deactivateUser = (context: Context, { userId }: DeactivateUserInput): Promise<{ user: UserRow }> =>
  manageUser(context, {
    userId,
    allowed: canDeactivate,
    change: async (tx, user) => {
      await keepOneAdmin(tx, user);
      const closed = await saveUser(context, tx, user, { active: false }, 'user.deactivated');
      await endSessions(context, tx, user.id);
      return closed;
    },
  });

/** Opens it again, with its API tokens but none of its sessions. Emits user.reactivated. */
export const reactivateUser = (context: Context, { userId }: DeactivateUserInput): Promise<{ user: UserRow }> =>
  manageUser(context, {
    userId,
    allowed: (viewer, actor) => canManageUsers(viewer, actor),
    change: (tx, user) => saveUser(context, tx, user, { active: true }, 'user.reactivated'),
  });
