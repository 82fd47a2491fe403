import { freePort, isPortFree } from '@taskgraph/shared/embedded-postgres/free-port';
import { StartError } from '@taskgraph/shared/start-error';
import type { ProcessPlan } from './processes.js';

/** The gateway's port as wished, and for each other process the next free one above it; kept over restarts of a process. */
export async function choosePorts(plans: readonly ProcessPlan[], port: number, host: string): Promise<Map<string, number>> {
  const first = port === 0 ? await freePort(host) : port;
  if (!(await isPortFree(first, host))) {
    throw new StartError(`Port ${first} on ${host} is taken by another program: stop that one, or set PORT to another port, for example PORT=${first + 100} npm start.`);
  }
  const ports = new Map<string, number>();
  let next = first + 1;
  for (const { name, role } of plans) {
    if (role === 'gateway') {
      ports.set(name, first);
      continue;
    }
    while (!(await isPortFree(next))) next++;
    ports.set(name, next++);
  }
  return ports;
}

/** A port for the metrics of each process: the free ones from `first` on, or above all of `taken`. */
export async function chooseMetricsPorts(plans: readonly ProcessPlan[], taken: Map<string, number>, host: string, first?: number): Promise<Map<string, number>> {
  const ports = new Map<string, number>();
  let next = first ?? Math.max(...taken.values()) + 1;
  for (const { name } of plans) {
    while ([...taken.values()].includes(next) || !(await isPortFree(next, host))) next++;
    ports.set(name, next++);
  }
  return ports;
}

/** Where we reach a server that listens on `host`. */
export function localUrl(host: string, port: number): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}
