// The only reader of process.env in the gateway.
import { peerUrl, processSettings, readConfig } from '@taskgraph/shared/config';
import { z } from 'zod';

export const subgraphNames = ['user', 'project', 'task', 'channel', 'stats'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

export interface Config {
  production: boolean;
  logLevel: string;
  host: string;
  port: number;
  identityPrivateKey: string;
  subgraphUrls: Record<SubgraphName, string>;
  /** Where people reach the gateway, without a trailing slash. */
  publicUrl: string;
  /** Origins of other web pages that may call, beside our own and Apollo Studio's. */
  corsOrigins: string[];
  /** Reverse proxies in front, each of which adds the address of its client to `x-forwarded-for`. */
  trustedProxies: number;
  sandbox: boolean;
  introspection: boolean;
  /** Largest HTTP request body, in bytes. */
  bodyLimit: number;
  /** Largest uploaded file, in bytes. */
  uploadLimit: number;
  /** How long a subgraph may take to answer, in milliseconds. */
  subgraphTimeoutMs: number;
  /** Most connections to one subgraph. */
  subgraphConnections: number;
}

const flag = z.enum(['true', 'false'], { error: 'must be true or false' }).transform((text) => text === 'true');

const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;

const origins = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((origin) => origin.trim()).filter((origin) => origin !== ''))
  .refine((list) => list.every(isOrigin), 'must be origins such as https://app.example.org, separated by commas');

const settings = z
  .object({
    ...processSettings,
    PORT: processSettings.PORT.unwrap().default(4000),
    USER_URL: peerUrl,
    PROJECT_URL: peerUrl,
    TASK_URL: peerUrl,
    CHANNEL_URL: peerUrl,
    STATS_URL: peerUrl,
    PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).default('http://localhost:4000'),
    CORS_ORIGINS: origins,
    TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
    SANDBOX: flag.optional(),
    INTROSPECTION: flag.optional(),
    BODY_LIMIT: z.coerce.number().int().min(1_024).max(64 * 1_048_576).default(1_048_576),
    UPLOAD_LIMIT_MB: z.coerce.number().int().min(1).max(10_240).default(100),
    SUBGRAPH_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(8_000),
    SUBGRAPH_CONNECTIONS: z.coerce.number().int().min(1).max(1_024).default(64),
  })
  .transform((env): Config => {
    const production = env.NODE_ENV === 'production';
    return {
      production,
      logLevel: env.LOG_LEVEL,
      host: env.HOST,
      port: env.PORT,
      identityPrivateKey: env.IDENTITY_PRIVATE_KEY,
      subgraphUrls: { user: env.USER_URL, project: env.PROJECT_URL, task: env.TASK_URL, channel: env.CHANNEL_URL, stats: env.STATS_URL },
      publicUrl: env.PUBLIC_URL.replace(/\/+$/, ''),
      corsOrigins: env.CORS_ORIGINS,
      trustedProxies: env.TRUSTED_PROXIES,
      sandbox: env.SANDBOX ?? !production,
      introspection: env.INTROSPECTION ?? env.SANDBOX ?? !production,
      bodyLimit: env.BODY_LIMIT,
      uploadLimit: env.UPLOAD_LIMIT_MB * 1_048_576,
      subgraphTimeoutMs: env.SUBGRAPH_TIMEOUT_MS,
      subgraphConnections: env.SUBGRAPH_CONNECTIONS,
    };
  });

/** Reads the process's settings; ends the process with one line per problem when they are wrong. */
export const readGatewayConfig = (env: NodeJS.ProcessEnv = process.env): Config => readConfig('gateway', settings, env);
