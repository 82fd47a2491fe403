// GET /internal/wakeups: one line of JSON per movement, for the gateway's subscriptions. It carries no content, only whose
// subscriptions should look; each then asks with its own viewer's eyes.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

/** Longest silence on the stream, in milliseconds; the reader takes a longer one for a dead connection. */
export const heartbeatMs = 5_000;

/**
 * Serves the stream. `follow` gets `tell`, which writes a line and waits where the reader is slow, so that lines do not pile
 * up; it says `{}` first, once everything committed from then on will be told, and again at least every `heartbeatMs`. It ends
 * by returning when `closed` is aborted; when it throws, the stream ends and the reader connects anew.
 */
export function addWakeupStream(app: FastifyInstance, follow: (tell: (line: object) => Promise<void>, closed: AbortSignal) => Promise<void>): void {
  const open = new Set<ServerResponse>();
  app.get('/internal/wakeups', async (request, reply) => {
    if (request.identity.caller !== 'gateway' || request.identity.viewer) return reply.code(403).send({ error: 'For the gateway only.' });
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    open.add(response);
    const closed = new AbortController();
    response.once('close', () => {
      open.delete(response);
      closed.abort();
    });
    const tell = async (line: object): Promise<void> => {
      if (!response.write(`${JSON.stringify(line)}\n`)) await once(response, 'drain', { signal: closed.signal });
    };
    try {
      await follow(tell, closed.signal);
    } catch (error) {
      if (!closed.signal.aborted) (request.log as Logger).warn({ err: error }, 'the wake-up stream ended');
      response.end();
    }
  });
  // A stream has no end of its own: without this the server would wait for it when it stops.
  app.addHook('preClose', async () => {
    for (const response of open) response.end();
  });
}
