// Over HTTP the bounds come before Apollo Server, which would parse and validate first.
import type { FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import type { Limits } from './limits.js';

export function refuseAtOnce(limits: Limits, { method, url, body }: FastifyRequest): GraphQLFormattedError | undefined {
  if (method === 'GET') {
    // Variables in an address are as short as headers are.
    const query = new URL(url, 'http://gateway').searchParams.get('query');
    return query === null ? undefined : limits.check({ query });
  }
  return typeof body === 'object' && body !== null ? limits.check(body) : undefined;
}
