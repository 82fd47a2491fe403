import { join } from 'node:path';
import type { ServiceName } from '@taskgraph/shared/config';
import { REPOSITORY } from './config.js';

export interface ProcessPlan {
  name: string;
  service: ServiceName;
  role: 'gateway' | 'api' | 'worker';
  entry: string;
}

const subgraph = (service: ServiceName, role: 'api' | 'worker'): ProcessPlan => ({
  name: role === 'api' ? service : `${service}-worker`,
  service,
  role,
  entry: join(REPOSITORY, 'subgraphs', service, 'dist', 'main.js'),
});

/** Every process of the system beside Postgres; workers are apart so that they scale and fail apart. */
export const PROCESSES: readonly ProcessPlan[] = [
  { name: 'gateway', service: 'gateway', role: 'gateway', entry: join(REPOSITORY, 'gateway', 'dist', 'main.js') },
  subgraph('user', 'api'),
  subgraph('project', 'api'),
  subgraph('task', 'api'),
  subgraph('channel', 'api'),
  subgraph('stats', 'api'),
  subgraph('project', 'worker'),
  subgraph('user', 'worker'),
  subgraph('task', 'worker'),
  subgraph('channel', 'worker'),
  subgraph('stats', 'worker'),
];
