// New documents are planned one after the other, and after each the process does other work for as long as it took or longer: planning
// keeps the event loop busy, so whoever brings new documents must not hold up those whose documents are known.
import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '@taskgraph/shared/errors';
import { createWaitingLine, type WaitingLine } from '@taskgraph/shared/waiting-line';
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

interface Line {
  line: WaitingLine;
  /** How many times as long as it planned it pauses: with both lines full a quarter of the event loop is left to known documents. */
  rests: number;
}

/** `rest` waits for that many milliseconds. */
export function createPlanningLine({ rest = (ms: number): Promise<unknown> => delay(ms, undefined, { ref: false }) } = {}): PlanningLine {
  // Those who did not sign in wait by themselves: addresses cost nothing, and must not fill the line of the others.
  const [people, strangers] = [1, 3].map((rests) => ({ line: createWaitingLine({ limit: 1, queue, retryAfter }), rests })) as [Line, Line];

  const inTurn = <T>({ line, rests }: Line, plan: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const turn = async () => {
        const began = performance.now();
        await plan().then(resolve, reject);
        await rest((performance.now() - began) * rests);
      };
      line.run(turn, performance.now() + longestWaitMs).catch((error: unknown) => reject(error instanceof DomainError ? asRequestError(error) : error));
    });

  return {
    async run(request, plan) {
      const { chargePlanning, viewer } = request.context as Partial<GatewayContext>;
      // What the gateway runs by itself, or plans ahead, waits for nobody.
      if (!chargePlanning) return plan();
      const giveBack = await chargePlanning(operationSize(request.document, request.operation));
      try {
        return await inTurn(viewer ? people : strangers, plan);
      } catch (error) {
        // What was not planned is not paid for.
        if (error instanceof GraphQLError && error.extensions['code'] === 'OVERLOADED') await giveBack();
        throw error;
      }
    },
  };
}

/** Apollo answers an error thrown by its executor with 500 unless it names another status. */
const asRequestError = ({ message, code, details }: DomainError) => new GraphQLError(message, { extensions: { code, ...details, http: { status: 503 } } });
