// The only reader of process.env; README.md lists every variable.
import { peerUrl, readConfig, subgraphSettings } from '@taskgraph/shared/config';
import { z } from 'zod';

const schema = z.object({
  ...subgraphSettings,
  PROJECT_URL: peerUrl,
  TASK_URL: peerUrl,
  CHANNEL_URL: peerUrl,
});

export type Config = z.infer<typeof schema>;

export const loadConfig = (env: NodeJS.ProcessEnv = process.env): Config => readConfig('stats', schema, env);
