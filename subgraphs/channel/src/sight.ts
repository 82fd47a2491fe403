// Whether somebody may see now what a piece of news is about: asked again whenever it is sent.
import type { Access } from '@taskgraph/shared/access/access';
import { scopeId } from '@taskgraph/shared/scope';
import { feedState } from '@taskgraph/shared/tail-positions';
import type { DataSource } from 'typeorm';
import type { Sighted } from './entities/notification.js';
import { inBatches } from './in-batches.js';
import { isAdmin } from './repositories/contact-repository.js';
import { areChannelMembers, areKnownMembers } from './repositories/sight-repository.js';

/** How long the state of the project feed is remembered, in milliseconds. */
const feedMs = 500;

/** Throws SUBGRAPH_UNAVAILABLE while it cannot be known. */
export type Sees = (news: Sighted) => Promise<boolean>;

/** `consumer` is the name under which this process follows the project log. */
export function createSight(database: DataSource, access: Access, consumer: string): Sees {
  // Those asked about at once are looked up together.
  const isKnownMember = inBatches<{ scopeId: string; userId: string }, boolean>((asked) => areKnownMembers(database, asked));
  const isChannelMember = inBatches<{ channelId: string; userId: string }, boolean>((asked) => areChannelMembers(database, asked));
  let feed: { at: number; state: ReturnType<typeof feedState> } | null = null;
  const isFresh = async (): Promise<boolean> => {
    if (!feed || performance.now() - feed.at > feedMs) feed = { at: performance.now(), state: feedState(database, { consumer, source: 'project' }) };
    return !(await feed.state).silent;
  };
  return async ({ userId, kind, projectId, channelId, ownerId, trashed }) => {
    if (trashed) return false;
    // ADMINs hear of projects of which they are no members, without their names.
    if (kind === 'PROJECT_CREATED') return isAdmin(database, userId);
    if (projectId !== null) {
      // The copy on a fresh feed may say yes alone, before a no the owner is asked (RULES §8).
      return ((await isFresh()) && (await isKnownMember({ scopeId: scopeId('project', projectId), userId }))) || (await access.membership('project', projectId, userId)).role !== null;
    }
    if (channelId !== null) return isChannelMember({ channelId, userId });
    return ownerId === null || ownerId === userId;
  };
}
