// Routes for the other subgraphs.
import type { MembershipAnswer } from '@taskgraph/shared/contracts/membership';
import { isUuid } from '@taskgraph/shared/ids';
import '@taskgraph/shared/subgraph-server';
import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { readMembership } from './repositories/channel-repository.js';

const uuid = z.string().refine(isUuid);
const parameters = z.object({ place: uuid, user: uuid });

/** GET /internal/memberships?place=<channel>&user=<user>: the owner's word on one membership (contracts/membership.ts). */
export function addMembershipRoute(app: FastifyInstance, database: DataSource): void {
  app.get('/internal/memberships', async (request, reply) => {
    if (request.identity.viewer || request.identity.caller === 'gateway') return reply.code(403).send({ error: 'For subgraphs only.' });
    const asked = parameters.safeParse(request.query);
    if (!asked.success) return reply.code(400).send({ error: 'place and user must be ids.' });
    const { place, user } = asked.data;
    const { role, version } = await readMembership(database, place, user);
    const answer: MembershipAnswer = { role, version, id: place, key: null, writable: true };
    return answer;
  });
}
