import { unauthenticated } from '@taskgraph/shared/errors';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { LoginInput } from '../generated/resolver-types.js';
import { checkMode } from '../refresh-cookie.js';
import { findUserByLogin, findUsersByIds } from '../repositories/user-repository.js';
import { checkPassword } from './check-password.js';
import { openSession, signedIn, type SignedIn } from './open-session.js';

const refusal = () => unauthenticated('Login or password is wrong.');

/** Signs in by handle or e-mail. One answer, in text and time, for an unknown login, a wrong password and a deactivated account. */
export async function login(context: Context, input: LoginInput): Promise<SignedIn> {
  const mode = input.session ?? 'TOKEN';
  checkMode(context.client, mode);
  const user = await findUserByLogin(context.database.manager, input.login);
  const matches = await checkPassword(context, user, input.login, input.password);
  if (!user || !matches || !user.active) throw refusal();
  const opened = await writeTransaction(context.database, { lock: [`user:${user.id}`] }, async (tx) => {
    // The check took a while: the account may have been deactivated, or its password changed.
    const [now] = await findUsersByIds(tx.manager, [user.id]);
    if (!now?.active || now.passwordHash !== user.passwordHash) throw refusal();
    return openSession(context, tx.manager, now, mode);
  });
  return signedIn(context, opened);
}
