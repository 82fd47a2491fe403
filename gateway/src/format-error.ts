// The last thing that happens to an error before a client reads it.
import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { DomainError } from '@taskgraph/shared/errors';
import { variableProblem, withShortValues } from '@taskgraph/shared/graphql-errors';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from './context.js';
import { isErrorCode, maskedMessage, publicExtensions } from './public-errors.js';

/** Apollo's own codes for documents that it cannot run. */
const documentCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** Builds Apollo Server's `formatError`. The request id is added later, by `requestIdPlugin`. */
export function createFormatError(logger: Logger) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const place = {
      ...(formatted.path ? { path: formatted.path } : {}),
      ...(formatted.locations ? { locations: formatted.locations } : {}),
    };
    const original = unwrapResolverError(error);
    if (original instanceof DomainError) return { message: original.message, ...place, extensions: { code: original.code, ...original.details } };

    const { extensions } = formatted;
    const code = extensions?.['code'];
    const ofSubgraph = typeof extensions?.['serviceName'] === 'string';
    if (typeof code === 'string' && (documentCodes.has(code) || (isErrorCode(code) && code !== 'INTERNAL_SERVER_ERROR'))) {
      const message = ofSubgraph ? formatted.message : withShortValues(withoutSuggestion(formatted.message));
      const variable = code === 'BAD_USER_INPUT' && !ofSubgraph && !extensions?.['fields'] ? { fields: [variableProblem(message)] } : {};
      return { message, ...place, extensions: { ...publicExtensions(code, extensions), ...variable } };
    }
    // What a subgraph hides it has logged itself.
    if (!ofSubgraph) logger.error({ err: original, path: formatted.path }, 'unexpected error');
    return { message: maskedMessage, ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  };
}

/** "Did you mean" names parts of the schema and of enumerations that were not asked for. */
export function withoutSuggestion(message: string): string {
  // No regular expression: values that a message repeats may be long and say the same a thousand times.
  const at = message.endsWith('?') ? message.lastIndexOf('Did you mean') : -1;
  return at < 0 ? message : message.slice(0, at).trimEnd();
}

/** A value that does not fit its variable, found before anything ran. */
export function variableError(error: GraphQLError): GraphQLFormattedError {
  const message = withShortValues(withoutSuggestion(error.message));
  return { ...error.toJSON(), message, extensions: { code: 'BAD_USER_INPUT', fields: [variableProblem(message)] } };
}

/** Puts the request id on every error of an operation and takes out what the planner says about nulls (`valueCompletion`). */
export const requestIdPlugin: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, contextValue }) {
        if (response.body.kind !== 'single') return;
        const { singleResult } = response.body;
        delete singleResult.extensions;
        if (singleResult.errors) singleResult.errors = singleResult.errors.map((error) => withRequestId(error, contextValue.requestId));
      },
    };
  },
};

export const withRequestId = (error: GraphQLFormattedError, requestId: string): GraphQLFormattedError => ({
  ...error,
  extensions: { ...error.extensions, requestId },
});
