// Starts the real channel subgraph's API on a database of its own.
import { createLogger } from '@taskgraph/shared/logger';
import { createSubgraphClient, createTestIdentities, type SubgraphClient, type TestIdentities } from '@taskgraph/shared/testing/identity';
import { createTestDatabase, type TestDatabase } from '@taskgraph/shared/testing/postgres';
import { loadConfig } from '../src/config.js';
import { migrateDatabase } from '../src/database.js';
import { startServer } from '../src/server.js';

export interface Harness {
  url: string;
  query: SubgraphClient;
  identities: TestIdentities;
  database: TestDatabase;
  settings: Record<string, string>;
  /** Asks an internal route as another subgraph. */
  internal: (path: string, caller?: 'task' | 'gateway') => Promise<Response>;
  stop: () => Promise<void>;
}

export async function startChannel(extra: Record<string, string> = {}): Promise<Harness> {
  const identities = createTestIdentities();
  const database = await createTestDatabase('channel', migrateDatabase);
  const settings = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    ROLES: 'api',
    DATABASE_URL: database.app,
    WORKER_DATABASE_URL: database.worker,
    OWNER_DATABASE_URL: database.owner,
    SECRET_KEY: 'k'.repeat(43),
    // Nobody listens there: who needs the project subgraph names one.
    PROJECT_URL: 'http://127.0.0.1:9',
    IDENTITY_PRIVATE_KEY: identities.privateKeys.channel,
    IDENTITY_PUBLIC_KEYS: JSON.stringify(identities.publicKeys),
    ...extra,
  };
  const server = await startServer(loadConfig(settings), createLogger({ service: 'channel', level: 'error' }));
  return {
    url: server.url,
    query: createSubgraphClient(identities, 'channel', server.url),
    identities,
    database,
    settings,
    async internal(path, caller = 'task') {
      const token = await identities.signer(caller).tokenFor('channel');
      return fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    },
    async stop() {
      await server.stop();
      await database.drop();
    },
  };
}
