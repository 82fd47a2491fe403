// The one place where an error becomes what a client reads.
import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { DomainError, overloaded, type FieldProblem } from './errors.js';

/** Postgres and socket errors that pass by themselves; SQLSTATE classes 08 (connection), 53 (resources) and 57P (shutdown) included. */
const transient = new Set(['40001', '40P01', '55P03', '57014', '25P03', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** Whether trying the same thing again later can help: the error is about the database's state, not about the request. */
export function isTransient(error: unknown): boolean {
  const { code, driverError, message } = error as { code?: string; driverError?: { code?: string }; message?: string };
  const state = code ?? driverError?.code;
  if (state && (transient.has(state) || /^(08|53|57P)/.test(state))) return true;
  return /timeout exceeded when trying to connect|connection terminated|query runner (was )?already released|is not queryable/i.test(message ?? '');
}

/** Apollo's own codes for documents that it cannot run keep their meaning. */
const documentCodes = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'OPERATION_RESOLUTION_FAILURE', 'BAD_REQUEST', 'BAD_USER_INPUT']);

/**
 * Builds Apollo Server's `formatError`: a DomainError keeps code, message and details; anything unknown is logged whole
 * and answered as INTERNAL_SERVER_ERROR without a word about its cause.
 */
export function errorFormatter(log: Logger) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const original = unwrapResolverError(error);
    const place = {
      ...(formatted.path ? { path: formatted.path } : {}),
      ...(formatted.locations ? { locations: formatted.locations } : {}),
    };
    const known = original instanceof DomainError ? original : isTransient(original) ? overloaded() : undefined;
    if (known) {
      if (known !== original) log.warn({ err: original }, 'a dependency failed');
      return { message: known.message, ...place, extensions: { code: known.code, ...known.details } };
    }
    const code = formatted.extensions?.['code'];
    if (typeof code === 'string' && documentCodes.has(code)) {
      const message = withShortValues(formatted.message);
      const fields = code === 'BAD_USER_INPUT' ? { fields: [variableProblem(message)] } : {};
      return { message, ...place, extensions: { code, ...fields } };
    }
    log.error({ err: original, path: formatted.path }, 'unexpected error');
    return { message: 'Something went wrong on our side.', ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  };
}

/** Longest value that a message repeats. */
const mostRepeated = 100;
/** Longest message about a document or a variable. */
const longestMessage = 2_000;

/** Sentences of graphql-js repeat the value they are about, which may be as long as a request. Its texts are cut. */
export function withShortValues(message: string): string {
  if (message.length <= mostRepeated) return message;
  let short = '';
  let at = 0;
  while (at < message.length && short.length <= longestMessage) {
    const from = message.indexOf('"', at);
    if (from < 0) break;
    let to = from + 1;
    while (to < message.length && message[to] !== '"') to += message[to] === '\\' ? 2 : 1;
    const text = message.slice(from + 1, to);
    short += `${message.slice(at, from)}"${text.length > mostRepeated ? `${text.slice(0, mostRepeated).toWellFormed()}…` : text}"`;
    at = Math.min(to + 1, message.length);
  }
  short += message.slice(at);
  return short.length > longestMessage ? `${short.slice(0, longestMessage).toWellFormed()}…` : short;
}

/** Path and problem of a variable that does not fit its type, taken from graphql-js's own sentence. */
export function variableProblem(message: string): FieldProblem {
  const at = /^Variable "\$(\w+)" got invalid value .*? at "([^"]+)"; (.*)$/s.exec(message);
  if (at) return { path: at[2] as string, message: at[3] as string };
  const whole = /^Variable "\$(\w+)"(?: got invalid value .*?;)? (.*)$/s.exec(message);
  return { path: whole?.[1] ?? 'variables', message: whole?.[2] ?? message };
}
