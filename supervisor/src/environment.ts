import { join, resolve } from 'node:path';
import type { ServiceName } from '@taskgraph/shared/config';
import type { RoleUrls } from '@taskgraph/shared/provision/names';
import { REPOSITORY, type Config } from './config.js';
import type { ProcessPlan } from './processes.js';
import type { DerivedSecrets } from './secrets.js';

export interface EnvironmentSources {
  config: Config;
  secrets: DerivedSecrets;
  databases: RoleUrls;
  /** By process name. */
  ports: Map<string, number>;
  metricsPorts: Map<string, number>;
}

// Credentials among the settings handed on, and the only services that are given them.
const ONLY_FOR: Record<string, readonly ServiceName[]> = {
  BOOTSTRAP_TOKEN: ['user'],
  SMTP_URL: ['user', 'project', 'channel'],
  UPLOAD_DIR: ['task'],
  TASKS_CSV: ['task'],
  TASKS_CSV_OWNER: ['task'],
  CACHE_REDIS_URL: ['gateway'],
};

/** What a process may be given before it is known which service it is. */
export function environmentOfSpare({ passThrough, nodeEnv, logLevel }: Config): Record<string, string> {
  const env: Record<string, string> = { ...passThrough, NODE_ENV: nodeEnv, LOG_LEVEL: logLevel, APOLLO_TELEMETRY_DISABLED: '1' };
  for (const setting of Object.keys(ONLY_FOR)) delete env[setting];
  return env;
}

/** The whole environment of one process: what it needs, and no other service's keys or passwords. */
export function environmentOf({ name, service, role }: ProcessPlan, { config, secrets, databases, ports, metricsPorts }: EnvironmentSources): Record<string, string> {
  const env: Record<string, string> = {
    MAIL_DIR: join(config.dataDir, 'mail'),
    UPLOAD_DIR: join(config.dataDir, 'uploads'),
    ...config.passThrough,
    // A service runs in its own folder; the operator means the one the system was started in.
    ...(config.passThrough['TASKS_CSV'] ? { TASKS_CSV: resolve(REPOSITORY, config.passThrough['TASKS_CSV']) } : {}),
    ...(config.passThrough['SUPERGRAPH_PATH'] ? { SUPERGRAPH_PATH: resolve(REPOSITORY, config.passThrough['SUPERGRAPH_PATH']) } : {}),
    NODE_ENV: config.nodeEnv,
    LOG_LEVEL: config.logLevel,
    HOST: role === 'gateway' ? config.host : '127.0.0.1',
    PORT: String(ports.get(name)),
    METRICS_HOST: config.metricsHost,
    METRICS_PORT: String(metricsPorts.get(name)),
    PUBLIC_URL: config.publicUrl ?? `http://localhost:${ports.get('gateway')}`,
    APOLLO_TELEMETRY_DISABLED: '1',
    IDENTITY_PRIVATE_KEY: secrets.keys[service].identityPrivateKey,
    IDENTITY_PUBLIC_KEYS: secrets.identityPublicKeys,
  };
  for (const peer of ['user', 'project', 'task', 'channel', 'stats']) env[`${peer.toUpperCase()}_URL`] = `http://127.0.0.1:${ports.get(peer)}`;
  for (const [setting, services] of Object.entries(ONLY_FOR)) if (!services.includes(service)) delete env[setting];
  // For rate limits, which gateways count together.
  if (service === 'gateway') return { ...env, ...(config.redisUrl ? { REDIS_URL: config.redisUrl } : {}) };
  return {
    ...env,
    ROLES: role,
    DATABASE_URL: databases[service].app,
    WORKER_DATABASE_URL: databases[service].worker,
    OWNER_DATABASE_URL: databases[service].owner,
    SECRET_KEY: secrets.keys[service].secretKey,
    ...(config.redisUrl ? { REDIS_URL: config.redisUrl } : { QUEUE_DATABASE_URL: databases.bullmq }),
  };
}
