// The only reader of process.env; README.md lists every variable.
import { peerUrl, queueSettings, readConfig, subgraphSettings } from '@taskgraph/shared/config';
import { z } from 'zod';

const fields = z.object({
  ...subgraphSettings,
  ...queueSettings,
  /** Where people reach the product; links in mails lead there. */
  PUBLIC_URL: z.url().default('http://localhost:4000'),
  SMTP_URL: z.url().optional(),
  /** Directory for .eml files, where no SMTP server is named. */
  MAIL_DIR: z.string().optional(),
  MAIL_FROM: z.string().default('Taskgraph <taskgraph@localhost>'),
  /** Whether unverified addresses get nothing but their verification mail; on in production. */
  REQUIRE_VERIFIED_EMAIL: z.enum(['true', 'false']).transform((text) => text === 'true').optional(),
  /** How long an e-mail that was sent, passed over or given up is on record, in days. */
  DELIVERY_LOG_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),
  USER_URL: peerUrl.optional(),
  PROJECT_URL: peerUrl,
  TASK_URL: peerUrl.optional(),
  STATS_URL: peerUrl.optional(),
  /** Hosts to which webhooks may post although their addresses are not public, with commas between: for development and receivers of one's own. */
  WEBHOOK_ALLOWED_HOSTS: z.string().default('').transform((text) => new Set(text.toLowerCase().split(',').map((host) => host.trim()).filter((host) => host !== ''))),
});
type Fields = z.infer<typeof fields>;

const isWorker = (value: Partial<Fields>) => value.ROLES?.includes('worker') ?? false;
// Judged also where other settings are wrong, so that every problem is told together.
const always = { when: () => true };
const forWorker = (name: keyof Fields, what: string) =>
  z.refine<Fields>((value) => !isWorker(value) || value[name] !== undefined, { ...always, path: [name], message: `is required by the worker role: ${what}` });

const schema = fields
  .check(
    forWorker('USER_URL', 'http address of that subgraph'),
    forWorker('TASK_URL', 'http address of that subgraph'),
    forWorker('STATS_URL', 'http address of that subgraph'),
    z.refine<Fields>((value) => !isWorker(value) || (value.REDIS_URL ?? value.QUEUE_DATABASE_URL) !== undefined, {
      ...always, path: ['REDIS_URL'], message: 'or QUEUE_DATABASE_URL is required by the worker role',
    }),
    z.refine<Fields>((value) => !isWorker(value) || (value.SMTP_URL ?? value.MAIL_DIR) !== undefined, {
      ...always, path: ['SMTP_URL'], message: 'or MAIL_DIR (a directory for .eml files) is required by the worker role',
    }),
  );

export type Config = Fields;

export const loadConfig = (env: NodeJS.ProcessEnv = process.env): Config => readConfig('channel', schema, env);
