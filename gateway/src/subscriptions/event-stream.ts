// GraphQL over server-sent events, for clients that cannot open WebSockets: POST /graphql with `accept: text/event-stream`, the
// distinct connections mode of graphql-sse. One request is one operation: `next` events, then `complete`.
import type { ServerResponse } from 'node:http';
import { clientNetwork } from '@taskgraph/shared/client-network';
import { DomainError, overloaded } from '@taskgraph/shared/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import type { AuthenticatedViewer } from '../authentication.js';
import type { LiveLimits } from '../config.js';
import type { GatewayContext } from '../context.js';
import { withRequestId } from '../format-error.js';
import { socketsOpen } from '../metrics.js';
import { maskedMessage } from '../public-errors.js';
import type { Revocations } from '../revocations.js';
import { LiveFailure, type Running } from './live.js';
import type { Pipe } from './outlet.js';
import { startOperation, type OperationOptions, type OperationPayload } from './operations.js';
import { createPipe } from './pipe.js';

export interface EventStreamOptions extends OperationOptions {
  revocations: Pick<Revocations, 'judge' | 'onNews'>;
  limits: LiveLimits;
}

export interface EventStreams {
  /** Whether the request is for this; all others are answered as plain HTTP. */
  wants(request: FastifyRequest): boolean;
  /** Answers with a stream, or throws RATE_LIMITED. */
  serve(request: FastifyRequest, reply: FastifyReply, viewer: AuthenticatedViewer | null, context: GatewayContext): Promise<void>;
  /** Cuts all streams: clients connect again elsewhere. */
  close(): void;
}

interface Stream {
  owner: string;
  viewer: AuthenticatedViewer | null;
  response: ServerResponse;
  running: Running | undefined;
}

/** How long a client that does not read may take to read the end, in milliseconds. */
const farewellMs = 3_000;
/** A timer set for longer than this fires at once. */
const longestTimer = 2 ** 31 - 1;
const next = (text: string) => `event: next\ndata: ${text}\n\n`;
const [begin, end] = ['event: next\ndata: ', '\n\n'].map((text) => Buffer.from(text)) as [Buffer, Buffer];
const complete = 'event: complete\ndata: \n\n';
const ended = (message: string) => next(JSON.stringify({ errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] })) + complete;

export function createEventStreams(options: EventStreamOptions): EventStreams {
  const { limits, revocations } = options;
  const open = new Set<Stream>();
  /** Once for each stream, whoever comes first: its operation (`done`), its token, news of its session, or our own end. */
  const finish = (stream: Stream, last = '', done = false) => {
    if (!open.delete(stream)) return;
    socketsOpen.dec({ kind: 'event-stream' });
    const { response, running } = stream;
    void running?.return();
    if (!isWritable(response)) return;
    response.end(last);
    // From here on nobody else would notice that the client takes nothing. Who slowly reads an answer may do so.
    if (done) return void response.setTimeout(limits.stallMs, () => response.destroy());
    const impatient = setTimeout(() => response.destroy(), farewellMs).unref();
    response.once('close', () => clearTimeout(impatient));
  };
  let closed = false;
  const stopListening = revocations.onNews(() => {
    for (const stream of open) if (stream.viewer && revocations.judge(stream.viewer) !== stream.viewer) finish(stream, ended('The session has ended.'));
  });

  return {
    wants({ method, headers, body }) {
      const asked = method === 'POST' && headers.accept?.includes('text/event-stream') === true && headers['content-type']?.startsWith('application/json') === true;
      return asked && isPayload(body);
    },

    async serve(request, reply, viewer, given) {
      // What was still coming in when this process began to stop would open a stream that nobody ends.
      if (closed) throw overloaded(1);
      const { ip = null, userAgent = null } = given.client ?? {};
      // The headers have gone before an operation could set a cookie.
      const context: GatewayContext = { ...given, client: { ip, userAgent } };
      const owner = viewer?.id ?? `address ${ip === null ? '' : clientNetwork(ip)}`;
      if ([...open].filter((stream) => stream.owner === owner).length >= limits.socketsPerUser) {
        throw new DomainError('RATE_LIMITED', `At most ${limits.socketsPerUser} streams of one person are open at a time.`, { retryAfter: 10 });
      }
      const headers = Object.entries(reply.getHeaders()).filter((header): header is [string, string] => header[1] !== undefined);
      reply.hijack();
      const response = reply.raw;
      const stream: Stream = { owner, viewer, response, running: undefined };
      open.add(stream);
      socketsOpen.inc({ kind: 'event-stream' });
      // Without a listener a broken connection would end the process.
      response.on('error', (error) => request.log.debug({ err: error }, 'an event stream broke'));
      response.once('close', () => finish(stream));
      const say = (text: string) => void (isWritable(response) && response.write(text));
      const expire = viewer && setTimeout(() => finish(stream, ended('The access token has ended.')), Math.min(viewer.expiresAt - Date.now(), longestTimer));
      // A comment keeps proxies from taking silence for death.
      const alive = setInterval(() => say(':\n\n'), limits.pingMs);
      try {
        response.writeHead(200, { ...Object.fromEntries(headers), 'x-request-id': context.requestId, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
        response.flushHeaders();
        const started = await startOperation(options, request.body as OperationPayload, context, {
          pipe: pipeTo(response), frame: (items) => Buffer.concat(items.flatMap(({ body }) => [begin, body, end])), tooSlow: () => response.destroy(),
        });
        if (started.kind === 'refused') say(next(JSON.stringify({ errors: started.errors })));
        else if (started.kind === 'answered') say(next(JSON.stringify(started.result)));
        else {
          stream.running = started.running;
          // It may have been ended meanwhile.
          if (open.has(stream)) await started.running.next();
          else await started.running.return();
        }
        finish(stream, complete, true);
      } catch (error) {
        finish(stream, next(JSON.stringify(failure(error, context, request.log as Logger))) + complete, true);
      } finally {
        if (expire) clearTimeout(expire);
        clearInterval(alive);
      }
    },

    close() {
      closed = true;
      stopListening();
      // Without `complete`: the client takes it for a broken connection and comes back.
      for (const stream of open) finish(stream);
    },
  };
}

/** `writable` of a response stays true after its end. */
const isWritable = ({ writableEnded, destroyed }: ServerResponse): boolean => !writableEnded && !destroyed;
const isPayload = (body: unknown): boolean => typeof body === 'object' && body !== null && !Array.isArray(body) && typeof (body as { query?: unknown }).query === 'string';

function pipeTo(response: ServerResponse): Pipe {
  return createPipe({
    write: (bytes, sent) => {
      if (isWritable(response)) response.write(bytes, () => sent());
      else setImmediate(sent);
    },
    waiting: () => response.writableLength,
  });
}

function failure(error: unknown, { requestId }: GatewayContext, log: Logger): FormattedExecutionResult {
  if (error instanceof LiveFailure) return { errors: error.errors };
  log.error({ err: error }, 'a subscription broke');
  return { errors: [withRequestId({ message: maskedMessage, extensions: { code: 'INTERNAL_SERVER_ERROR' } }, requestId)] };
}
