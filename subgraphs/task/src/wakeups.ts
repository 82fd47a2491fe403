// Wakes the gateway's subscriptions at each movement of the task log.
import { createAsOfSampler, queryOf, readHead, readLog } from '@taskgraph/shared/event-reader';
import type { LoggedEvent } from '@taskgraph/shared/event-log';
import type { LogWatcher } from '@taskgraph/shared/log-watcher';
import { addWakeupStream, heartbeatMs } from '@taskgraph/shared/wakeup-stream';
import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';

const batchSize = 1_000;

export function addWakeups(app: FastifyInstance, database: DataSource, watcher: LogWatcher): void {
  const query = queryOf(database);
  addWakeupStream(app, async (tell, closed) => {
    const sampler = createAsOfSampler();
    let place = await readHead(query);
    await tell({});
    while (!closed.aborted) {
      const moved = await watcher.wait(place, heartbeatMs, closed);
      if (closed.aborted) return;
      const page = moved ? await readLog(query, sampler, { after: place, limit: batchSize }) : null;
      if (page) place = page.next;
      // What happens while the reader is slow comes in one line.
      await tell(page ? summary(page.events) : {});
    }
  });
}

/** `traces`: by scope, person or task, the trace of the last change that carries one. */
function summary(events: LoggedEvent[]): { scopes: string[]; users: string[]; tasks: string[]; traces?: Record<string, string> } {
  const scopes = new Set<string>();
  const users = new Set<string>();
  const tasks = new Set<string>();
  const traces = new Map<string, string>();
  for (const event of events) {
    if (event.scopeId) scopes.add(event.scopeId);
    if (event.fromScopeId) scopes.add(event.fromScopeId);
    for (const user of event.audience) users.add(user);
    tasks.add(event.aggregateId);
    if (event.traceParent === undefined) continue;
    for (const key of [event.scopeId, event.fromScopeId, event.aggregateId, ...event.audience]) if (key) traces.set(key, event.traceParent);
  }
  return { scopes: [...scopes], users: [...users], tasks: [...tasks], ...(traces.size > 0 ? { traces: Object.fromEntries(traces) } : {}) };
}
