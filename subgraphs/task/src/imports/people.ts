// Who the names in a column of assignees are, and whether each may be assigned.
import type { Access } from '@taskgraph/shared/access/access';
import { userEmails, userHandles, userStatuses } from '@taskgraph/shared/contracts/user-status';
import { DomainError } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import type { Peer } from '@taskgraph/shared/peer';
import type { TaskPlace } from '../policies.js';
import { placeOf } from '../standing.js';

const handleForm = /^[a-z0-9_-]{3,32}$/;
const emailForm = /^[^\s@,]+@[^\s@,]+$/;
/** Most names of one question to the user subgraph: they must fit a request line. */
const askLimit = 50;

/**
 * User ids by name as it stands in the file (handle, e-mail address or id), for those who can see tasks of the place. Whoever
 * is missing does not exist or cannot see them: the two are not told apart.
 */
export async function findAssignable(users: Peer, access: Access, place: TaskPlace, names: Iterable<string>): Promise<Map<string, string>> {
  const wanted = [...new Set(names)];
  const byKey = await resolve(users, [...new Set(wanted.map((name) => name.toLowerCase()))]);
  const may = new Map<string, boolean>();
  const ref = placeOf(place);
  for (const id of new Set(byKey.values())) {
    may.set(id, ref ? (await access.membership(ref.kind, ref.id, id)).role !== null : id === place.ownerId);
  }
  const found = wanted.map((name) => [name, byKey.get(name.toLowerCase())] as const);
  return new Map(found.filter((entry): entry is [string, string] => entry[1] !== undefined && may.get(entry[1]) === true));
}

async function resolve(users: Peer, keys: string[]): Promise<Map<string, string>> {
  const found = new Map(keys.filter(isUuid).map((id) => [id, id]));
  const handles = keys.filter((key) => !isUuid(key) && handleForm.test(key));
  for (let from = 0; from < handles.length; from += askLimit) {
    const answer = userHandles.parse(await users.get(`/internal/users?handles=${handles.slice(from, from + askLimit).join(',')}`));
    for (const { id, handle } of answer) found.set(handle.toLowerCase(), id);
  }
  const emails = keys.filter((key) => emailForm.test(key));
  for (let from = 0; from < emails.length; from += askLimit) {
    const asked = emails.slice(from, from + askLimit).map(encodeURIComponent).join(',');
    for (const { id, email } of userEmails.parse(await users.get(`/internal/users?emails=${asked}`))) found.set(email.toLowerCase(), id);
  }
  return found;
}

/** Whether an account may act. With the user subgraph away nobody counts as deactivated. */
export async function isActive(users: Peer, userId: string): Promise<boolean> {
  try {
    const [found] = userStatuses.parse(await users.get(`/internal/users?ids=${userId}`));
    return found?.active ?? false;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'SUBGRAPH_UNAVAILABLE') return true;
    throw error;
  }
}
