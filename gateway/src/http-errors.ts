// Refusals over HTTP, outside of what Apollo answers: GraphQL's form, the status and headers that HTTP has for them.
import type { DomainError } from '@taskgraph/shared/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import { withRequestId } from './format-error.js';

const statusOf: Partial<Record<DomainError['code'], number>> = { UNAUTHENTICATED: 401, BAD_USER_INPUT: 400, SUBGRAPH_UNAVAILABLE: 503, RATE_LIMITED: 429, OVERLOADED: 503 };

export function sendDomainError(request: FastifyRequest, reply: FastifyReply, { code, message, details }: DomainError): FastifyReply {
  if (code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
  if (details.retryAfter !== undefined) reply.header('retry-after', String(details.retryAfter));
  return sendError(request, reply, statusOf[code] ?? 500, { message, extensions: { code, ...details } });
}

export function sendError(request: FastifyRequest, reply: FastifyReply, status: number, error: GraphQLFormattedError): FastifyReply {
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify({ errors: [withRequestId(error, request.id)] }));
}
