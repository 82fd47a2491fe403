// What is made of one operation that came over a socket: an answer, a running subscription, or the errors that refuse it.
import type { ApolloServer } from '@apollo/server';
import { DomainError, unauthenticated } from '@taskgraph/shared/errors';
import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  type DocumentNode,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { GatewayContext } from '../context.js';
import { withRequestId } from '../format-error.js';
import type { Limits } from '../limits/limits.js';
import { rowsThatFit } from '../limits/operation-cost.js';
import { resolveText } from '../limits/persisted-queries.js';
import { priceAndCharge, refusedWith, wantsDryRun } from '../limits/plugin.js';
import type { Consumer, Live, Running } from './live.js';
import { parsed, problemsOf } from './live-documents.js';

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
  bounds: Limits;
}

export type Started =
  | { kind: 'refused'; errors: GraphQLFormattedError[] }
  | { kind: 'answered'; document: DocumentNode; result: FormattedExecutionResult }
  | { kind: 'running'; document: DocumentNode; running: Running };

export async function startOperation(options: OperationOptions, payload: OperationPayload, context: GatewayContext, consumer: Consumer): Promise<Started> {
  const { apollo, schema, bounds } = options;
  const refused = (errors: readonly GraphQLFormattedError[]): Started => ({ kind: 'refused', errors: errors.map((error) => withRequestId(error, context.requestId)) });
  const resolved = resolveText(bounds, payload);
  if ('message' in resolved) return refused([resolved]);
  const { query } = resolved;
  const excess = bounds.check({ ...payload, query });
  if (excess) return refused([excess]);

  const document = parsed(query);
  if (document && getOperationAST(document, payload.operationName)?.operation === OperationTypeNode.SUBSCRIPTION) {
    const invalid = problemsOf(schema(), query, document);
    if (invalid.length > 0) return refused(invalid);
    resolved.register();
    try {
      return await subscribe(options, document, payload, context, consumer, refused);
    } catch (error) {
      if (!(error instanceof DomainError) && !(error instanceof GraphQLError)) throw error;
      return refused([refusedWith(error)]);
    }
  }

  const { body } = await apollo.executeOperation(
    {
      query,
      ...(payload.variables ? { variables: payload.variables } : {}),
      ...(payload.operationName ? { operationName: payload.operationName } : {}),
      ...(payload.extensions ? { extensions: query === payload.query ? payload.extensions : withoutHash(payload.extensions) } : {}),
    },
    { contextValue: context },
  );
  if (body.kind !== 'single') throw new Error('incremental delivery is not offered');
  // An operation that never ran is refused with `error`; one that ran answers with `next`, errors and all.
  if (!document || body.singleResult.data === undefined) return refused(body.singleResult.errors ?? []);
  return { kind: 'answered', document, result: body.singleResult };
}

/** What is left once the text is found. */
function withoutHash({ persistedQuery: _found, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest;
}

/** It is priced once, here, as its selection for one change; what it is sent later costs nothing. */
async function subscribe(
  { schema, live, bounds }: OperationOptions, document: DocumentNode, payload: OperationPayload, context: GatewayContext, consumer: Consumer, refused: (errors: readonly GraphQLFormattedError[]) => Started,
): Promise<Started> {
  const { operationName } = payload;
  const variables = payload.variables ?? {};
  if (!context.viewer) throw unauthenticated();
  if (wantsDryRun({}, payload.extensions)) context.dryRun = true;
  await priceAndCharge(bounds, { schema: schema(), document, operationName, variables }, context);
  const cost = context.cost ?? bounds.nothing;
  if (context.dryRun) return { kind: 'answered', document, result: { data: null, extensions: { cost } } };
  const started = await live({ document, operationName, variables, context, mostRows: rowsThatFit(cost) }, consumer);
  return 'errors' in started ? refused(started.errors) : { kind: 'running', document, running: started.running };
}
