import { freePort as findFreePort } from '../embedded-postgres/free-port.js';

/** A port that was free a moment ago, outside the range outgoing connections use; never the same twice in one process. */
export function freePort(): Promise<number> {
  return findFreePort();
}

export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await findFreePort());
  return ports;
}
