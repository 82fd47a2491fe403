import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '@taskgraph/shared/config';
import { ROLE_KINDS, type RoleKind, type RolePasswords, type SchemaName, SCHEMAS } from '@taskgraph/shared/provision/names';
import { z } from 'zod';

/** The folder that holds all workspaces. */
export const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface Config {
  nodeEnv: string;
  logLevel: string;
  host: string;
  /** Port of the gateway; 0 takes any free one. */
  port: number;
  /** Where the processes tell their metrics: the first port of a row, undefined for the next free ones above the others. */
  metricsHost: string;
  metricsPort: number | undefined;
  dataDir: string;
  publicUrl: string | undefined;
  /** Administrator URLs; undefined means the embedded server. */
  databaseUrl: string | undefined;
  schemaUrls: Partial<Record<SchemaName, string>>;
  redisUrl: string | undefined;
  secret: string | undefined;
  /** Between us and the operator are npm and its shell. */
  startedByNpm: boolean;
  /** Settings of the services that the supervisor does not interpret. */
  passThrough: Record<string, string>;
}

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be an address such as postgres://user:password@host:5432/taskgraph' }).optional();

const settings = z
  .object({
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    HOST: z.string().default('127.0.0.1'),
    PORT: z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65_000).default(4000),
    METRICS_HOST: z.string().default('127.0.0.1'),
    METRICS_PORT: z.coerce.number({ error: 'must be a port number' }).int().min(1).max(65_000).optional(),
    DATA_DIR: z.string().default('.data'),
    PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
    REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be an address such as redis://host:6379' }).optional(),
    TASKGRAPH_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
    DATABASE_URL: postgresUrl,
    USER_DATABASE_URL: postgresUrl,
    PROJECT_DATABASE_URL: postgresUrl,
    TASK_DATABASE_URL: postgresUrl,
    CHANNEL_DATABASE_URL: postgresUrl,
    STATS_DATABASE_URL: postgresUrl,
  })
  .refine((env) => env.NODE_ENV !== 'production' || env.TASKGRAPH_SECRET !== undefined, {
    path: ['TASKGRAPH_SECRET'],
    error: 'is required when NODE_ENV=production; make one with: openssl rand -base64 32, and keep it, for all keys and passwords come from it',
  });

// What the supervisor sets itself or must not hand on: administrator rights and the secret all others come from.
const NOT_PASSED = new Set(Object.keys(settings.shape));

/** Reads the settings; ends the process with one line per problem when they are wrong. */
export function readSupervisorConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = readConfig('Taskgraph', settings, env);
  const schemaUrls: Partial<Record<SchemaName, string>> = {};
  for (const schema of SCHEMAS) {
    const url = given[`${schema.toUpperCase() as Uppercase<SchemaName>}_DATABASE_URL`];
    if (url) schemaUrls[schema] = url;
  }
  return {
    nodeEnv: given.NODE_ENV,
    logLevel: given.LOG_LEVEL,
    host: given.HOST,
    port: given.PORT,
    metricsHost: given.METRICS_HOST,
    metricsPort: given.METRICS_PORT,
    dataDir: resolve(REPOSITORY, given.DATA_DIR),
    publicUrl: given.PUBLIC_URL,
    databaseUrl: given.DATABASE_URL,
    schemaUrls,
    redisUrl: given.REDIS_URL,
    secret: given.TASKGRAPH_SECRET,
    startedByNpm: env['npm_lifecycle_event'] !== undefined,
    passThrough: passedThrough(env),
  };
}

export interface ProvisionConfig {
  /** Administrator URLs. */
  databaseUrl: string;
  schemaUrls: Partial<Record<SchemaName, string>>;
  passwords: RolePasswords;
}

const password = z.string({ error: 'is required' }).min(16, 'must have at least 16 characters');

/** What the one-shot `provision` of a container installation needs: an administrator, and the password of every role. */
export function readProvisionConfig(env: NodeJS.ProcessEnv = process.env): ProvisionConfig {
  const names = SCHEMAS.flatMap((schema) => ROLE_KINDS.map((kind) => passwordSetting(schema, kind)));
  const shape = z.object({
    DATABASE_URL: postgresUrl.unwrap(),
    ...Object.fromEntries(SCHEMAS.map((schema) => [`${schema.toUpperCase()}_DATABASE_URL`, postgresUrl])),
    ...Object.fromEntries([...names, 'BULLMQ_PASSWORD'].map((name) => [name, password])),
  });
  const given = readConfig('provision', shape, env) as { DATABASE_URL: string; BULLMQ_PASSWORD: string } & Record<string, string>;
  const entries = SCHEMAS.map((schema) => [
    schema,
    Object.fromEntries(ROLE_KINDS.map((kind) => [kind, given[passwordSetting(schema, kind)]])),
  ]);
  const urls = SCHEMAS.map((schema) => [schema, given[`${schema.toUpperCase()}_DATABASE_URL`]] as const).filter(([, url]) => url);
  return {
    databaseUrl: given.DATABASE_URL,
    schemaUrls: Object.fromEntries(urls),
    passwords: { ...Object.fromEntries(entries), bullmq: given.BULLMQ_PASSWORD } as RolePasswords,
  };
}

/** For example TASK_APP_PASSWORD. */
export function passwordSetting(schema: SchemaName, kind: RoleKind): string {
  return `${schema}_${kind}_PASSWORD`.toUpperCase();
}

/** Gives this process the environment of another one, and nothing of its own. */
export function replaceEnvironment(env: Record<string, string>): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
}

/** Everything but our own settings, and npm's, which grow with every level of `npm run`. */
function passedThrough(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !NOT_PASSED.has(entry[0]) && !entry[0].startsWith('npm_'),
  );
  return Object.fromEntries(entries);
}
