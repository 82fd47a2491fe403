// Whether somebody may see now what a piece of news is about: asked again whenever it is sent.
import type { Access } from '@taskgraph/shared/access/access';
import type { DataSource } from 'typeorm';
import type { Sighted } from './entities/notification.js';
import { isAdmin } from './repositories/contact-repository.js';
import { isChannelMember } from './repositories/delivery-repository.js';

/** Throws SUBGRAPH_UNAVAILABLE while it cannot be known. */
export type Sees = (news: Sighted) => Promise<boolean>;

export const createSight =
  (database: DataSource, access: Access): Sees =>
  async ({ userId, kind, projectId, channelId, ownerId, trashed }) => {
    if (trashed) return false;
    // ADMINs hear of projects of which they are no members, without their names.
    if (kind === 'PROJECT_CREATED') return isAdmin(database, userId);
    if (projectId !== null) return (await access.membership('project', projectId, userId)).role !== null;
    if (channelId !== null) return isChannelMember(database, channelId, userId);
    return ownerId === null || ownerId === userId;
  };
