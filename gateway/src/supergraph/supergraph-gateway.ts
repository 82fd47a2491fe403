// What Apollo Server takes for its gateway: generations of the supergraph, one after the other, each swapped in between two
// ticks. Which one a request runs in is told by the schema it was validated against.
import { setImmediate as nextTick } from 'node:timers/promises';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.js';
import { loadGeneration, type Generation, type GenerationOptions, type MakeDataSource } from './generation.js';
import { createHotDocuments, type HotDocument } from './hot-documents.js';

type GatewayInterface = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];
type Listener = Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0];

/** What runs on over a swap. */
export interface Follower {
  /** What it will execute, to be planned beforehand. */
  documents(): HotDocument[];
  /** Looks ahead; what it answers is called at the swap, in the same tick. */
  prepare(next: GraphQLSchema): Promise<() => void>;
}

export interface SupergraphGatewayOptions {
  supergraphSdl: string;
  dataSource: MakeDataSource;
  execution: GenerationOptions['execution'];
  follower: Follower;
  logger: Logger;
}

export interface SupergraphGateway {
  gateway: GatewayInterface;
  /** The graph as clients see it now. */
  schema: () => GraphQLSchema;
  /** Serves this one from now on; false where it is served already. Throws where it cannot be served, and nothing has changed then. One at a time. */
  take(supergraphSdl: string): Promise<boolean>;
}

/** Documents that are planned before a swap, beside those of running subscriptions. */
const warmDocuments = 100;
/** Running subscriptions whose documents are planned; the others are planned when they run next. */
const warmSubscriptions = 200;

export function createSupergraphGateway({ supergraphSdl, dataSource, execution, follower, logger }: SupergraphGatewayOptions): SupergraphGateway {
  const hot = createHotDocuments();
  const listeners = new Set<Listener>();
  /** Goes with the schema, which a request in flight holds. */
  const generations = new WeakMap<GraphQLSchema, Generation>();
  let current: Generation | undefined;
  const now = () => {
    if (!current) throw new Error('the supergraph is not loaded');
    return current;
  };

  function serve(next: Generation): void {
    next.open();
    generations.set(next.schema, next);
    // Apollo Server listens last: what somebody before it refuses has not begun.
    for (const tell of listeners) tell({ apiSchema: next.schema, coreSupergraphSdl: next.supergraphSdl });
    current = next;
  }

  /** Planning one takes milliseconds in which nobody else is served: requests come in between. */
  async function warm(next: Generation): Promise<number> {
    let planned = 0;
    for (const document of [...follower.documents().slice(0, warmSubscriptions), ...hot.hottest(warmDocuments)]) {
      try {
        if (await next.plan(document)) planned += 1;
      } catch (error) {
        // Whoever sends it next hears why.
        logger.debug({ err: error }, 'a document was not planned ahead');
      }
      await nextTick();
    }
    return planned;
  }

  return {
    schema: () => now().schema,
    gateway: {
      async load() {
        serve(await loadGeneration({ supergraphSdl, dataSource, execution, logger }));
        return {
          executor: async (context) => {
            const { queryHash, source, request } = context;
            hot.count(queryHash, { source, operationName: request.operationName });
            return (generations.get(context.schema) ?? now()).execute(context as never) as never;
          },
        };
      },
      onSchemaLoadOrUpdate(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      stop: async () => undefined,
    },
    async take(sdl) {
      if (sdl === now().supergraphSdl) return false;
      const next = await loadGeneration({ supergraphSdl: sdl, dataSource, execution, logger });
      const planned = await warm(next);
      const follow = await follower.prepare(next.schema);
      serve(next);
      follow();
      logger.info({ planned }, 'a new supergraph is served');
      return true;
    },
  };
}
