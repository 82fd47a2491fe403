// What is made of one operation that came over a socket: an answer, a running subscription, or the errors that refuse it.
import type { ApolloServer } from '@apollo/server';
import { DomainError } from '@taskgraph/shared/errors';
import {
  getOperationAST,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { GatewayContext } from '../context.js';
import { withRequestId } from '../format-error.js';
import type { Consumer, Live, Running } from './live.js';

export interface OperationPayload {
  query: string;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
  extensions?: Record<string, unknown> | null | undefined;
}

export interface OperationOptions {
  apollo: ApolloServer<GatewayContext>;
  schema: () => GraphQLSchema;
  live: Live;
}

export type Started =
  | { kind: 'refused'; errors: GraphQLFormattedError[] }
  | { kind: 'answered'; document: DocumentNode; result: FormattedExecutionResult }
  | { kind: 'running'; document: DocumentNode; running: Running };

export async function startOperation({ apollo, schema, live }: OperationOptions, payload: OperationPayload, context: GatewayContext, consumer: Consumer): Promise<Started> {
  const document = parsed(payload.query);
  const refused = (errors: readonly GraphQLFormattedError[]): Started => ({ kind: 'refused', errors: errors.map((error) => withRequestId(error, context.requestId)) });

  if (document && getOperationAST(document, payload.operationName)?.operation === OperationTypeNode.SUBSCRIPTION) {
    const invalid = validate(schema(), document, specifiedRules, { hideSuggestions: true });
    if (invalid.length > 0) return refused(invalid.map((error) => ({ ...error.toJSON(), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })));
    try {
      const started = await live({ document, operationName: payload.operationName, variables: payload.variables ?? {}, context }, consumer);
      return 'errors' in started ? refused(started.errors) : { kind: 'running', document, running: started.running };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return refused([{ message: error.message, extensions: { code: error.code, ...error.details } }]);
    }
  }

  const { body } = await apollo.executeOperation(
    {
      query: payload.query,
      ...(payload.variables ? { variables: payload.variables } : {}),
      ...(payload.operationName ? { operationName: payload.operationName } : {}),
      ...(payload.extensions ? { extensions: payload.extensions } : {}),
    },
    { contextValue: context },
  );
  if (body.kind !== 'single') throw new Error('incremental delivery is not offered');
  // An operation that never ran is refused with `error`; one that ran answers with `next`, errors and all.
  if (!document || body.singleResult.data === undefined) return refused(body.singleResult.errors ?? []);
  return { kind: 'answered', document, result: body.singleResult };
}

function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query);
  } catch {
    return undefined;
  }
}
