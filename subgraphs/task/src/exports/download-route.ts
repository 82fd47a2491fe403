// GET /internal/exports/<token>: the tasks of an export, or the error file of an import, as the gateway streams them on.
// What may be seen is decided now, not when the address was made.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Peer } from '@taskgraph/shared/peer';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { DataSource } from 'typeorm';
import { readAs } from '../database.js';
import { errorFile } from '../imports/files.js';
import { isActive } from '../imports/people.js';
import { refuse } from '../imports/upload-route.js';
import { findExport } from '../repositories/export-repository.js';
import { findImport } from '../repositories/import-repository.js';
import type { Link, SignedLinks } from '../signed-links.js';
import { renderCsv, renderJson } from './render.js';
import { exportedTasks } from './stream-tasks.js';

export interface DownloadOptions {
  database: DataSource;
  links: SignedLinks;
  users: Peer;
  directory: string;
}

const types = { CSV: 'text/csv; charset=utf-8', JSON: 'application/json; charset=utf-8' };

export function addDownloadRoute(app: FastifyInstance, options: DownloadOptions): void {
  app.get<{ Params: { token: string } }>('/internal/exports/:token', async (request, reply) => {
    if (request.identity.caller !== 'gateway') return refuse(reply, 403, 'FORBIDDEN', 'Only the gateway may download.');
    const link = options.links.read(request.params.token);
    if (!link || link.kind === 'upload') return missing(reply);
    if (link.until < new Date()) return refuse(reply, 410, 'NOT_FOUND', 'This address is no longer good: ask for a new one.');
    if (!(await isActive(options.users, link.viewerId))) return missing(reply);
    return link.kind === 'export' ? sendTasks(options, link, reply) : sendErrors(options, link, reply);
  });
}

const missing = (reply: FastifyReply) => refuse(reply, 404, 'NOT_FOUND', 'There is no such file.');

async function sendTasks({ database, users }: DownloadOptions, { id, viewerId }: Link, reply: FastifyReply): Promise<FastifyReply> {
  const found = await readAs(database, viewerId, (rows) => findExport(rows, id));
  if (!found) return missing(reply);
  const pages = exportedTasks(database, users, viewerId, found.filter);
  const body = Readable.from(found.format === 'CSV' ? renderCsv(pages) : renderJson(pages), { objectMode: false, highWaterMark: 65_536 });
  return attach(reply, `tasks.${found.format.toLowerCase()}`).type(types[found.format]).send(body);
}

async function sendErrors({ database, directory }: DownloadOptions, { id, viewerId }: Link, reply: FastifyReply): Promise<FastifyReply> {
  const found = await readAs(database, viewerId, (rows) => findImport(rows, id));
  const path = errorFile(directory, id);
  const length = found ? Math.min(found.errorBytes, await stat(path).then((file) => file.size, () => 0)) : 0;
  if (length === 0) return missing(reply);
  // What lies behind the length is not committed yet.
  return attach(reply, 'errors.csv').type(types.CSV).header('content-length', length).send(createReadStream(path, { end: length - 1 }));
}

const attach = (reply: FastifyReply, name: string): FastifyReply =>
  reply.header('content-disposition', `attachment; filename="${name}"`).header('cache-control', 'no-store');
