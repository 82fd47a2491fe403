// What is known of the running installation from outside: its settings, its processes, its databases.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { roleUrls } from '@taskgraph/shared/provision';
import { SCHEMAS } from '@taskgraph/shared/provision/names';
import { readSupervisorConfig } from '@taskgraph/supervisor/dist/config.js';
import { environmentOf } from '@taskgraph/supervisor/dist/environment.js';
import { PROCESSES } from '@taskgraph/supervisor/dist/processes.js';
import { deriveSecrets } from '@taskgraph/supervisor/dist/secrets.js';

export const processesIn = (dataDir) => JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'));

const keptIn = (dataDir) => JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8'));

/** Address of the embedded server's superuser. */
export function adminUrl(dataDir) {
  const url = new URL(processesIn(dataDir).find(({ role }) => role === 'postgres').url);
  url.username = 'postgres';
  url.password = keptIn(dataDir).postgresPassword;
  return url.href;
}

/** The environment of each API process, as the supervisor makes it from the same settings. */
export function servicesOf(env) {
  const config = readSupervisorConfig(env);
  const running = processesIn(config.dataDir);
  const derived = deriveSecrets(config.secret ?? keptIn(config.dataDir).secret);
  const postgres = running.find(({ role }) => role === 'postgres').url;
  const databases = roleUrls(Object.fromEntries([...SCHEMAS, 'bullmq'].map((schema) => [schema, postgres])), derived.rolePasswords);
  const ports = new Map(running.filter(({ url }) => url).map(({ name, url }) => [name, Number(new URL(url).port)]));
  const sources = { config, secrets: derived, databases, ports, metricsPorts: new Map() };
  return Object.fromEntries(PROCESSES.filter(({ role }) => role === 'api').map((plan) => {
    const { METRICS_PORT: _, ...given } = environmentOf(plan, sources);
    return [plan.service, given];
  }));
}
