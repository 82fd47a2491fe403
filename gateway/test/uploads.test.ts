import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startGraph, type TestGraph } from './support/graph.js';

let graph: TestGraph;
beforeAll(async () => void (graph = await startGraph()));
afterEach(() => void (graph.task.route = undefined));
afterAll(() => graph.stop());

const limit = 1_048_576;
const send = (path: string, init: object = {}) => fetch(`${graph.gateway.url}${path}`, { duplex: 'half', ...init } as RequestInit);

/** Has the task subgraph answer one kind of request. */
function answer(handle: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>): void {
  graph.task.route = (request, response) => {
    if (!request.url?.startsWith('/internal/uploads/') && !request.url?.startsWith('/internal/exports/')) return false;
    void handle(request, response);
    return true;
  };
}

const json = (response: ServerResponse, status: number, body: object) => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

describe('uploads', () => {
  test.each(['PUT', 'POST'])('%s streams: the task subgraph reads the beginning before the end was sent', async (method) => {
    const seen: Buffer[] = [];
    let headers: IncomingMessage['headers'] = {};
    answer(async (request, response) => {
      headers = request.headers;
      for await (const chunk of request) seen.push(chunk as Buffer);
      json(response, 202, { status: 'RUNNING' });
    });
    let begun = false;
    const body = new ReadableStream({
      async pull(controller) {
        if (!begun) {
          begun = true;
          return controller.enqueue(Buffer.from('title\n'));
        }
        await eventually(() => expect(Buffer.concat(seen).toString()).toBe('title\n'));
        controller.enqueue(Buffer.from('a\n'));
        controller.close();
      },
    });
    const response = await send('/uploads/to-ken_1', { method, body, headers: { 'content-type': 'text/csv', 'cookie': 'secret=1', 'authorization': 'Bearer x', 'x-forwarded-for': '1.2.3.4' } });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ status: 'RUNNING' });
    expect(Buffer.concat(seen).toString()).toBe('title\na\n');
    expect(headers).toMatchObject({ 'content-type': 'text/csv', 'x-request-id': response.headers.get('x-request-id') });
    expect(Object.keys(headers).toSorted()).toEqual(['authorization', 'connection', 'content-type', 'host', 'transfer-encoding', 'x-request-id']);
    expect(headers.authorization).not.toBe('Bearer x');
  });

  test('a file of the largest size arrives whole, with its length', async () => {
    const file = randomBytes(limit);
    const hash = createHash('sha256');
    let length: string | undefined;
    answer(async (request, response) => {
      length = request.headers['content-length'];
      for await (const chunk of request) hash.update(chunk as Buffer);
      json(response, 202, {});
    });
    expect((await send('/uploads/token', { method: 'PUT', body: file })).status).toBe(202);
    expect(length).toBe(String(limit));
    expect(hash.digest('hex')).toBe(createHash('sha256').update(file).digest('hex'));
  });

  test('one that says that it is too large is refused before anything is sent on', async () => {
    let asked = 0;
    answer((_request, response) => {
      asked += 1;
      json(response, 202, {});
    });
    const response = await send('/uploads/token', { method: 'PUT', body: Buffer.alloc(limit + 1) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ errors: [{ message: 'The file is larger than 1 MB.', extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) } }] });
    expect(asked).toBe(0);
  });

  test('one that turns out to be too large is refused, and the task subgraph hears of it', async () => {
    let broken = false;
    answer((request) => void request.resume().once('error', () => (broken = true)));
    let left = 40;
    const body = new ReadableStream({ pull: (controller) => (left-- > 0 ? controller.enqueue(Buffer.alloc(65_536)) : controller.close()) });
    const response = await send('/uploads/token', { method: 'PUT', body });
    expect(response.status).toBe(413);
    await eventually(() => expect(broken).toBe(true));
  });

  test.each([
    [404, 'NOT_FOUND', 'There is no such upload.'],
    [409, 'CONFLICT', 'This import no longer waits for a file.'],
    [410, 'NOT_FOUND', 'This address is no longer good.'],
  ])('a token that the task subgraph refuses with %i is refused alike', async (status, code, message) => {
    answer((request, response) => void request.resume().once('end', () => json(response, status, { code, message, internal: 'secret' })));
    const response = await send('/uploads/token', { method: 'PUT', body: 'x' });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ errors: [{ message, extensions: { code, requestId: response.headers.get('x-request-id') } }] });
  });

  test('forms and compressed bodies are 415', async () => {
    const form = new FormData();
    form.set('file', new Blob(['title\na\n']));
    expect((await send('/uploads/token', { method: 'POST', body: form })).status).toBe(415);
    expect((await send('/uploads/token', { method: 'PUT', body: 'x', headers: { 'content-encoding': 'gzip' } })).status).toBe(415);
  });

  test('a client that goes away takes the call to the task subgraph with it', async () => {
    let [begun, broken] = [false, false];
    answer((request) => void request.once('data', () => (begun = true)).once('error', () => (broken = true)));
    const { port } = new URL(graph.gateway.url);
    const client = httpRequest({ port, path: '/uploads/token', method: 'PUT', headers: { 'content-length': '1000' } });
    client.on('error', () => {});
    client.write('x');
    await eventually(() => expect(begun).toBe(true));
    client.destroy();
    await eventually(() => expect(broken).toBe(true));
  });

  test('what is no answer of the task subgraph stays inside', async () => {
    answer((request, response) => void request.resume().once('end', () => response.writeHead(500).end('at Object.<anonymous> (/secret)')));
    const response = await send('/uploads/token', { method: 'PUT', body: 'x' });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });

  test('a browser of the own page may upload', async () => {
    const headers = { 'origin': 'https://tasks.example.org', 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' };
    const preflight = await send('/uploads/token', { method: 'OPTIONS', headers });
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
  });
});

describe('exports', () => {
  test('stream: the client reads the beginning before the end was written', async () => {
    let finish: () => void = () => {};
    answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="tasks.csv"', 'x-internal': 'secret', 'set-cookie': 'a=b' });
      response.write('title\n');
      finish = () => void response.end('a\n');
    });
    const response = await send('/exports/token');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="tasks.csv"');
    expect([response.headers.get('x-internal'), response.headers.get('set-cookie')]).toEqual([null, null]);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect(Buffer.from((await reader.read()).value as Uint8Array).toString()).toBe('title\n');
    finish();
    expect(Buffer.from((await reader.read()).value as Uint8Array).toString()).toBe('a\n');
    expect((await reader.read()).done).toBe(true);
  });

  test('one that breaks off does not look complete', async () => {
    answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/csv' });
      response.write('title\n', () => response.destroy());
    });
    await expect(send('/exports/token').then((response) => response.text())).rejects.toThrow();
  });

  test('a token that opens nothing is 404', async () => {
    answer((_request, response) => json(response, 404, { code: 'NOT_FOUND', message: 'There is no such file.' }));
    const response = await send('/exports/token');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });

  test('while the task subgraph is away both are SUBGRAPH_UNAVAILABLE', async () => {
    await graph.task.stop();
    try {
      for (const response of [await send('/exports/token'), await send('/uploads/token', { method: 'PUT', body: 'x' })]) {
        expect(response.status).toBe(503);
        expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] });
      }
    } finally {
      await graph.task.restart();
    }
  });
});
