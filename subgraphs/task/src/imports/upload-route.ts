// PUT /internal/uploads/<token>: the file of an import as the gateway streams it on. The token is all that is needed to
// send it; nothing of the body is held in memory.
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newId } from '@taskgraph/shared/ids';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { beginImport } from '../commands/begin-import.js';
import type { SignedLinks } from '../signed-links.js';
import { partialFile, removeFile, uploadedFile } from './files.js';

export interface UploadOptions {
  database: DataSource;
  links: SignedLinks;
  directory: string;
  /** Largest file, in bytes. */
  limit: number;
}

class TooLarge extends Error {}

/** What the gateway passes on to the client. */
export const refuse = (reply: FastifyReply, status: number, code: string, message: string): FastifyReply => reply.code(status).send({ code, message });

export function addUploadRoute(app: FastifyInstance, options: UploadOptions): void {
  // A scope of its own: here every kind of body is handed over as the stream it is.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    scope.put<{ Params: { token: string } }>('/internal/uploads/:token', { config: { slowBody: true } }, (request, reply) => upload(options, request, reply));
  });
}

async function upload({ database, links, directory, limit }: UploadOptions, request: FastifyRequest<{ Params: { token: string } }>, reply: FastifyReply): Promise<FastifyReply> {
  if (request.identity.caller !== 'gateway') return refuse(reply, 403, 'FORBIDDEN', 'Only the gateway may upload.');
  const link = links.read(request.params.token);
  if (link?.kind !== 'upload') return refuse(reply, 404, 'NOT_FOUND', 'There is no such upload.');
  if (link.until < new Date()) return refuse(reply, 410, 'NOT_FOUND', 'This address is no longer good: start another import.');
  const part = partialFile(directory, link.id, newId());
  try {
    const bytes = await store(request.raw, part, limit);
    if (bytes === 0) return refuse(reply, 400, 'BAD_USER_INPUT', 'The file is empty.');
    const begun = await beginImport(database, link.viewerId, link.id, () => rename(part, uploadedFile(directory, link.id)));
    if (!begun) return refuse(reply, 409, 'CONFLICT', 'This import no longer waits for a file.');
    return reply.code(202).send({ id: link.id, status: 'RUNNING', bytes });
  } catch (error) {
    if (error instanceof TooLarge) return refuse(reply, 413, 'BAD_USER_INPUT', `The file is larger than ${Math.floor(limit / 1_048_576)} MB.`);
    if (request.raw.destroyed && !request.raw.complete) {
      (request.log as Logger).info({ import: link.id }, 'an upload broke off');
      return refuse(reply, 400, 'BAD_USER_INPUT', 'The upload broke off.');
    }
    throw error;
  } finally {
    await removeFile(part);
  }
}

async function store(body: Readable, path: string, limit: number): Promise<number> {
  let bytes = 0;
  await pipeline(
    body,
    async function* counted(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > limit) throw new TooLarge();
        yield chunk;
      }
    },
    createWriteStream(path, { mode: 0o600, flush: true }),
  );
  return bytes;
}
