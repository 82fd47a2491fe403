// Files in and out: PUT or POST /uploads/<token> and GET /exports/<token>. They are streamed to and from the task subgraph,
// which made the token and knows what it opens; nothing is held here, and no header of the client goes on but the body's.
import { Transform, type TransformCallback } from 'node:stream';
import type { IdentitySigner } from '@taskgraph/shared/identity';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Pool, type Dispatcher } from 'undici';
import { withRequestId } from './format-error.js';
import { isErrorCode } from './public-errors.js';

export interface TransfersOptions {
  /** The task subgraph. */
  url: string;
  signer: IdentitySigner;
  /** Largest upload, in bytes. */
  limit: number;
}

export interface Transfers {
  add(app: FastifyInstance): void;
  close(): Promise<void>;
}

/** Connections of their own, so that slow files hold up no query. */
const connections = 32;
/** Longest silence of the task subgraph before its answer, and between two pieces of a file, in milliseconds. */
const silenceMs = 60_000;

class TooLarge extends Error {}

type TokenRequest = FastifyRequest<{ Params: { token: string } }>;

export function createTransfers({ url, signer, limit }: TransfersOptions): Transfers {
  const pool = new Pool(new URL(url).origin, { connections, connect: { timeout: 2_000 }, headersTimeout: silenceMs, bodyTimeout: silenceMs });

  async function send(request: TokenRequest, options: Pick<Dispatcher.RequestOptions, 'method' | 'body'> & { path: string; headers?: Record<string, string> }) {
    return pool.request({
      ...options,
      path: `/internal/${options.path}/${encodeURIComponent(request.params.token)}`,
      headers: { ...options.headers, authorization: `Bearer ${await signer.tokenFor('task')}`, 'x-request-id': request.id },
    });
  }

  async function upload(request: TokenRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { 'content-type': type, 'content-length': length, 'content-encoding': encoding } = request.headers;
    if (Number(length ?? 0) > limit) return refuse(request, reply, 413, 'BAD_USER_INPUT', tooLarge(limit));
    if (type?.startsWith('multipart/')) return refuse(request, reply, 415, 'BAD_USER_INPUT', 'Send the file itself as the body, not a form.');
    if (encoding !== undefined && encoding !== 'identity') return refuse(request, reply, 415, 'BAD_USER_INPUT', 'Send the file as it is, not compressed.');
    const body = request.raw.pipe(limited(limit));
    // Whoever sends it on listens only once it begins; a client that goes away before must not end the process.
    body.on('error', () => undefined);
    // A client that goes away takes the call to the subgraph with it.
    request.raw.once('close', () => void (request.raw.complete || body.destroy(new Error('the client went away'))));
    try {
      const headers = { ...(type === undefined ? {} : { 'content-type': type }), ...(length === undefined ? {} : { 'content-length': length }) };
      const answer = await send(request, { method: 'PUT', path: 'uploads', body, headers });
      return await passOn(request, reply, answer);
    } catch (error) {
      if (error instanceof TooLarge || body.errored instanceof TooLarge) return refuse(request, reply, 413, 'BAD_USER_INPUT', tooLarge(limit));
      return away(request, reply, error);
    } finally {
      // What is left of a refused body is read and dropped, so that the client gets to reading the answer.
      request.raw.unpipe(body).resume();
    }
  }

  async function download(request: TokenRequest, reply: FastifyReply): Promise<FastifyReply> {
    try {
      const answer = await send(request, { method: 'GET', path: 'exports' });
      if (answer.statusCode !== 200) return await passOn(request, reply, answer);
      for (const name of ['content-type', 'content-length', 'content-disposition', 'cache-control']) {
        const value = answer.headers[name];
        if (value !== undefined) reply.header(name, value);
      }
      // A file that breaks off on the way ends the connection: it must not look complete.
      return reply.code(200).send(answer.body);
    } catch (error) {
      return away(request, reply, error);
    }
  }

  return {
    add(app) {
      void app.register(async (scope) => {
        // Here every kind of body is left as the stream it is.
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser('*', (_request, _body, done) => done(null));
        scope.route<{ Params: { token: string } }>({ method: ['PUT', 'POST'], url: '/uploads/:token', config: { slowBody: true }, handler: upload });
        scope.get<{ Params: { token: string } }>('/exports/:token', download);
      });
    },
    close: () => pool.destroy(),
  };
}

function limited(limit: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
      bytes += chunk.length;
      if (bytes > limit) done(new TooLarge());
      else done(null, chunk);
    },
  });
}

const tooLarge = (limit: number): string => `The file is larger than ${Math.floor(limit / 1_048_576)} MB.`;

/** A small answer of the task subgraph: as it is where it went well, as an error of ours where it did not. */
async function passOn(request: FastifyRequest, reply: FastifyReply, { statusCode, body }: Dispatcher.ResponseData): Promise<FastifyReply> {
  const answer = (await body.json().catch(() => ({}))) as { code?: unknown; message?: unknown };
  if (statusCode < 300) return reply.code(statusCode).send(answer);
  if (statusCode >= 500 || !isErrorCode(answer.code)) {
    (request.log as Logger).error({ status: statusCode }, 'the task subgraph did not take a file');
    return refuse(request, reply, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.');
  }
  return refuse(request, reply, statusCode, answer.code, String(answer.message));
}

function away(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  (request.log as Logger).warn({ err: error }, 'a file was not transferred');
  return refuse(request, reply, 503, 'SUBGRAPH_UNAVAILABLE', 'The task subgraph is not available.');
}

function refuse(request: FastifyRequest, reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  const body = { errors: [withRequestId({ message, extensions: { code } }, request.id)] };
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}
