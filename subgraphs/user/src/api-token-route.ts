import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';
import { useApiToken } from './repositories/api-token-repository.js';

/** GET /internal/api-tokens/<SHA-256 of the secret>: whom it speaks for (see the contract), for the gateway. No secret stands in an address. */
export function addApiTokenRoute(app: FastifyInstance, database: DataSource): void {
  app.get<{ Params: { hash: string } }>('/internal/api-tokens/:hash', async (request, reply) => {
    if (request.identity.viewer || request.identity.caller !== 'gateway') return reply.code(403).send({ error: 'For the gateway only.' });
    const owner = await useApiToken(database, request.params.hash);
    return owner ?? reply.code(404).send({ error: 'This token speaks for nobody.' });
  });
}
