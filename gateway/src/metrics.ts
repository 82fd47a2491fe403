// The gateway's figures beside those of every process. What others count themselves (breakers, refusals, load) is asked for at
// each scrape. docs/metrics.md lists them all.
import type { ApolloServerPlugin } from '@apollo/server';
import { counter, gauge, histogram, type Counter } from '@taskgraph/shared/metrics/registry';
import { beforeScrape } from '@taskgraph/shared/metrics/scrape';
import type { GatewayContext } from './context.js';
import { createOperationNames } from './operation-names.js';
import { isErrorCode } from './public-errors.js';
import type { RateLimits } from './rate-limits/rate-limits.js';
import type { LoadWatch } from './resilience/load.js';
import type { SubgraphClient } from './subgraph-client.js';

const operationSeconds = histogram('taskgraph_operation_duration_seconds', 'Duration of GraphQL operations; `via` is http, or live for sockets and the pages that subscriptions read.', ['type', 'via']);
const operations = counter('taskgraph_operations_total', 'GraphQL operations by name and by what came of them: ok, partial (data with errors) or failed.', ['type', 'operation', 'outcome']);
const operationTime = counter('taskgraph_operation_seconds_total', 'Time spent on GraphQL operations, by name.', ['type', 'operation']);
const errors = counter('taskgraph_graphql_errors_total', 'Errors in answers to clients, by code.', ['code']);
const subgraphSeconds = histogram(
  'taskgraph_subgraph_request_duration_seconds',
  'Duration of requests to subgraphs by outcome: ok, error (a status of 400 or more, or no JSON) or unavailable (no answer, or refused here).',
  ['subgraph', 'kind', 'outcome'],
);
const breaker = gauge('taskgraph_breaker_open', 'Circuit breaker of a subgraph: 0 closed, 0.5 half-open, 1 open.', ['subgraph'], 'max');
const inFlight = gauge('taskgraph_subgraph_in_flight', 'Guarded requests to a subgraph that are under way, or wait for their turn.', ['subgraph', 'state']);
const subgraphRefusals = counter('taskgraph_subgraph_refusals_total', 'Requests that were not sent: the breaker was open, or too many were under way.', ['subgraph', 'reason']);
const rateRefusals = counter('taskgraph_rate_limit_refusals_total', 'Requests and operations refused as RATE_LIMITED.', ['policy']);
const loadRefusals = counter('taskgraph_load_refusals_total', 'Requests refused because this process did not keep up.', []);
const shedding = gauge('taskgraph_load_shedding', 'Whether new work is refused now because of this: 1 or 0.', ['reason'], 'max');
const memoryUsed = gauge('taskgraph_memory_used_ratio', 'Share of the memory that this process may use, of the heap or of the container, whichever is fuller.', [], 'max');
const planLookups = counter('taskgraph_plan_cache_lookups_total', 'Look-ups of query plans: hit, or miss (the plan is made).', ['outcome']);
const plans = gauge('taskgraph_plan_cache_plans', 'Query plans kept for the supergraph that was loaded last.', []);
const serving = gauge('taskgraph_gateway_workers', 'Processes of this gateway that serve.', []);
export const socketsOpen = gauge('taskgraph_sockets_open', 'Open connections that carry subscriptions: WebSockets, and streams of server-sent events.', ['kind']);
export const subscriptionsLive = gauge('taskgraph_subscriptions_live', 'Subscriptions that run.', []);
export const liveRuns = counter('taskgraph_live_runs_total', 'Queries run for subscriptions; one may serve many.', []);
export const liveResults = counter('taskgraph_live_results_total', 'Results handed to subscribers.', []);
export const liveGivenUp = counter('taskgraph_live_given_up_total', 'Subscriptions cut off because their client took nothing.', []);

const nameOf = createOperationNames();
const documentErrors = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'OPERATION_RESOLUTION_FAILURE', 'BAD_REQUEST', 'PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_SUPPORTED']);

/** Rate, errors and duration of operations. */
export const metricsPlugin: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart({ request }) {
    const began = performance.now();
    const via = request.http ? 'http' : 'live';
    return {
      async willSendResponse({ operation, response, contextValue }) {
        if (response.body.kind !== 'single') return;
        const { data, errors: found = [] } = response.body.singleResult;
        const type = operation?.operation ?? 'none';
        const seconds = (performance.now() - began) / 1_000;
        const name = nameOf(operation?.name?.value, contextValue.viewer !== null);
        operationSeconds.observe({ type, via }, seconds);
        operationTime.inc({ type, operation: name }, seconds);
        operations.inc({ type, operation: name, outcome: found.length === 0 ? 'ok' : data ? 'partial' : 'failed' });
        for (const { extensions } of found) {
          const code = extensions?.['code'];
          errors.inc({ code: isErrorCode(code) || documentErrors.has(code as string) ? (code as string) : 'other' });
        }
      },
    };
  },
};

/** The same client, its requests measured. */
export function measured(client: SubgraphClient): SubgraphClient {
  return {
    ...client,
    async send(request) {
      const kind = request.path === '/graphql' ? 'graphql' : request.path === '/livez' ? 'probe' : 'internal';
      const end = subgraphSeconds.startTimer({ subgraph: client.name, kind });
      try {
        const answer = await client.send(request);
        end({ outcome: answer.status < 400 && answer.body !== undefined ? 'ok' : 'error' });
        return answer;
      } catch (error) {
        end({ outcome: 'unavailable' });
        throw error;
      }
    },
  };
}

/** `kept`: plans there are now. */
export function countPlan(known: boolean, kept: number): void {
  planLookups.inc({ outcome: known ? 'hit' : 'miss' });
  plans.set({}, kept);
}

export interface Watched {
  clients: Iterable<SubgraphClient>;
  rateLimits: Pick<RateLimits, 'refusals'>;
  load: Pick<LoadWatch, 'reason' | 'sample' | 'refusals'>;
}

/** Tells of these at each scrape, until what it answers is called. */
export function tellOfGateway({ clients, rateLimits, load }: Watched): () => void {
  return beforeScrape(() => {
    serving.set(1);
    for (const { name, state } of clients) {
      const now = state();
      breaker.set({ subgraph: name }, { closed: 0, 'half-open': 0.5, open: 1 }[now.breaker]);
      inFlight.set({ subgraph: name, state: 'under way' }, now.inFlight);
      inFlight.set({ subgraph: name, state: 'waiting' }, now.waiting);
      bringTo(subgraphRefusals, { subgraph: name, reason: 'breaker' }, now.refusedByBreaker);
      bringTo(subgraphRefusals, { subgraph: name, reason: 'load' }, now.refusedByLoad);
    }
    for (const [policy, count] of Object.entries(rateLimits.refusals())) bringTo(rateRefusals, { policy }, count);
    bringTo(loadRefusals, {}, load.refusals());
    for (const reason of ['lag', 'memory']) shedding.set({ reason }, load.reason() === reason ? 1 : 0);
    memoryUsed.set(load.sample().memoryPercent / 100);
  });
}

/** For what is counted elsewhere since the start of the process. */
function bringTo<L extends string>(metric: Counter<L>, labels: Partial<Record<L, string>>, total: number): void {
  metric.remove(labels);
  metric.inc(labels, total);
}
