// The only reader of process.env; README.md lists every variable.
import { peerUrl, queueSettings, readConfig, subgraphSettings } from '@taskgraph/shared/config';
import { z } from 'zod';

const fields = z.object({
  ...subgraphSettings,
  ...queueSettings,
  USER_URL: peerUrl,
  PROJECT_URL: peerUrl,
  CHANNEL_URL: peerUrl,
  /** How long the log tells of a task that was erased; a cursor from before is RESYNC_REQUIRED. */
  TASK_LOG_RETENTION_DAYS: z.coerce.number().int().min(31).default(90),
  /** Where people reach the product; addresses of uploads and downloads lie there. */
  PUBLIC_URL: z.url().default('http://localhost:4000').transform((text) => text.replace(/\/+$/, '')),
  /** Directory of uploaded files, the same for the API and the worker. */
  UPLOAD_DIR: z.string().default('.data/uploads'),
  UPLOAD_LIMIT_MB: z.coerce.number().int().min(1).max(10_240).default(100),
  /** A file that becomes the personal tasks of the user with the handle TASKS_CSV_OWNER, once. */
  TASKS_CSV: z.string().optional(),
  TASKS_CSV_OWNER: z.string().optional(),
});

export type Config = z.infer<typeof fields>;

// Judged also where other settings are wrong, so that every problem is told together.
const always = { when: () => true };

const schema = fields.check(
  z.refine<Config>((value) => !value.ROLES?.includes('worker') || (value.REDIS_URL ?? value.QUEUE_DATABASE_URL) !== undefined, {
    ...always, path: ['REDIS_URL'], message: 'or QUEUE_DATABASE_URL is required by the worker role',
  }),
  z.refine<Config>((value) => value.TASKS_CSV === undefined || value.TASKS_CSV_OWNER !== undefined, {
    ...always, path: ['TASKS_CSV_OWNER'], message: 'is required with TASKS_CSV: the handle of the user whose tasks the file becomes',
  }),
);

export const loadConfig = (env: NodeJS.ProcessEnv = process.env): Config => readConfig('task', schema, env);
