// The cache of the gateway, put together: docs/caching.md says what it promises. Without it nothing here runs.
import type { ApolloServerPlugin } from '@apollo/server';
import { beforeScrape } from '@taskgraph/shared/metrics/scrape';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.js';
import { createEntityCache, digest, type Looked, type Question } from './entity-cache.js';
import { followLogs } from './events.js';
import { cacheCharacters, cacheEvictions, cacheInvalidations } from './metrics.js';
import { readPolicies, type CachedType, type Policies } from './policy.js';
import { readerOf } from './reader.js';
import { createRedisStore } from './redis-store.js';
import { responseCachePlugin } from './response-cache.js';
import { createMemoryStore } from './store.js';
import { createTags, tagOfViewer } from './tags.js';

/** Absent: nothing is cached. */
export type CacheSettings = { kind: 'memory'; megabytes: number } | { kind: 'redis'; url: string };

export interface CacheOptions {
  settings: CacheSettings;
  /** GET of an address of a subgraph: the parsed body, or a throw. */
  ask: (subgraph: string, path: string) => Promise<unknown>;
  logger: Logger;
}

export interface Cache {
  plugin: ApolloServerPlugin<GatewayContext>;
  /** Reads what is marked in a graph that is to be served. */
  learn(schema: GraphQLSchema, supergraphSdl: string): void;
  /** What is known of the entities of a fetch; undefined where it is none for the cache. */
  look(question: Question, context: GatewayContext): Promise<Looked | undefined>;
  /** To be awaited after a mutation, also one that failed, before anybody hears of it: the viewer's next queries read past the cache. */
  wrote(context: GatewayContext): Promise<void>;
  stop(): Promise<void>;
}

export function createCache({ settings, ask, logger }: CacheOptions): Cache {
  const store = settings.kind === 'memory' ? createMemoryStore({ characters: settings.megabytes * 1_048_576 }) : createRedisStore({ url: settings.url, logger });
  const tags = createTags(store);
  const logs = followLogs({ tags, ask, logger });
  const fresh = (type: string) => logs.fresh(type as CachedType);
  const entities = createEntityCache({ tags, fresh });
  const graphs = new WeakMap<GraphQLSchema, { policies: Policies; name: string }>();
  let evicted = 0;
  const untold = beforeScrape(() => {
    const size = store.size?.();
    if (!size) return;
    cacheCharacters.set({}, size.characters);
    cacheEvictions.inc({}, size.evicted - evicted);
    ({ evicted } = size);
  });

  async function look(question: Question, context: GatewayContext): Promise<Looked | undefined> {
    const reader = readerOf(context);
    const graph = reader && graphs.get(reader.schema);
    return reader && graph ? entities.look(question, reader, graph) : undefined;
  }
  async function wrote({ viewer }: GatewayContext): Promise<void> {
    if (!viewer) return;
    cacheInvalidations.inc({ cause: 'mutation' });
    // Whatever the writer asks next reads past the cache, at any gateway, until the log must have told of it.
    await tags.invalidate({ held: [tagOfViewer(viewer.id)] });
  }

  return {
    plugin: responseCachePlugin({ tags, fresh, graphOf: (schema) => graphs.get(schema) }),
    learn: (schema, supergraphSdl) => void graphs.set(schema, { policies: readPolicies(schema, supergraphSdl), name: digest(supergraphSdl) }),
    look,
    wrote,
    async stop() {
      untold();
      logs.stop();
      await store.close();
    },
  };
}
