import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the ephemeral ranges of Linux (32768 up) and macOS (49152 up): no outgoing connection takes one of these.
const LOWEST = 15_000;
const HIGHEST = 31_000;

// Handed out by this process already, perhaps not bound yet.
const taken = new Set<number>();

/** A port that was free a moment ago; a caller that cannot bind it asks again. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (taken.has(port) || !(await isPortFree(port, host))) continue;
    taken.add(port);
    return port;
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST} on ${host}`);
}

export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
