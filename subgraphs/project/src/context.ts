// What one request carries.
import { clientIpHeader } from '@taskgraph/shared/client-headers';
import type { CursorCodec } from '@taskgraph/shared/cursor';
import type { PageLimits } from '@taskgraph/shared/pagination';
import type { Peer } from '@taskgraph/shared/peer';
import type { OnceContext } from '@taskgraph/shared/once';
import type { BaseContext } from '@taskgraph/shared/subgraph-server';
import DataLoader from 'dataloader';
import type { FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import type { ProjectInviteRow } from './entities/project-invite.js';
import type { ProjectMemberRow } from './entities/project-member.js';
import type { VisibleProject } from './entities/project.js';
import type { InviteCodes } from './invite-codes.js';
import { findLiveInvites } from './repositories/project-invite-repository.js';
import { countMembers, findMemberPages, type MemberPageRequest } from './repositories/project-member-repository.js';
import { findVisibleProjects } from './repositories/project-repository.js';

export interface Services {
  database: DataSource;
  /** Keys the fingerprints of resends. */
  secretKey: string;
  inviteCodes: InviteCodes;
  /** The user subgraph. */
  users: Peer;
  /** The channel subgraph, which keeps the budget of guesses at codes. */
  channels: Peer;
  pageLimits: PageLimits;
  cursors: { projects: CursorCodec; members: CursorCodec };
  /** Tells waiting readers of the event log that something was committed. */
  committed: () => void;
}

export interface Context extends OnceContext, Services {
  /** Where the client is, as the gateway saw it; null where it does not say. */
  clientAddress: string | null;
  /** Batches the look-ups of one request by id; null for what the viewer cannot see. */
  projects: DataLoader<string, VisibleProject | null>;
  memberPages: DataLoader<MemberPageRequest, ProjectMemberRow[]>;
  memberCounts: DataLoader<string, number>;
  /** Live invites by project; says nothing about who may see them. */
  invites: DataLoader<string, ProjectInviteRow[]>;
}

export const createContext = (services: Services) => (base: BaseContext, request: Pick<FastifyRequest, 'headers'>): Context => {
  const { manager } = services.database;
  const address = request.headers[clientIpHeader];
  // Members and invites are batched and not remembered: two mutations of one request must not show the first one's members twice.
  const forgetful = { cache: false };
  return {
    ...base,
    ...services,
    idempotency: null,
    clientAddress: typeof address === 'string' ? address : null,
    projects: new DataLoader(async (ids) => (base.viewer ? findVisibleProjects(manager, base.viewer.id, ids) : ids.map(() => null))),
    memberPages: new DataLoader((requests) => findMemberPages(manager, requests), forgetful),
    memberCounts: new DataLoader((ids) => countMembers(manager, ids), forgetful),
    invites: new DataLoader((ids) => findLiveInvites(manager, ids), forgetful),
  };
};
