// The only reader of process.env; README.md lists every variable.
import { peerUrl, readConfig, subgraphSettings } from '@taskgraph/shared/config';
import { z } from 'zod';

const schema = z.object({
  ...subgraphSettings,
  USER_URL: peerUrl,
  PROJECT_URL: peerUrl,
  TASK_URL: peerUrl,
  CHANNEL_URL: peerUrl,
});

export type Config = z.infer<typeof schema>;

export const loadConfig = (env: NodeJS.ProcessEnv = process.env): Config => readConfig('stats', schema, env);

const rebuildSchema = z.object({ WORKER_DATABASE_URL: subgraphSettings.WORKER_DATABASE_URL });

/** What `npm run stats:rebuild` needs: the rest is done by the workers. */
export const loadRebuildConfig = (env: NodeJS.ProcessEnv = process.env): z.infer<typeof rebuildSchema> => readConfig('stats:rebuild', rebuildSchema, env);
