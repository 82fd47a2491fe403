// What this subgraph answers to the other ones besides its event log and keys.
import type { UserAddresses, UserEmails, UserHandles, UserNames } from '@taskgraph/shared/contracts/user-status';
import { isUuid } from '@taskgraph/shared/ids';
import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { findUsersByEmails, findUsersByHandles, findUsersByIds } from './repositories/user-repository.js';

/** Most ids of one question: they must fit a request line. */
const idLimit = 100;
const parameters = z.object({
  ids: z.string().toLowerCase().transform((text) => [...new Set(text.split(','))]).pipe(z.array(z.string().refine(isUuid)).max(idLimit)),
});
const handleParameters = z.object({
  handles: z.string().toLowerCase().transform((text) => [...new Set(text.split(','))]).pipe(z.array(z.string().regex(/^[a-z0-9_-]{3,32}$/)).max(idLimit)),
});

const emailParameters = z.object({
  emails: z.string().toLowerCase().transform((text) => [...new Set(text.split(','))]).pipe(z.array(z.string().max(254)).max(idLimit)),
});
const namesParameters = z.object({ handlesOf: parameters.shape.ids });

/** GET /internal/users?ids=<id>,<id>: those of them that exist, in the order asked for. Ids, whether they may act, and the address; no other word about anybody.
 *  GET /internal/users?handles=<handle>,<handle>: whose these are, without addresses.
 *  GET /internal/users?emails=<address>,<address>: whose these are. GET /internal/users?handlesOf=<id>,<id>: what these are called. */
export function addInternalRoutes(app: FastifyInstance, database: DataSource): void {
  app.get('/internal/users', async (request, reply) => {
    if (request.identity.viewer || request.identity.caller === 'gateway') return reply.code(403).send({ error: 'For subgraphs only.' });
    const named = handleParameters.safeParse(request.query);
    if (named.success && !('ids' in (request.query as object))) {
      const users = await findUsersByHandles(database.manager, named.data.handles);
      return users.map(({ id, handle, active }): UserHandles[number] => ({ id, handle, active }));
    }
    const mailed = emailParameters.safeParse(request.query);
    if (mailed.success) {
      const users = await findUsersByEmails(database.manager, mailed.data.emails);
      return users.map(({ id, emailKey, active }): UserEmails[number] => ({ id, email: emailKey, active }));
    }
    const called = namesParameters.safeParse(request.query);
    if (called.success) {
      const users = await findUsersByIds(database.manager, called.data.handlesOf);
      return users.filter((user) => user !== null).map(({ id, handle }): UserNames[number] => ({ id, handle }));
    }
    const asked = parameters.safeParse(request.query);
    if (!asked.success) return reply.code(400).send({ error: `ids (UUIDs) or handles is needed: 1 to ${idLimit}, separated by commas.` });
    const users = await findUsersByIds(database.manager, asked.data.ids);
    return users.filter((user) => user !== null).map(({ id, active, email, emailVerified }): UserAddresses[number] => ({ id, active, email, emailVerified }));
  });
}
