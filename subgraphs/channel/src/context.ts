// What one request carries.
import type { Access } from '@taskgraph/shared/access/access';
import { clientIpHeader } from '@taskgraph/shared/client-headers';
import type { ChannelRole } from '@taskgraph/shared/contracts/channel-events';
import type { CursorCodec } from '@taskgraph/shared/cursor';
import type { PageLimits } from '@taskgraph/shared/pagination';
import type { OnceContext } from '@taskgraph/shared/once';
import type { BaseContext } from '@taskgraph/shared/subgraph-server';
import DataLoader from 'dataloader';
import type { FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import type { ChannelMemberRow } from './entities/channel-member.js';
import type { ChannelRow } from './entities/channel.js';
import { findChannelsByIds } from './repositories/channel-repository.js';
import { findMemberPages, findRoles, type MemberPageRequest } from './repositories/member-repository.js';

export interface Services {
  database: DataSource;
  /** Keys the fingerprints of resends and the addresses of look-ups. */
  secretKey: string;
  pageLimits: PageLimits;
  /** One codec per list, so that a cursor of one is not taken for another's. */
  cursors: Record<'deadLetters' | 'channels' | 'members' | 'notifications' | 'feed' | 'webhookDeliveries', CursorCodec>;
  /** Who belongs to projects; of channels it is known here. */
  access: Access;
  /** Tells waiting readers of the event log that something was committed. */
  committed: () => void;
}

export interface Context extends OnceContext, Services {
  /** Where the client is, as the gateway saw it; null where it does not say. */
  clientAddress: string | null;
  /** Batches every look-up by id of one request into one statement. Says nothing about who may see it. */
  channels: DataLoader<string, ChannelRow | null>;
  /** The viewer's own role per channel; null where not a member. */
  viewerRoles: DataLoader<string, ChannelRole | null>;
  /** Batched and not remembered: two mutations of one request must not show the first one's members twice. */
  memberPages: DataLoader<MemberPageRequest, ChannelMemberRow[]>;
}

export const createContext = (services: Services) => (base: BaseContext, request: Pick<FastifyRequest, 'headers'>): Context => {
  const { manager } = services.database;
  const address = request.headers[clientIpHeader];
  return {
    ...base,
    ...services,
    idempotency: null,
    clientAddress: typeof address === 'string' ? address : null,
    memberPages: new DataLoader((requests) => findMemberPages(manager, requests), { cache: false }),
    channels: new DataLoader((ids) => findChannelsByIds(manager, ids)),
    viewerRoles: new DataLoader(async (ids) => (base.viewer ? findRoles(manager, base.viewer.id, ids) : ids.map(() => null))),
  };
};
