// Events of the project subgraph. `version` is the project's, which also counts changes of members: the newer one of two
// statements about a membership has the higher version.
import { z } from 'zod';
import { deadLettered } from './dead-letter-events.js';
import { id, version } from './fields.js';

export const projectRole = z.enum(['OWNER', 'MAINTAINER', 'MEMBER', 'VIEWER']);
export type ProjectRole = z.infer<typeof projectRole>;

export const projectField = z.enum(['name', 'description']);
export type ProjectField = z.infer<typeof projectField>;

/** Made by `npm run load`: notifiers tell nobody (RULES §7). */
const imported = z.boolean().optional();
const project = z.object({ projectId: id, key: z.string(), name: z.string(), status: z.enum(['ACTIVE', 'ARCHIVED']), version });
const member = z.object({ projectId: id, projectName: z.string(), userId: id, role: projectRole, version });

export const projectEvents = {
  /** A project was made; its owner is a member from now on. */
  'project.created': project.extend({ ownerId: id, imported }),
  /** Name or description changed: `fields` names them. */
  'project.updated': project.extend({ fields: z.array(projectField) }),
  /** The project became read-only. Takes the right to write away. */
  'project.archived': project,
  /** The project can be written to again. */
  'project.restored': project,
  /** Somebody became a member. */
  'project.member-added': member.extend({ imported }),
  /** A member got another role: `role` is the new one, `before` the one they had. May take rights away. */
  'project.member-changed': member.extend({ before: projectRole }),
  /** Somebody is no longer a member: `role` is the one they had. Takes access away. */
  'project.member-removed': member,
  /** People were invited by a code, or one by e-mail: neither code nor address is told. No new version of the project. */
  'project.invited': z.object({ projectId: id, projectName: z.string(), inviteId: id, role: projectRole, byEmail: z.boolean(), version }),
  /** Work was given up after all its tries. */
  'project.dead-lettered': deadLettered,
} as const;
