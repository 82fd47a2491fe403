// The only reader of process.env; README.md lists every variable.
import { peerUrl, queueSettings, readConfig, subgraphSettings } from '@taskgraph/shared/config';
import { z } from 'zod';

const fields = z.object({
  ...subgraphSettings,
  ...queueSettings,
  /** Asked whether a person who is to become a member exists, and which address is theirs. */
  USER_URL: peerUrl,
  /** Keeps the budget of guesses at codes; its log says which dead letters to run again. */
  CHANNEL_URL: peerUrl,
  /** Where people reach the product; mails lead there. */
  PUBLIC_URL: z.url().default('http://localhost:4000'),
  SMTP_URL: z.url().optional(),
  /** Directory for .eml files, where no SMTP server is named. */
  MAIL_DIR: z.string().optional(),
  MAIL_FROM: z.string().default('Taskgraph <taskgraph@localhost>'),
});
export type Config = z.infer<typeof fields>;

/** Judged also where other settings are wrong, so that every problem is told together. */
const forWorker = (names: (keyof Config)[], message: string) =>
  z.refine<Config>((value) => !(value.ROLES as string[] | undefined)?.includes('worker') || names.some((name) => value[name] !== undefined), {
    when: () => true, path: [names[0] as string], message: `${message} is required by the worker role`,
  });

const schema = fields.check(
  forWorker(['REDIS_URL', 'QUEUE_DATABASE_URL'], 'or QUEUE_DATABASE_URL'),
  forWorker(['SMTP_URL', 'MAIL_DIR'], 'or MAIL_DIR (a directory for .eml files)'),
);

export const loadConfig = (env: NodeJS.ProcessEnv = process.env): Config => readConfig('project', schema, env);
