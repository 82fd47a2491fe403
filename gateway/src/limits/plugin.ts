// The limits as Apollo Server meets them: queries and mutations of every transport are priced and charged after validation and
// before planning. Subscriptions are priced where they begin; see subscriptions/operations.ts.
import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import { badInput, DomainError } from '@taskgraph/shared/errors';
import { getOperationAST, getVariableValues, GraphQLError, OperationTypeNode, type GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../context.js';
import { variableError } from '../format-error.js';
import { TooComplex, type Limits } from './limits.js';
import { costHeaders, withStanding } from './operation-cost.js';
import { operationSize } from './operation-size.js';

export function limitsPlugin(limits: Limits): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart({ contextValue }) {
      if (contextValue.internal) return;
      return {
        async didResolveOperation({ document, operation, request, schema, contextValue }) {
          try {
            if (wantsDryRun({}, request.extensions)) contextValue.dryRun = true;
            // Others refuse these, and say why.
            if (!operation || (operation.operation === OperationTypeNode.SUBSCRIPTION && !contextValue.dryRun)) return;
            await priceAndCharge(limits, { schema, document, operationName: request.operationName, variables: request.variables ?? {} }, contextValue);
          } catch (error) {
            throw error instanceof DomainError ? asRequestError(error) : error;
          }
        },

        async responseForOperation({ request, operation, schema, contextValue }) {
          if (!contextValue.dryRun) return null;
          const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {});
          const http = { ...(errors ? { status: 400 } : {}), headers: new HeaderMap() };
          return { http, body: { kind: 'single', singleResult: errors ? { errors: errors.map(variableError) } : { data: null } } };
        },

        async willSendResponse({ response, contextValue }) {
          const cost = contextValue.cost ?? limits.nothing;
          for (const [name, value] of costHeaders(cost)) response.http.headers.set(name, value);
          if (response.body.kind === 'single') response.body.singleResult.extensions = { cost };
        },
      };
    },
  };
}

export interface PricedOperation {
  schema: Parameters<Limits['price']>[0];
  document: Parameters<Limits['price']>[1];
  operationName: string | null | undefined;
  variables: Record<string, unknown>;
}

/** What nobody runs takes nothing from the budget. Throws BAD_USER_INPUT, QUERY_TOO_COMPLEX, RATE_LIMITED. */
export async function priceAndCharge(limits: Limits, { schema, document, operationName, variables }: PricedOperation, context: GatewayContext): Promise<void> {
  const cost = limits.price(schema, document, operationName, variables, context);
  context.cost = withStanding(cost, await context.chargeCost?.(context.dryRun ? 0 : cost.requested));
  // Queries and mutations pay where they are planned; what a subscription is made of is planned later, by the gateway.
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== OperationTypeNode.SUBSCRIPTION || context.dryRun || limits.isKnown(document, operationName)) return;
  await context.chargePlanning?.(operationSize(document, operation));
  limits.know(document, operationName);
}

/** Apollo answers an error thrown before execution with 500 unless it names another status. */
const asRequestError = (error: DomainError): GraphQLError => new GraphQLError(error.message, { extensions: { ...refusedWith(error).extensions, http: { status: 400 } } });

/** As sockets tell it. */
export function refusedWith(error: DomainError | GraphQLError): GraphQLFormattedError {
  if (error instanceof DomainError) return { message: error.message, extensions: { code: error.code, ...error.details, ...(error instanceof TooComplex ? error.more : {}) } };
  const { http: _status, ...extensions } = error.extensions;
  return { message: error.message, extensions };
}

const dryRunHeader = 'taskgraph-dry-run';

/** Whether it is only to be priced: `Taskgraph-Dry-Run: cost` or `extensions.dryRun`. Throws BAD_USER_INPUT for what is neither, so that nothing runs by mistake. */
export function wantsDryRun(headers: Readonly<Record<string, unknown>>, extensions?: unknown): boolean {
  const asked = [['Taskgraph-Dry-Run', headers[dryRunHeader]], ['extensions.dryRun', (extensions as { dryRun?: unknown } | null | undefined)?.dryRun]] as const;
  let wanted = false;
  for (const [path, value] of asked) {
    if (value === undefined) continue;
    if (value !== 'cost') throw badInput(path, 'must be cost');
    wanted = true;
  }
  return wanted;
}
