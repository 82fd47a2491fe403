// The only reader of process.env; README.md lists every variable.
import { peerUrl, queueSettings, readConfig, subgraphSettings } from '@taskgraph/shared/config';
import { z } from 'zod';

const fields = z.object({
  ...subgraphSettings,
  ...queueSettings,
  /** Life of an access token in minutes. */
  ACCESS_TOKEN_EXPIRE_MINUTES: z.coerce.number().int().min(1).max(60).default(15),
  /** Life of a session without use, in days. */
  SESSION_EXPIRE_DAYS: z.coerce.number().int().min(1).max(365).default(30),
  /** Age at which the key that signs access tokens gets a successor, in days. */
  SIGNING_KEY_ROTATE_DAYS: z.coerce.number().min(0.01).max(3_650).default(90),
  /** How often each process looks for new keys, in seconds; far below the five minutes for which a key is published before it signs. */
  SIGNING_KEY_CHECK_SECONDS: z.coerce.number().min(0.1).max(60).default(30),
  /** In production the first account becomes ADMIN only with this token. */
  BOOTSTRAP_TOKEN: z.string().min(16).optional(),
  /** Where people reach the product: mails name it, and it says where the cookie of browsers belongs. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:4000'),
  /** Its log says which dead letters to run again. */
  CHANNEL_URL: peerUrl.optional(),
  SMTP_URL: z.url().optional(),
  /** Directory for .eml files, where no SMTP server is named. */
  MAIL_DIR: z.string().optional(),
  MAIL_FROM: z.string().default('Taskgraph <taskgraph@localhost>'),
  /** Whether unverified addresses get nothing but their verification mail; on in production. */
  REQUIRE_VERIFIED_EMAIL: z.enum(['true', 'false']).transform((text) => text === 'true').optional(),
});
type Fields = z.infer<typeof fields>;

const isWorker = (value: Partial<Fields>) => value.ROLES?.includes('worker') ?? false;
// Judged also where other settings are wrong, so that every problem is told together.
const always = { when: () => true };

const schema = fields.check(
  z.refine<Fields>((value) => !isWorker(value) || value.CHANNEL_URL !== undefined, {
    ...always, path: ['CHANNEL_URL'], message: 'is required by the worker role: http address of that subgraph',
  }),
  z.refine<Fields>((value) => !isWorker(value) || (value.REDIS_URL ?? value.QUEUE_DATABASE_URL) !== undefined, {
    ...always, path: ['REDIS_URL'], message: 'or QUEUE_DATABASE_URL is required by the worker role',
  }),
  z.refine<Fields>((value) => !isWorker(value) || (value.SMTP_URL ?? value.MAIL_DIR) !== undefined, {
    ...always, path: ['SMTP_URL'], message: 'or MAIL_DIR (a directory for .eml files) is required by the worker role',
  }),
);

export type Config = Fields;

export const loadConfig = (env: NodeJS.ProcessEnv = process.env): Config => readConfig('user', schema, env);

/** For a command run by hand beside the API. */
export const loadCommandConfig = (): Config => loadConfig({ ...process.env, ROLES: 'api' });
