// Calls between subgraphs: /internal routes of a peer, under this service's own identity.
import { Pool } from 'undici';
import { unavailable } from './errors.js';
import type { IdentitySigner } from './identity.js';
import { inSpan, SpanKind, traceHeaders } from './tracing/spans.js';

interface CallOptions {
  timeoutMs?: number;
  requestId?: string;
  signal?: AbortSignal;
}

export interface Peer {
  name: string;
  /** GET and parse JSON. Any failure to get a 200 is SUBGRAPH_UNAVAILABLE: the caller decides whether it can go on. */
  get(path: string, options?: CallOptions): Promise<unknown>;
  /** POST JSON and parse the answer, as `get` does. Never tried a second time: the peer may have done it although the answer was lost. */
  post(path: string, body: object, options?: { timeoutMs?: number; requestId?: string }): Promise<unknown>;
  close(): Promise<void>;
}

export function createPeer({ name, url, signer }: { name: string; url: string; signer: IdentitySigner }): Peer {
  // Idle connections are given up well before the server's keep-alive of 65 s ends.
  const pool = new Pool(url, { connections: 8, keepAliveTimeout: 30_000, connect: { timeout: 1_000 } });
  async function call(method: 'GET' | 'POST', path: string, sent: object | null, { timeoutMs = 3_000, requestId, signal }: CallOptions): Promise<unknown> {
    try {
      const { statusCode, body } = await pool.request({
        path,
        method,
        headers: {
          authorization: `Bearer ${await signer.tokenFor(name)}`,
          ...(sent ? { 'content-type': 'application/json' } : {}),
          ...(requestId ? { 'x-request-id': requestId } : {}),
          ...traceHeaders(),
        },
        body: sent ? JSON.stringify(sent) : null,
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
  }
  const traced = (work: () => Promise<unknown>) => inSpan(`ask ${name}`, { kind: SpanKind.CLIENT, attributes: { 'taskgraph.subgraph': name } }, work);
  return {
    name,
    get: (path, options = {}) => traced(() => call('GET', path, null, options)),
    post: (path, body, options = {}) => traced(() => call('POST', path, body, options)),
    close: () => pool.close(),
  };
}
