// Answer of GET /internal/memberships?place=<project or channel id>&user=<id>: the owner's word on one membership.
import { z } from 'zod';
import { id } from './fields.js';

export const membershipAnswer = z.object({
  /** Null when the user is not a member, or there is no such place. */
  role: z.enum(['OWNER', 'MAINTAINER', 'MODERATOR', 'MEMBER', 'VIEWER']).nullable(),
  /** Version of the place at the time of the answer; 0 when there is no such place. */
  version: z.number().int().min(0),
  /** Id of the place asked about. */
  id,
  /** Name of the place, so that a copy made from an answer has the name that belongs to its version. */
  name: z.string().nullable().optional(),
  /** Project only: the key its tasks are numbered under. */
  key: z.string().nullable(),
  /** False for an archived project: members may read and not write. */
  writable: z.boolean(),
});
export type MembershipAnswer = z.infer<typeof membershipAnswer>;
