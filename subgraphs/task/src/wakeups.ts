// GET /internal/wakeups: one line of JSON per movement of the task log, for the gateway's subscriptions. It carries no
// content, only whose subscriptions should look; each then asks with its own viewer's eyes.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createAsOfSampler, queryOf, readHead, readLog } from '@taskgraph/shared/event-reader';
import type { LoggedEvent } from '@taskgraph/shared/event-log';
import type { LogWatcher } from '@taskgraph/shared/log-watcher';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';

/** Longest silence on the stream, in milliseconds; the reader takes a longer one for a dead connection. */
const heartbeatMs = 5_000;
const batchSize = 1_000;

export function addWakeups(app: FastifyInstance, database: DataSource, watcher: LogWatcher): void {
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
    await follow(response, closed.signal, database, watcher, request.log as Logger);
  });
  // A stream has no end of its own: without this the server would wait for it when it stops.
  app.addHook('preClose', async () => {
    for (const response of open) response.end();
  });
}

async function follow(response: ServerResponse, closed: AbortSignal, database: DataSource, watcher: LogWatcher, log: Logger): Promise<void> {
  const query = queryOf(database);
  const sampler = createAsOfSampler();
  try {
    let place = await readHead(query);
    // Says that everything committed from now on will be told.
    response.write('{}\n');
    while (!closed.aborted) {
      const moved = await watcher.wait(place, heartbeatMs, closed);
      if (closed.aborted) break;
      const page = moved ? await readLog(query, sampler, { after: place, limit: batchSize }) : null;
      if (page) place = page.next;
      // The reader is slow: wait for it instead of piling lines up; what happens meanwhile comes in one line.
      if (!response.write(`${JSON.stringify(page ? summary(page.events) : {})}\n`)) await once(response, 'drain', { signal: closed });
    }
  } catch (error) {
    if (!closed.aborted) log.warn({ err: error }, 'the wake-up stream ended');
    response.end();
  }
}

function summary(events: LoggedEvent[]): { scopes: string[]; users: string[]; tasks: string[] } {
  const scopes = new Set<string>();
  const users = new Set<string>();
  const tasks = new Set<string>();
  for (const event of events) {
    if (event.scopeId) scopes.add(event.scopeId);
    if (event.fromScopeId) scopes.add(event.fromScopeId);
    for (const user of event.audience) users.add(user);
    tasks.add(event.aggregateId);
  }
  return { scopes: [...scopes], users: [...users], tasks: [...tasks] };
}
