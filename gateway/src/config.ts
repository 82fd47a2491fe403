// The only reader of process.env in the gateway.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { peerUrl, processSettings, readConfig } from '@taskgraph/shared/config';
import { z } from 'zod';
import type { CacheSettings } from './caching/cache.js';
import type { LimitSettings } from './limits/limits.js';
import type { TrustMode } from './limits/trusted-documents.js';
import type { RateLimitSettings } from './rate-limits/rate-limits.js';
import type { GuardSettings } from './resilience/guard.js';
import type { LoadSettings } from './resilience/load.js';

export const subgraphNames = ['user', 'project', 'task', 'channel', 'stats'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

export interface Config {
  production: boolean;
  logLevel: string;
  host: string;
  port: number;
  /** Processes that serve; 1: this one does, without a primary process. */
  workers: number;
  /** Where /metrics is served; absent where it is not. */
  metrics?: { host: string; port: number | undefined };
  identityPrivateKey: string;
  subgraphUrls: Record<SubgraphName, string>;
  /** Where the composed graph is. */
  supergraphPath: string;
  /** Where people reach the gateway, without a trailing slash. */
  publicUrl: string;
  /** Origins of other web pages that may call, beside our own and Apollo Studio's. */
  corsOrigins: string[];
  /** Reverse proxies in front, each of which adds the address of its client to `x-forwarded-for`. */
  trustedProxies: number;
  /** Whether the proxies in front vouch for the `traceparent` of a request. */
  trustTraceparent?: boolean;
  sandbox: boolean;
  introspection: boolean;
  /** Largest HTTP request body, in bytes. */
  bodyLimit: number;
  /** Largest uploaded file, in bytes. */
  uploadLimit: number;
  /** How long a subgraph may take to answer, in milliseconds. */
  subgraphTimeoutMs: number;
  /** Most requests to one subgraph at a time. */
  subgraphConnections: number;
  /** Whether fetches to one subgraph that begin at the same time go in one request. @default true */
  mergeFetches?: boolean;
  /** Whether equal queries of one person that are under way together are run once. @default false */
  shareQueries?: boolean;
  /** When requests to one subgraph wait, are refused at once, and are tried again. */
  guard: Omit<GuardSettings, 'limit'>;
  /** When this process refuses new work. */
  load: LoadSettings;
  /** What one operation may be: its document, its variables, its cost. */
  limits: LimitSettings;
  /** The list of documents that may run by their id, or alone. */
  trustedDocuments: { mode: TrustMode; path?: string | undefined };
  rateLimits: RateLimitSettings;
  /** Where rate limits are counted for all gateways together; absent: each counts for itself. */
  redisUrl?: string | undefined;
  live: LiveLimits;
  /** Absent: nothing is cached. */
  cache?: CacheSettings | undefined;
}

/** Bounds of sockets and subscriptions. */
export interface LiveLimits {
  /** Open sockets of one person; of one address where nobody is signed in. */
  socketsPerUser: number;
  /** Operations that run at the same time on one socket. */
  subscriptionsPerSocket: number;
  /** Largest message of a client, in bytes. */
  messageBytes: number;
  /** How long a socket may take to send `connection_init`, in milliseconds. */
  initTimeoutMs: number;
  /** How often a peer is pinged, in milliseconds. */
  pingMs: number;
  /** Results that wait for one subscription: most of them, and most bytes of them. */
  queueEvents: number;
  queueBytes: number;
  /** How long a consumer may take nothing of what waits for it, in milliseconds. */
  stallMs: number;
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
    GATEWAY_WORKERS: z.string().regex(/^(auto|[1-9]\d?)$/, 'must be auto or a number from 1 to 99').default('1').transform((text) => (text === 'auto' ? availableParallelism() : Number(text))),
    USER_URL: peerUrl,
    PROJECT_URL: peerUrl,
    TASK_URL: peerUrl,
    CHANNEL_URL: peerUrl,
    STATS_URL: peerUrl,
    SUPERGRAPH_PATH: z.string().default(fileURLToPath(new URL('../supergraph.graphql', import.meta.url))),
    PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).default('http://localhost:4000'),
    CORS_ORIGINS: origins,
    TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
    TRUST_TRACEPARENT: flag.default(false),
    SANDBOX: flag.optional(),
    INTROSPECTION: flag.optional(),
    BODY_LIMIT: z.coerce.number().int().min(1_024).max(64 * 1_048_576).default(1_048_576),
    UPLOAD_LIMIT_MB: z.coerce.number().int().min(1).max(10_240).default(100),
    SUBGRAPH_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(8_000),
    SUBGRAPH_CONNECTIONS: z.coerce.number().int().min(1).max(1_024).default(64),
    MERGE_FETCHES: flag.default(true),
    SHARE_QUERIES: flag.default(false),
    SUBGRAPH_QUEUE: z.coerce.number().int().min(0).max(100_000).default(4_000),
    SUBGRAPH_QUEUE_MS: z.coerce.number().int().min(10).max(60_000).default(5_000),
    SUBGRAPH_BREAKER_FAILURES: z.coerce.number().int().min(0).max(10_000).default(10),
    SUBGRAPH_BREAKER_PAUSE_MS: z.coerce.number().int().min(10).max(60_000).default(1_000),
    SHED_LAG_MS: z.coerce.number().int().min(0).max(60_000).default(1_000),
    SHED_MEMORY_PERCENT: z.coerce.number().int().min(0).max(100).default(90),
    RATE_LIMIT_ANONYMOUS_PER_MINUTE: z.coerce.number().int().min(0).max(10_000_000).default(100),
    RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(0).max(10_000_000).default(600),
    COST_LIMIT_PER_MINUTE: z.coerce.number().int().min(0).max(1_000_000_000).default(1_000_000),
    REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be an address such as redis://host:6379' }).optional(),
    MAX_PAGE_SIZE: z.coerce.number().int().min(500).max(1_000).default(1_000),
    LIMIT_TOKENS: z.coerce.number().int().min(100).max(1_000_000).default(5_000),
    LIMIT_DEPTH: z.coerce.number().int().min(1).max(100).default(20),
    LIMIT_FIELDS: z.coerce.number().int().min(10).max(100_000).default(500),
    LIMIT_ALIASES: z.coerce.number().int().min(0).max(100_000).default(50),
    LIMIT_ROOT_FIELDS: z.coerce.number().int().min(1).max(10_000).default(50),
    LIMIT_DIRECTIVES: z.coerce.number().int().min(0).max(10_000).default(50),
    LIMIT_FRAGMENTS: z.coerce.number().int().min(0).max(10_000).default(100),
    LIMIT_VARIABLES: z.coerce.number().int().min(1).max(1_000_000).default(20_000),
    COST_LIMIT: z.coerce.number().int().min(1).max(1_000_000_000).default(50_000),
    PERSISTED_QUERIES: z.coerce.number().int().min(0).max(100_000).default(1_000),
    TRUSTED_DOCUMENTS: z.string().optional(),
    TRUSTED_DOCUMENTS_MODE: z.enum(['off', 'prefer', 'only']).default('off'),
    LIVE_SOCKETS_PER_USER: z.coerce.number().int().min(1).max(1_000_000).default(100),
    LIVE_SUBSCRIPTIONS_PER_SOCKET: z.coerce.number().int().min(1).max(10_000).default(100),
    LIVE_MESSAGE_BYTES: z.coerce.number().int().min(1_024).max(16 * 1_048_576).default(65_536),
    LIVE_INIT_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(3_000),
    LIVE_PING_MS: z.coerce.number().int().min(100).max(300_000).default(12_000),
    LIVE_QUEUE_EVENTS: z.coerce.number().int().min(1).max(100_000).default(1_000),
    LIVE_QUEUE_BYTES: z.coerce.number().int().min(1_024).max(64 * 1_048_576).default(262_144),
    LIVE_STALL_MS: z.coerce.number().int().min(100).max(300_000).default(10_000),
    CACHE: z.enum(['off', 'memory', 'redis']).default('off'),
    CACHE_MEMORY_MB: z.coerce.number().int().min(1).max(16_384).default(64),
    CACHE_REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be an address such as redis://host:6379' }).optional(),
  })
  // Each process has a memory of its own: who wrote through one would read what another still has.
  .refine((env) => !env.SHARE_QUERIES || env.GATEWAY_WORKERS === 1, { path: ['SHARE_QUERIES'], error: 'is for one process: with several GATEWAY_WORKERS it must be false' })
  .refine((env) => env.CACHE !== 'memory' || env.GATEWAY_WORKERS === 1, { path: ['CACHE'], error: 'memory is for one process: with several GATEWAY_WORKERS it takes redis' })
  .refine((env) => env.CACHE !== 'redis' || (env.CACHE_REDIS_URL ?? env.REDIS_URL) !== undefined, { path: ['CACHE'], error: 'redis needs CACHE_REDIS_URL or REDIS_URL' })
  .transform((env): Config => {
    const production = env.NODE_ENV === 'production';
    return {
      production,
      logLevel: env.LOG_LEVEL,
      host: env.HOST,
      port: env.PORT,
      workers: env.GATEWAY_WORKERS,
      metrics: { host: env.METRICS_HOST, port: env.METRICS_PORT },
      identityPrivateKey: env.IDENTITY_PRIVATE_KEY,
      subgraphUrls: { user: env.USER_URL, project: env.PROJECT_URL, task: env.TASK_URL, channel: env.CHANNEL_URL, stats: env.STATS_URL },
      supergraphPath: env.SUPERGRAPH_PATH,
      publicUrl: env.PUBLIC_URL.replace(/\/+$/, ''),
      corsOrigins: env.CORS_ORIGINS,
      trustedProxies: env.TRUSTED_PROXIES,
      trustTraceparent: env.TRUST_TRACEPARENT,
      sandbox: env.SANDBOX ?? !production,
      introspection: env.INTROSPECTION ?? env.SANDBOX ?? !production,
      bodyLimit: env.BODY_LIMIT,
      uploadLimit: env.UPLOAD_LIMIT_MB * 1_048_576,
      subgraphTimeoutMs: env.SUBGRAPH_TIMEOUT_MS,
      subgraphConnections: env.SUBGRAPH_CONNECTIONS,
      mergeFetches: env.MERGE_FETCHES,
      shareQueries: env.SHARE_QUERIES,
      guard: { queue: env.SUBGRAPH_QUEUE, queueMs: env.SUBGRAPH_QUEUE_MS, failures: env.SUBGRAPH_BREAKER_FAILURES, pauseMs: env.SUBGRAPH_BREAKER_PAUSE_MS },
      load: { lagMs: env.SHED_LAG_MS, memoryPercent: env.SHED_MEMORY_PERCENT },
      rateLimits: { anonymousPerMinute: env.RATE_LIMIT_ANONYMOUS_PER_MINUTE, perMinute: env.RATE_LIMIT_PER_MINUTE, costPerMinute: env.COST_LIMIT_PER_MINUTE },
      redisUrl: env.REDIS_URL,
      limits: {
        document: {
          tokens: env.LIMIT_TOKENS, depth: env.LIMIT_DEPTH, fields: env.LIMIT_FIELDS, aliases: env.LIMIT_ALIASES,
          rootFields: env.LIMIT_ROOT_FIELDS, directives: env.LIMIT_DIRECTIVES, fragments: env.LIMIT_FRAGMENTS,
        },
        variables: env.LIMIT_VARIABLES,
        pageSize: env.MAX_PAGE_SIZE,
        cost: env.COST_LIMIT,
        persisted: env.PERSISTED_QUERIES,
      },
      trustedDocuments: { mode: env.TRUSTED_DOCUMENTS_MODE, path: env.TRUSTED_DOCUMENTS },
      live: {
        socketsPerUser: env.LIVE_SOCKETS_PER_USER,
        subscriptionsPerSocket: env.LIVE_SUBSCRIPTIONS_PER_SOCKET,
        messageBytes: env.LIVE_MESSAGE_BYTES,
        initTimeoutMs: env.LIVE_INIT_TIMEOUT_MS,
        pingMs: env.LIVE_PING_MS,
        queueEvents: env.LIVE_QUEUE_EVENTS,
        queueBytes: env.LIVE_QUEUE_BYTES,
        stallMs: env.LIVE_STALL_MS,
      },
      cache: cacheSettings(env.CACHE, env.CACHE_MEMORY_MB, env.CACHE_REDIS_URL ?? env.REDIS_URL),
    };
  });

function cacheSettings(kind: 'off' | 'memory' | 'redis', megabytes: number, url: string | undefined): CacheSettings | undefined {
  if (kind === 'memory') return { kind, megabytes };
  return kind === 'redis' && url !== undefined ? { kind, url } : undefined;
}

/** Reads the process's settings; ends the process with one line per problem when they are wrong. */
export const readGatewayConfig = (env: NodeJS.ProcessEnv = process.env): Config => readConfig('gateway', settings, env);
