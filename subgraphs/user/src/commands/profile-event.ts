import type { NewEvent } from '@taskgraph/shared/event-log';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import { UserEntity, type UserRow } from '../entities/user.js';

type ProfileEvent = 'user.registered' | 'user.updated' | 'user.deactivated' | 'user.reactivated';

/** The event that carries a user's whole profile to those who keep a copy. */
export function profileEvent(type: ProfileEvent, user: UserRow, actorId: string, traceId: string, more: object = {}): NewEvent {
  const { handle, name, email, emailVerified, timeZone, role, active, version } = user;
  const payload = { userId: user.id, handle, name, email, emailVerified, timeZone, role, active, version, ...more };
  return { type, aggregateId: user.id, seq: user.eventSeq, version, payload, actorId, traceId };
}

/** What of an account has a version. */
export type UserFields = Partial<Pick<UserRow, 'name' | 'bio' | 'avatarUrl' | 'timeZone' | 'email' | 'emailKey' | 'emailVerified' | 'role' | 'active'>>;

/** Writes the fields that differ as one version and one event; none, nothing. The user's lock is held and `before` was read under it. */
export async function saveUser(
  context: Pick<Context, 'viewer' | 'requestId'>,
  tx: WriteTransaction,
  before: UserRow,
  fields: UserFields,
  type: Exclude<ProfileEvent, 'user.registered'> = 'user.updated',
): Promise<UserRow> {
  const names = (Object.keys(fields) as (keyof UserFields)[]).filter((name) => fields[name] !== before[name]);
  if (names.length === 0) return before;
  const user: UserRow = { ...before, ...fields, version: before.version + 1, eventSeq: before.eventSeq + 1 };
  await tx.manager.update(UserEntity, { id: user.id }, { ...fields, version: user.version, eventSeq: user.eventSeq });
  const changed = names.filter((name) => name !== 'emailKey');
  await tx.emit(profileEvent(type, user, context.viewer?.id ?? user.id, context.requestId, type === 'user.updated' ? { changed } : {}));
  return user;
}
