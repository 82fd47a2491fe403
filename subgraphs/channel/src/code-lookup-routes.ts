// The guessing budget, for the subgraph that looks up codes beside this one (contracts/code-lookup.ts).
import { lookupAsker, type LookupAnswer } from '@taskgraph/shared/contracts/code-lookup';
import '@taskgraph/shared/subgraph-server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { countLookUp, giveBackLookUp } from './commands/count-look-up.js';
import type { Services } from './context.js';

/** POST /internal/code-lookups counts one before it is made; POST /internal/code-lookups/found takes it back. For the project subgraph. */
export function addCodeLookupRoutes(app: FastifyInstance, counter: Pick<Services, 'database' | 'secretKey'>): void {
  const readAsker = async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.identity.viewer || request.identity.caller !== 'project') return reply.code(403).send({ error: 'For the project subgraph only.' }), null;
    const asker = lookupAsker.safeParse(request.body);
    if (!asker.success) return reply.code(400).send({ error: 'user must be an id, address a text or null.' }), null;
    return asker.data;
  };
  app.post('/internal/code-lookups', async (request, reply) => {
    const asker = await readAsker(request, reply);
    if (!asker) return reply;
    return { retryAfter: await countLookUp(counter, asker) } satisfies LookupAnswer;
  });
  app.post('/internal/code-lookups/found', async (request, reply) => {
    const asker = await readAsker(request, reply);
    if (!asker) return reply;
    await giveBackLookUp(counter, asker);
    return {};
  });
}
