// Starts the real stats subgraph, API and worker, on a database of its own, among peers that the test speaks for.
import { createLogger } from '@taskgraph/shared/logger';
import { createSubgraphClient, createTestIdentities, type SubgraphClient, type TestIdentities } from '@taskgraph/shared/testing/identity';
import { createTestDatabase, type TestDatabase } from '@taskgraph/shared/testing/postgres';
import { loadConfig } from '../src/config.js';
import { migrateDatabase } from '../src/database.js';
import { startServer } from '../src/server.js';
import { startWorker } from '../src/worker.js';
import { startPeer, type TestPeer } from './peers.js';

export interface Harness {
  url: string;
  query: SubgraphClient;
  identities: TestIdentities;
  database: TestDatabase;
  settings: Record<string, string>;
  task: TestPeer;
  project: TestPeer;
  channel: TestPeer;
  user: TestPeer;
  startWorker: () => Promise<{ url: string | null; stop: () => Promise<void> }>;
  stop: () => Promise<void>;
}

/** Without `worker` nothing is followed until the test calls `startWorker`, whose result it stops itself. */
export async function startStats({ worker }: { worker: boolean }): Promise<Harness> {
  const identities = createTestIdentities();
  const [task, project, channel, user] = await Promise.all([startPeer(identities, 'task'), startPeer(identities, 'project'), startPeer(identities, 'channel'), startPeer(identities, 'user')]);
  const database = await createTestDatabase('stats', migrateDatabase);
  const settings = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    DATABASE_URL: database.app,
    WORKER_DATABASE_URL: database.worker,
    OWNER_DATABASE_URL: database.owner,
    SECRET_KEY: 'k'.repeat(43),
    IDENTITY_PRIVATE_KEY: identities.privateKeys.stats,
    IDENTITY_PUBLIC_KEYS: JSON.stringify(identities.publicKeys),
    TASK_URL: task.url,
    PROJECT_URL: project.url,
    CHANNEL_URL: channel.url,
    USER_URL: user.url,
  };
  const config = loadConfig(settings);
  const log = createLogger({ service: 'stats', level: 'error' });
  const server = await startServer(config, log);
  const running = worker ? await startWorker(config, log, { probes: true }) : null;
  return {
    url: server.url,
    query: createSubgraphClient(identities, 'stats', server.url),
    identities,
    database,
    settings,
    task,
    project,
    channel,
    user,
    startWorker: () => startWorker(config, log, { probes: true }),
    async stop() {
      await running?.stop();
      await server.stop();
      await Promise.all([task.stop(), project.stop(), channel.stop(), user.stop()]);
      await database.drop();
    },
  };
}
