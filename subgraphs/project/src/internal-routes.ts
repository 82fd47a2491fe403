// What this subgraph answers to the other ones besides its event log.
import { isUuid } from '@taskgraph/shared/ids';
import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { answerMembership } from './repositories/project-member-repository.js';

const uuid = z.string().refine(isUuid).toLowerCase();
const parameters = z.object({ place: uuid, user: uuid });

/** GET /internal/memberships?place=<project id>&user=<user id>: the owner's word on one membership, from committed state. */
export function addInternalRoutes(app: FastifyInstance, database: DataSource): void {
  app.get('/internal/memberships', async (request, reply) => {
    if (request.identity.viewer || request.identity.caller === 'gateway') return reply.code(403).send({ error: 'For subgraphs only.' });
    const asked = parameters.safeParse(request.query);
    if (!asked.success) return reply.code(400).send({ error: 'place and user are needed, both UUIDs.' });
    return answerMembership(database.manager, asked.data.place, asked.data.user);
  });
}
