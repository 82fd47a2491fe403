// Starts the real user subgraph on a database of its own.
import { createLogger } from '@taskgraph/shared/logger';
import { createSubgraphClient, createTestIdentities, type SubgraphClient, type TestIdentities } from '@taskgraph/shared/testing/identity';
import { createTestDatabase, type TestDatabase } from '@taskgraph/shared/testing/postgres';
import { DataSource } from 'typeorm';
import { loadConfig } from '../src/config.js';
import { migrateDatabase } from '../src/database.js';
import { startServer } from '../src/server.js';

/** One statement as superuser, for what a test cannot reach through the API. */
export async function onDatabase(url: string, sql: string): Promise<unknown[]> {
  const dataSource = await new DataSource({ type: 'postgres', url, installExtensions: false }).initialize();
  try {
    return await dataSource.transaction(async (manager) => {
      await manager.query('set local search_path = "user"');
      return (await manager.query(sql)) as unknown[];
    });
  } finally {
    await dataSource.destroy();
  }
}

export interface Harness {
  url: string;
  query: SubgraphClient;
  identities: TestIdentities;
  database: TestDatabase;
  settings: Record<string, string>;
  stop: () => Promise<void>;
}

export async function startUser(extra: Record<string, string> = {}): Promise<Harness> {
  const identities = createTestIdentities();
  const database = await createTestDatabase('user', migrateDatabase);
  const settings = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    ROLES: 'api',
    DATABASE_URL: database.app,
    WORKER_DATABASE_URL: database.worker,
    OWNER_DATABASE_URL: database.owner,
    SECRET_KEY: 'k'.repeat(43),
    IDENTITY_PRIVATE_KEY: identities.privateKeys.user,
    IDENTITY_PUBLIC_KEYS: JSON.stringify(identities.publicKeys),
    ...extra,
  };
  const server = await startServer(loadConfig(settings), createLogger({ service: 'user', level: 'error' }));
  return {
    url: server.url,
    query: createSubgraphClient(identities, 'user', server.url),
    identities,
    database,
    settings,
    async stop() {
      await server.stop();
      await database.drop();
    },
  };
}
