// Events of the user subgraph. E-mail addresses are here because the channel subgraph writes to them.
import { z } from 'zod';
import { deadLettered } from './dead-letter-events.js';
import { id, version } from './fields.js';

export const userProfile = z.object({
  userId: id,
  handle: z.string(),
  name: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  timeZone: z.string(),
  role: z.enum(['ADMIN', 'MEMBER']),
  active: z.boolean(),
  version,
});
export type UserProfile = z.infer<typeof userProfile>;

export const userEvents = {
  /** An account was made. */
  'user.registered': userProfile,
  /** Fields of an account changed; `changed` names them. */
  'user.updated': userProfile.extend({ changed: z.array(z.string()) }),
  /** Nobody can sign in to the account any more. */
  'user.deactivated': userProfile,
  /** The account can be signed in to again. */
  'user.reactivated': userProfile,
  /** Sessions whose access tokens may still live, or API tokens, were ended. `version` does not move. */
  'user.sessions-revoked': z.object({ userId: id, sessionIds: z.array(id), apiTokenIds: z.array(id), version }),
  /** Work was given up after all its tries. */
  'user.dead-lettered': deadLettered,
} as const;
