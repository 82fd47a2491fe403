import { forbidden } from '@taskgraph/shared/errors';
import { once } from '@taskgraph/shared/once';
import { changePassword } from '../commands/change-password.js';
import { createApiToken, recallApiToken, revokeApiToken } from '../commands/create-api-token.js';
import { deactivateUser, reactivateUser } from '../commands/deactivate-user.js';
import { login } from '../commands/login.js';
import { logout, revokeSession } from '../commands/logout.js';
import { refreshSession } from '../commands/refresh-session.js';
import { register } from '../commands/register.js';
import { requestPasswordReset, resetPassword } from '../commands/reset-password.js';
import { setUserRole } from '../commands/set-user-role.js';
import { updateProfile } from '../commands/update-profile.js';
import { changeEmail, requestEmailVerification, verifyEmail } from '../commands/verify-email.js';
import type { Context } from '../context.js';
import type { UserRow } from '../entities/user.js';
import type { MutationResolvers } from '../generated/resolver-types.js';
import { mayUseAccount } from '../policies.js';

/** For what an API token can never do (RULES §8). */
async function account<T>(context: Context, command: () => Promise<T>): Promise<T> {
  if (!mayUseAccount(context.viewer)) throw forbidden('An API token cannot do this: sign in.');
  return command();
}

/** What a resend of a change to an account shows: the account as it is now. */
async function recallUser(context: Context, { userId }: { userId: string }): Promise<{ user: UserRow }> {
  const user = await context.users.load(userId);
  if (!user) throw new Error('accounts are never deleted');
  return { user };
}

export const Mutation: MutationResolvers = {
  register: (_root, { input }, context) => account(context, () => register(context, input)),
  login: (_root, { input }, context) => account(context, () => login(context, input)),
  refreshSession: (_root, { input }, context) => account(context, () => refreshSession(context, input)),
  logout: (_root, { input }, context) => account(context, () => logout(context, input)),
  revokeSession: (_root, { input }, context) => account(context, () => revokeSession(context, input)),

  changePassword: (_root, { input }, context) => account(context, () => changePassword(context, input)),
  requestPasswordReset: (_root, { input }, context) => account(context, () => requestPasswordReset(context, input)),
  resetPassword: (_root, { input }, context) => account(context, () => resetPassword(context, input)),
  requestEmailVerification: (_root, _args, context) => account(context, () => requestEmailVerification(context)),
  verifyEmail: (_root, { input }, context) => account(context, () => verifyEmail(context, input)),
  changeEmail: (_root, { input }, context) => account(context, () => changeEmail(context, input)),

  updateProfile: (_root, { input }, context, info) => once(context, info, input, () => updateProfile(context, input), (record: { userId: string }) => recallUser(context, record)),
  setUserRole: (_root, { input }, context, info) =>
    account(context, () => once(context, info, input, () => setUserRole(context, input), (record: { userId: string }) => recallUser(context, record))),
  // Whose account it is decides whether an API token may: see canDeactivate.
  deactivateUser: (_root, { input }, context, info) =>
    once(context, info, input, () => deactivateUser(context, input), (record: { userId: string }) => recallUser(context, record)),
  reactivateUser: (_root, { input }, context, info) =>
    once(context, info, input, () => reactivateUser(context, input), (record: { userId: string }) => recallUser(context, record)),

  createApiToken: (_root, { input }, context, info) =>
    account(context, () => once(context, info, input, () => createApiToken(context, input), (record: { tokenId: string }) => recallApiToken(context, record))),
  revokeApiToken: (_root, { input }, context, info) =>
    account(context, () => once(context, info, input, () => revokeApiToken(context, input), async (record: { id: string }) => record)),
};
