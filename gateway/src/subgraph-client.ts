// One subgraph over HTTP: pooled connections, a time limit, and one second try for what may be repeated.
import { setTimeout as delay } from 'node:timers/promises';
import { unavailable } from '@taskgraph/shared/errors';
import type { Logger } from 'pino';
import { Pool, type Dispatcher } from 'undici';
import { createGuard, type GuardSettings, type GuardState } from './resilience/guard.js';

export interface SubgraphRequest {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** Whether sending it twice does no harm: true for queries, never for mutations. */
  repeatable: boolean;
  timeoutMs?: number;
  /** Whoever asks tells of failures itself, or expects them. */
  quiet?: boolean;
  /** Whether it passes breaker and queue, as what clients cause does. What the gateway asks of its own accord goes beside them. @default !quiet */
  guarded?: boolean;
}

export interface SubgraphAnswer {
  status: number;
  /** Parsed JSON; undefined when the body is none. */
  body: unknown;
  setCookies: string[];
}

export interface SubgraphClient {
  name: string;
  /** Throws SUBGRAPH_UNAVAILABLE when there is no answer in time, OVERLOADED when too many are under way. */
  send(request: SubgraphRequest): Promise<SubgraphAnswer>;
  /** Breaker and what is under way. */
  state(): GuardState;
  close(): Promise<void>;
}

export interface SubgraphClientOptions {
  name: string;
  url: string;
  timeoutMs: number;
  /** Most guarded requests at a time. */
  connections: number;
  guard: Omit<GuardSettings, 'limit'>;
  logger: Logger;
}

/** Below the 65 s after which a subgraph closes an idle connection, so that a request never meets one being closed. */
export const keepAliveMs = 30_000;
const connectTimeoutMs = 2_000;
/** Connections for what the gateway asks of its own accord: it must hear of revocations while clients keep all others busy. */
const spareConnections = 8;
/** Long enough for a connection refused by a restarting listener to be worth a second try. */
const retryDelayMs = 50;

/** The request never reached the subgraph, or the connection broke before it answered. */
const connectionFailures = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT']);
const isConnectionFailure = (error: unknown) => connectionFailures.has((error as { code?: string }).code ?? '');

export function createSubgraphClient({ name, url, timeoutMs, connections, guard: settings, logger }: SubgraphClientOptions): SubgraphClient {
  const { origin } = new URL(url);
  const pool = new Pool(origin, {
    connections: connections + spareConnections,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    connect: { timeout: connectTimeoutMs },
  });

  const guard = createGuard({ name, settings: { ...settings, limit: connections }, logger });

  async function once({ method, path, headers, body, timeoutMs: own }: SubgraphRequest): Promise<SubgraphAnswer> {
    const limit = own ?? timeoutMs;
    const { status, text, cookies } = await exchange(pool, { method, path, headers, body: body ?? null, headersTimeout: limit, bodyTimeout: limit });
    return { status, body: parseJson(text), setCookies: [cookies].flat() };
  }

  async function attempt(request: SubgraphRequest): Promise<SubgraphAnswer> {
    try {
      return await once(request).catch(async (error: unknown) => {
        if (!request.repeatable || !isConnectionFailure(error)) throw error;
        await delay(retryDelayMs);
        return once(request);
      });
    } catch (error) {
      logger[request.quiet ? 'debug' : 'warn']({ err: error, subgraph: name, requestId: request.headers['x-request-id'] }, 'a subgraph did not answer');
      throw unavailable(name);
    }
  }

  return {
    name,
    state: guard.state,
    async send(request) {
      if (request.guarded ?? !request.quiet) return guard.run(() => attempt(request));
      const answer = await attempt(request);
      if (answer.status < 500) guard.alive();
      return answer;
    },
    close: () => pool.destroy(),
  };
}

/** Without the stream that `request` makes of a body: answers are read whole. */
function exchange(pool: Pool, options: Dispatcher.DispatchOptions): Promise<{ status: number; text: string; cookies: string | string[] }> {
  return new Promise((resolve, reject) => {
    let status = 0;
    let cookies: string | string[] = [];
    let chunks: Buffer[] = [];
    pool.dispatch(options, {
      // Says that this is no handler of the old kind.
      onRequestStart: () => undefined,
      onResponseStart(_controller, code, headers) {
        status = code;
        cookies = headers['set-cookie'] ?? [];
        chunks = [];
      },
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd: () => resolve({ status, text: (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString('utf8'), cookies }),
      onResponseError: (_controller, error) => reject(error),
    });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
