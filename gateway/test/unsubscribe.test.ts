import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpServer } from '@taskgraph/shared/http-server';
import { createIdentitySigner } from '@taskgraph/shared/identity';
import { createLogger } from '@taskgraph/shared/logger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createUnsubscribe } from '../src/unsubscribe.js';
import { newKey, privateText } from './support/keys.js';

/** What the channel subgraph was asked, and what it answers next. */
const asked: IncomingMessage[] = [];
let answer = { status: 200, type: 'text/html; charset=utf-8', body: '<p>page</p>' };
const channel = createServer((request, response) => {
  asked.push(request);
  response.writeHead(answer.status, { 'content-type': answer.type, 'cache-control': 'no-store', 'x-secret': 'internal' }).end(answer.body);
});
const logger = createLogger({ service: 'gateway', level: 'silent' });
const signer = createIdentitySigner({ service: 'gateway', privateKey: privateText(newKey()) });
const apps: { close: () => Promise<unknown> }[] = [];
let url = '';

async function gatewayFor(channelUrl: string): Promise<string> {
  const app = createHttpServer({ logger, missing: async () => [] });
  const unsubscribe = createUnsubscribe({ url: channelUrl, signer });
  unsubscribe.add(app);
  apps.push({ close: async () => void (await Promise.all([app.close(), unsubscribe.close()])) });
  return app.listen({ host: '127.0.0.1', port: 0 });
}

beforeAll(async () => {
  await new Promise<void>((resolve) => channel.listen(0, '127.0.0.1', resolve));
  url = await gatewayFor(`http://127.0.0.1:${(channel.address() as AddressInfo).port}`);
});
afterAll(async () => {
  for (const app of apps) await app.close();
  await new Promise((resolve) => channel.close(resolve));
});

test('a link in a mail is passed on without signing in, and nothing of the client but the token goes along', async () => {
  const response = await fetch(`${url}/unsubscribe/a%2Fb.c`, { headers: { cookie: 'session=1', authorization: 'Bearer x' } });
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, 'text/html; charset=utf-8', '<p>page</p>']);
  expect(response.headers.get('x-secret')).toBeNull();
  const request = asked.pop();
  expect([request?.method, request?.url, request?.headers.cookie]).toEqual(['GET', '/internal/unsubscribe/a%2Fb.c', undefined]);
  expect(request?.headers.authorization).not.toBe('Bearer x');
});

test.each([['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'], ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n']])(
  'a mail service posts %s and is passed on (RFC 8058)',
  async (type, body) => {
    const response = await fetch(`${url}/unsubscribe/token.mac`, { method: 'POST', headers: { 'content-type': type }, body });
    expect(response.status).toBe(200);
    expect([asked.at(-1)?.method, asked.at(-1)?.url]).toEqual(['POST', '/internal/unsubscribe/token.mac']);
  },
);

test('a link that is not valid is 404 with a page; other methods, long bodies and longer paths reach nobody', async () => {
  answer = { ...answer, status: 404, body: '<p>not valid</p>' };
  const response = await fetch(`${url}/unsubscribe/junk`);
  expect([response.status, await response.text()]).toEqual([404, '<p>not valid</p>']);
  const before = asked.length;
  expect((await fetch(`${url}/unsubscribe/junk`, { method: 'PUT', body: 'x' })).status).toBe(404);
  expect((await fetch(`${url}/unsubscribe/junk`, { method: 'POST', body: 'x'.repeat(20_000) })).status).toBe(413);
  expect((await fetch(`${url}/unsubscribe/../internal/events`)).status).toBe(404);
  expect((await fetch(`${url}/unsubscribe/a/b`)).status).toBe(404);
  expect(asked).toHaveLength(before);
});

test('what the channel subgraph refuses inside, and its absence, are SUBGRAPH_UNAVAILABLE', async () => {
  answer = { status: 500, type: 'application/json', body: '{"stack":"secret"}' };
  for (const gateway of [url, await gatewayFor('http://127.0.0.1:1')]) {
    const response = await fetch(`${gateway}/unsubscribe/token`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ errors: [{ message: 'The channel subgraph is not available.', extensions: { code: 'SUBGRAPH_UNAVAILABLE', requestId: expect.any(String) } }] });
  }
});
