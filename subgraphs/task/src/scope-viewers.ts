// POST /internal/scope-viewers: which of these people see a project or channel now. The gateway asks before it sends several
// people what one of them was answered. One statement for all whom a fresh copy knows as members; the others are asked about
// as for any request.
import type { Access } from '@taskgraph/shared/access/access';
import { DomainError } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { scopeId } from '@taskgraph/shared/scope';
import { feedState } from '@taskgraph/shared/tail-positions';
import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { findMembersAmong } from './repositories/scope-member-repository.js';

export interface ScopeViewersOptions {
  database: DataSource;
  access: Access;
  /** Consumer name under which the worker tails memberships. */
  consumer: string;
}

const question = z.object({ kind: z.enum(['project', 'channel']), id: z.string(), viewers: z.array(z.string()).max(100_000) });
/** Memberships that are asked about at the same time. */
const atOnce = 16;
/** How long the state of a feed is remembered, in milliseconds; as where memberships are decided one by one. */
const feedMs = 500;

export function addScopeViewers(app: FastifyInstance, { database, access, consumer }: ScopeViewersOptions): void {
  const feeds = new Map<'project' | 'channel', { at: number; state: ReturnType<typeof feedState> }>();
  // Each change of a project that several people look at asks.
  const feed = (source: 'project' | 'channel'): ReturnType<typeof feedState> => {
    const known = feeds.get(source);
    if (known && Date.now() - known.at < feedMs) return known.state;
    const state = feedState(database, { consumer, source });
    feeds.set(source, { at: Date.now(), state });
    return state;
  };
  app.post('/internal/scope-viewers', { bodyLimit: 8 * 1_048_576 }, async (request, reply) => {
    if (request.identity.caller !== 'gateway' || request.identity.viewer) return reply.code(403).send({ error: 'For the gateway only.' });
    const { kind, id, viewers } = question.parse(request.body);
    const known = viewers.filter(isUuid);
    if (!isUuid(id)) return { viewers: [] };
    const { silent } = await feed(kind);
    const seeing = silent ? new Set<string>() : await findMembersAmong(database, scopeId(kind, id), known);
    const open = known.filter((viewer) => !seeing.has(viewer));
    const ask = async () => {
      for (let viewer = open.pop(); viewer; viewer = open.pop()) {
        try {
          if ((await access.membership(kind, id, viewer)).role !== null) seeing.add(viewer);
        } catch (error) {
          // Of whom nobody can say it now is left out: they ask by themselves, and wait for an answer.
          if (!(error instanceof DomainError)) throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, open.length) }, ask));
    return { viewers: [...seeing] };
  });
}
