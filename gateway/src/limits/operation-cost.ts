// What an operation costs, as it travels with its context and as clients read it.
import type { CostStanding } from '../context.js';

/** On the context from before execution on; in the answer as `extensions.cost` and as headers. */
export interface OperationCost {
  /** Points that this operation asks for. */
  requested: number;
  /** Most points of one operation: COST_LIMIT. */
  limit: number;
  /** Points that the asker may spend in a minute; absent, like the two below, where that is not limited. */
  budget?: number;
  /** Points left of them, after this operation. */
  remaining?: number;
  /** Seconds until all of them are there again. */
  reset?: number;
}

export function withStanding(cost: OperationCost, standing: CostStanding | null | undefined): OperationCost {
  if (!standing) return cost;
  return { ...cost, budget: standing.limit, remaining: standing.remaining, reset: standing.reset };
}

/** Names and values of the headers that tell it; the budget's own are those of rate limits. */
export const costHeaders = ({ requested, limit }: OperationCost): [string, string][] => [
  ['taskgraph-cost', String(requested)],
  ['taskgraph-cost-limit', String(limit)],
];

export const costHeaderNames = ['taskgraph-cost', 'taskgraph-cost-limit'];

/** How many changes of a subscription are read at once: as many as one operation may cost, if each costs this. At most the engine's own page. */
export const rowsThatFit = ({ requested, limit }: OperationCost): number => Math.max(1, Math.floor(limit / Math.max(1, requested)));
