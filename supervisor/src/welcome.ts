import type { Config } from './config.js';

/** What the operator reads when everything is up. Time counts from the start of this process, building included. */
export function readyBlock(config: Config, port: number): string {
  const publicUrl = (config.publicUrl ?? `http://localhost:${port}`).replace(/\/+$/, '');
  const lines = [
    ...(config.nodeEnv === 'production' ? [] : [['Apollo Sandbox', `${publicUrl}/graphql  (open it in a browser)`]]),
    ['GraphQL', `${publicUrl}/graphql`],
    ['WebSocket', `${publicUrl.replace(/^http/, 'ws')}/graphql  (graphql-ws)`],
    ['Postgres', config.databaseUrl ? new URL(config.databaseUrl).host : 'embedded'],
    ['Queues', config.redisUrl ? `Redis at ${new URL(config.redisUrl).host}` : 'Postgres'],
    ['Data', config.dataDir],
  ];
  const table = lines.map(([name, value]) => `  ${name!.padEnd(15)} ${value}`).join('\n');
  return `\n  Taskgraph is up. Ctrl-C stops it.\n\n${table}\n\nready in ${(performance.now() / 1000).toFixed(1)} s`;
}
