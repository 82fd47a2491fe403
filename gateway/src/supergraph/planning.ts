// New documents are planned one after the other, and after each the process does other work for as long as it took: planning
// keeps the event loop busy, so whoever brings new documents must not hold up those whose documents are known.
import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '@taskgraph/shared/errors';
import { createWaitingLine } from '@taskgraph/shared/waiting-line';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.js';
import type { RequestContext } from '../execution/plan.js';
import { operationSize } from '../limits/operation-size.js';

/** Documents that wait to be planned, and for how long at most, in milliseconds. */
const queue = 200;
const longestWaitMs = 5_000;
/** Seconds after which those that are refused may come again. */
const retryAfter = 2;

export interface PlanningLine {
  /** Charges whoever asks, and plans when it is their turn. Throws RATE_LIMITED; OVERLOADED, 503 over HTTP, where too many wait. */
  run<T>(request: RequestContext, plan: () => Promise<T>): Promise<T>;
}

/** `rest` waits for that many milliseconds. */
export function createPlanningLine({ rest = (ms: number): Promise<unknown> => delay(ms, undefined, { ref: false }) } = {}): PlanningLine {
  const line = createWaitingLine({ limit: 1, queue, retryAfter });

  const inTurn = <T>(plan: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const turn = async () => {
        const began = performance.now();
        await plan().then(resolve, reject);
        await rest(performance.now() - began);
      };
      line.run(turn, performance.now() + longestWaitMs).catch((error: unknown) => reject(error instanceof DomainError ? asRequestError(error) : error));
    });

  return {
    async run(request, plan) {
      const { chargePlanning } = request.context as Partial<GatewayContext>;
      // What the gateway runs by itself, or plans ahead, waits for nobody.
      if (!chargePlanning) return plan();
      await chargePlanning(operationSize(request.document, request.operation));
      return inTurn(plan);
    },
  };
}

/** Apollo answers an error thrown by its executor with 500 unless it names another status. */
const asRequestError = ({ message, code, details }: DomainError) => new GraphQLError(message, { extensions: { code, ...details, http: { status: 503 } } });
