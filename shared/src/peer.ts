// Calls between subgraphs: /internal routes of a peer, under this service's own identity.
import { Pool } from 'undici';
import { unavailable } from './errors.js';
import type { IdentitySigner } from './identity.js';

export interface Peer {
  name: string;
  /** GET and parse JSON. Any failure to get a 200 is SUBGRAPH_UNAVAILABLE: the caller decides whether it can go on. */
  get(path: string, options?: { timeoutMs?: number; requestId?: string; signal?: AbortSignal }): Promise<unknown>;
  close(): Promise<void>;
}

export function createPeer({ name, url, signer }: { name: string; url: string; signer: IdentitySigner }): Peer {
  // Idle connections are given up well before the server's keep-alive of 65 s ends.
  const pool = new Pool(url, { connections: 8, keepAliveTimeout: 30_000, connect: { timeout: 1_000 } });
  return {
    name,
    async get(path, { timeoutMs = 3_000, requestId, signal } = {}) {
      try {
        const { statusCode, body } = await pool.request({
          path,
          method: 'GET',
          headers: {
            authorization: `Bearer ${await signer.tokenFor(name)}`,
            ...(requestId ? { 'x-request-id': requestId } : {}),
          },
          headersTimeout: timeoutMs,
          bodyTimeout: timeoutMs,
          signal: signal ?? null,
        });
        if (statusCode !== 200) {
          await body.dump();
          throw new Error(`${name} answered ${statusCode}`);
        }
        return await body.json();
      } catch (error) {
        throw Object.assign(unavailable(name), { cause: error });
      }
    },
    close: () => pool.close(),
  };
}
