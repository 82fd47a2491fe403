// The planner's types, by way of the package that we depend on.
import type { ApolloGateway, GatewayConfig } from '@apollo/gateway';

type Resolved = Parameters<NonNullable<GatewayConfig['experimental_didResolveQueryPlan']>>[0];

export type QueryPlan = Resolved['queryPlan'];
export type PlanNode = Exclude<NonNullable<QueryPlan['node']>, { kind: 'Subscription' }>;
export type PlannedFetch = Extract<PlanNode, { kind: 'Fetch' }>;
export type RequiredSelection = NonNullable<PlannedFetch['requires']>[number];
export type Rewrite = NonNullable<PlannedFetch['inputRewrites']>[number];

/** What Apollo Server hands to its gateway for one operation. */
export type RequestContext = Parameters<ApolloGateway['executor']>[0];
export type ExecutionResult = Awaited<ReturnType<ApolloGateway['executor']>>;
