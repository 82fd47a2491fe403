// GET /internal/imports/<id>/moves: the wake-up of an import's progress, for the gateway's subscriptions. A long poll: the
// row is looked at only while somebody waits for it, since the worker that moves it is another process. It carries no
// content: `mark` is another one whenever something about the import is.
import { setTimeout as delay } from 'node:timers/promises';
import { isUuid } from '@taskgraph/shared/ids';
import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { readAs } from './database.js';
import type { ImportRow } from './entities/task-import.js';
import { findImport } from './repositories/import-repository.js';

/** How often a row is looked at while somebody waits, in milliseconds; the gateway tells a client at most twice a second. */
const pollMs = 250;

const parameters = z.object({ seen: z.string().default(''), wait: z.coerce.number().int().min(0).max(30_000).default(0) });

export function addImportMoves(app: FastifyInstance, database: DataSource): void {
  const stopping = new AbortController();
  app.get<{ Params: { id: string } }>('/internal/imports/:id/moves', async (request, reply) => {
    const { caller, viewer } = request.identity;
    if (caller !== 'gateway' || !viewer) return reply.code(403).send({ error: 'For the gateway only.' });
    const { seen, wait } = parameters.parse(request.query);
    const { id } = request.params;
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const stop = AbortSignal.any([gone.signal, stopping.signal]);
    const look = async () => markOf(isUuid(id) ? await readAs(database, viewer.id, (rows) => findImport(rows, id)) : null);
    const until = Date.now() + wait;
    let mark = await look();
    while (mark === seen && Date.now() < until && !stop.aborted) {
      await delay(pollMs, undefined, { signal: stop }).catch(() => undefined);
      if (!stop.aborted) mark = await look();
    }
    return { mark };
  });
  // Those who wait ask again elsewhere.
  app.addHook('preClose', async () => stopping.abort());
}

const markOf = (row: ImportRow | null): string => (row ? [row.status, row.totalRows, row.processedRows, row.createdRows, row.failedRows].join('.') : 'none');
