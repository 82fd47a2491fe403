import { badInput, conflict } from '@taskgraph/shared/errors';
import { checkText } from '@taskgraph/shared/text';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { UserRow } from '../entities/user.js';
import type { UpdateProfileInput } from '../generated/resolver-types.js';
import { fieldsChangedSince } from '../repositories/user-repository.js';
import { isTimeZone } from '../time-zone.js';
import { actingUser, requireViewer } from './acting-user.js';
import { saveUser, type UserFields } from './profile-event.js';

const bioLimit = 1_000;

/**
 * Patches the own profile (RULES §2). Nobody else edits it, so `expectedVersion` guards one of the viewer's devices against
 * another: whoever changed a field of the patch since then, it is CONFLICT. Emits user.updated, for a patch that changes nothing none.
 */
export async function updateProfile(context: Context, input: UpdateProfileInput): Promise<{ user: UserRow }> {
  const viewer = requireViewer(context);
  const patch = readPatch(input);
  const lock = [`user:${viewer.id}`];
  const user = await writeTransaction(context.database, { lock, idempotency: context.idempotency, committed: context.committed }, async (tx) => {
    const before = await actingUser(viewer, tx.manager);
    tx.remember({ userId: before.id });
    const expected = input.expectedVersion;
    if (expected != null && expected !== before.version) {
      if (expected > before.version) throw badInput('input.expectedVersion', 'is ahead of the account');
      const changed = await fieldsChangedSince(tx, before.id, expected);
      const clashes = (Object.keys(patch) as (keyof typeof patch)[]).filter((field) => changed.includes(field));
      if (clashes.length > 0) {
        const present = Object.fromEntries(clashes.map((field) => [field, before[field]]));
        throw conflict('The same fields have changed since.', { fields: clashes, current: { version: before.version, ...present } });
      }
    }
    return saveUser(context, tx, before, patch);
  });
  context.users.clear(viewer.id);
  return { user };
}

function readPatch(input: UpdateProfileInput): Pick<UserFields, 'name' | 'bio' | 'avatarUrl' | 'timeZone'> {
  for (const field of ['name', 'timeZone'] as const) if (input[field] === null) throw badInput(`input.${field}`, 'must not be null');
  if (input.expectedVersion != null && input.expectedVersion < 1) throw badInput('input.expectedVersion', 'must be at least 1');
  if (input.timeZone != null && !isTimeZone(input.timeZone)) throw badInput('input.timeZone', 'must be an IANA time zone such as Europe/Vienna');
  return {
    ...(input.name != null ? { name: checkText('input.name', input.name, { min: 1, max: 100 }) } : {}),
    ...(input.bio !== undefined ? { bio: input.bio === null ? null : checkText('input.bio', input.bio, { max: bioLimit }) } : {}),
    ...(input.avatarUrl !== undefined ? { avatarUrl: input.avatarUrl } : {}),
    ...(input.timeZone != null ? { timeZone: input.timeZone } : {}),
  };
}
