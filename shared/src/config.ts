// Configuration is parsed once, before anything starts, and passed on as a typed object.
import { z } from 'zod';

/**
 * Reads one process's settings. When any is wrong it prints every problem together on stderr, one line each, and ends
 * the process with 1: half a configuration never starts.
 */
export function readConfig<T>(service: string, schema: z.ZodType<T>, env: NodeJS.ProcessEnv): T {
  // An empty variable means "not set", as compose files and shells write it.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.') || 'settings'}: ${issue.message}`);
  process.stderr.write(`${service} cannot start, its settings are wrong:\n${lines.join('\n')}\n`);
  process.exit(1);
}

const port = z.coerce.number().int().min(0).max(65_535);

/** Names of the processes that hold an identity key. */
export const serviceNames = ['gateway', 'user', 'project', 'task', 'channel', 'stats'] as const;
export type ServiceName = (typeof serviceNames)[number];

const publicKeys = z
  .string({ error: 'is required: the public identity keys of all services as JSON' })
  .transform((text, context): Record<string, string> => {
    const parsed = z.record(z.string(), z.string()).safeParse(safeJson(text));
    if (parsed.success) return parsed.data;
    context.addIssue('must be a JSON object from service name to public key');
    return z.NEVER;
  });

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The settings of traces that we look at; the exporter reads more of the standard's own (docs/tracing.md). */
const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http or https address of a collector' }).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().optional(),
  OTEL_SERVICE_NAME: z.string().optional(),
  OTEL_TRACES_SAMPLER: z
    .enum(['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'])
    .default('parentbased_always_on'),
  /** Share of traces that a ratio keeps. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
};

/** Settings of every process. */
export const processSettings = {
  ...tracingSettings,
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(0),
  /** Where /metrics is served, apart from everything else; without a port it is not. */
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: port.optional(),
  IDENTITY_PRIVATE_KEY: z.string({ error: 'is required: this service\'s own Ed25519 key' }),
  IDENTITY_PUBLIC_KEYS: publicKeys,
};

/** Settings of every subgraph process. */
export const subgraphSettings = {
  ...processSettings,
  ROLES: z
    .string()
    .default('api,worker')
    .transform((text) => text.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(['api', 'worker'])).min(1)),
  DATABASE_URL: z.url({ error: 'is required: a postgres:// address of the application role' }),
  WORKER_DATABASE_URL: z.url({ error: 'is required: a postgres:// address of the worker role' }),
  OWNER_DATABASE_URL: z.url({ error: 'is required: a postgres:// address of the owner role, for migrations' }),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(100).default(10),
  SECRET_KEY: z.string({ error: 'is required: at least 32 random bytes in base64url' }).min(43, 'must hold at least 32 random bytes in base64url'),
  DEFAULT_PAGE_SIZE: z.coerce.number().int().min(1).max(1000).default(100),
  // At least 500: the gateway reads the change log for its subscriptions in pages of that size.
  MAX_PAGE_SIZE: z.coerce.number().int().min(500).max(1000).default(1000),
};

/** Settings of a process that puts work on queues or takes it from them. */
export const queueSettings = {
  REDIS_URL: z.url().optional(),
  QUEUE_DATABASE_URL: z.url().optional(),
  /** Share of Redis' maxmemory above which no jobs are added, in per cent: a full Redis would not even let them be taken out. */
  REDIS_MEMORY_MARK_PERCENT: z.coerce.number().int().min(10).max(95).default(85),
};

/** Address of a peer's internal API. */
export const peerUrl = z.url({ error: 'is required: http address of that subgraph' });

export interface TracingSettings {
  /** Undefined: nothing is traced. */
  endpoint: string | undefined;
  serviceName: string | undefined;
  sampler: string;
  ratio: number;
}

/** The same for whoever sets tracing up; wrong settings were told by `readConfig` before. */
export function readTracing(env: NodeJS.ProcessEnv = process.env): TracingSettings {
  const given = z.object(tracingSettings).parse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  return { endpoint: given.OTEL_EXPORTER_OTLP_ENDPOINT, serviceName: given.OTEL_SERVICE_NAME, sampler: given.OTEL_TRACES_SAMPLER, ratio: given.OTEL_TRACES_SAMPLER_ARG };
}
