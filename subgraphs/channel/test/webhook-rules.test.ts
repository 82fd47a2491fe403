// What decides about a post without a network of its own: which addresses are public, when the next try comes, what is signed and said.
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { newId } from '@taskgraph/shared/ids';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebhookFacts } from '../src/entities/webhook.js';
import { maxAttempts, webhookPauseMs } from '../src/jobs/deliver-webhook.js';
import { createPost, readRetryAfter } from '../src/post-webhook.js';
import { isPublicAddress } from '../src/public-address.js';
import { webhookBody } from '../src/webhook-body.js';
import { readWebhookUrl } from '../src/webhook-url.js';
import { signatureHeaders, webhookSecret } from '../src/webhook-secret.js';

const closed = [
  '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.255.254', '168.63.129.16', '169.254.169.254', '172.16.0.1', '172.31.255.255',
  '192.0.0.1', '192.0.2.5', '192.88.99.1', '192.168.0.1', '198.18.0.1', '198.19.255.255', '198.51.100.7', '203.0.113.9', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255',
  '::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::1', '100::1', '2001::1', '2001:10::1', '2001:db8::1',
  '2002:7f00:1::', '2002:c0a8:1::1', '3fff::1', 'fc00::1', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '2606:4700::1111%eth0', 'localhost', '', '8.8.8', '/tmp/socket',
];
const open = ['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.1', '168.63.129.15', '168.63.129.17', '172.15.255.255', '172.32.0.0', '192.167.255.255', '198.17.255.255', '198.20.0.0', '223.255.255.255', '2606:4700:4700::1111', '2a00:1450:4001::1', '2001:4860:4860::8888'];

describe('an address', () => {
  test.each(closed)('%s is not on the public internet', (address) => expect(isPublicAddress(address)).toBe(false));
  test.each(open)('%s is', (address) => expect(isPublicAddress(address)).toBe(true));
});

describe('a post', () => {
  let canary: Server;
  let hits = 0;
  let port = 0;
  beforeAll(async () => {
    canary = createServer((_request, response) => {
      hits += 1;
      response.end('x');
    }).listen(0, '127.0.0.1');
    await once(canary, 'listening');
    ({ port } = canary.address() as AddressInfo);
  });
  afterAll(() => canary.close());
  const closedPost = createPost({ allowedHosts: new Set() });

  test.each(['127.0.0.1', '2130706433', '0x7f000001', '0177.0.0.1', '0x7f.1', '127.1', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '0.0.0.0', '0', 'localhost', 'LOCALHOST', '127.0.0.1.'])(
    'to %s reaches nobody',
    async (host) => {
      expect(await closedPost(`http://${host}:${port}/`, {}, '{}')).toEqual({ error: 'the address is not on the public internet' });
      expect(hits).toBe(0);
    },
  );

  test('goes to the addresses that were checked, so a name that turns private afterwards leads nowhere', async () => {
    const answers = [[{ address: '127.0.0.1', family: 4 }], [{ address: '8.8.8.8', family: 4 }, { address: '127.0.0.1', family: 4 }], [{ address: '::ffff:127.0.0.1', family: 6 }], []];
    const post = createPost({ allowedHosts: new Set(), resolve: async () => answers.shift() ?? [] });
    while (answers.length > 0) expect(await post(`http://rebinding.example:${port}/`, {}, '{}')).toEqual({ error: 'the address is not on the public internet' });
    expect(hits).toBe(0);
  });

  test('looks a name up once: the connection goes to the answer that was checked, and not to what the name says next', async () => {
    const asked: string[] = [];
    const answers = ['127.0.0.1', '127.0.0.2'];
    const post = createPost({
      allowedHosts: new Set(), mayConnect: (address) => address === '127.0.0.1',
      async resolve(host) {
        asked.push(host);
        return [{ address: answers[asked.length - 1] ?? '', family: 4 }];
      },
    });
    expect(await post(`http://rebinding.example:${port}/`, {}, '{}')).toMatchObject({ status: 200 });
    expect([asked, hits]).toEqual([['rebinding.example'], 1]);
    expect(await post(`http://rebinding.example:${port}/`, {}, '{}')).toEqual({ error: 'the address is not on the public internet' });
    expect(hits).toBe(1);
  });

  test.each([25, 465, 587])('to the mail port %i reaches nobody, also on a host that the operator has opened', async (mail) => {
    expect(await createPost({ allowedHosts: new Set(['127.0.0.1']) })(`http://127.0.0.1:${mail}/`, {}, '{}')).toEqual({ error: 'the port is one of mail' });
  });

  test('reaches a host that the operator has opened, and no other by that', async () => {
    const post = createPost({ allowedHosts: new Set(['127.0.0.1']) });
    expect(await post(`http://127.0.0.1:${port}/`, {}, '{}')).toEqual({ status: 200, retryAfterMs: null });
    expect(await post(`http://localhost:${port}/`, {}, '{}')).toMatchObject({ error: expect.any(String) });
    expect(hits).toBe(2);
  });
});

test('an address is kept as it is connected to, whatever way it was written', () => {
  expect(readWebhookUrl('HTTPS://Example.ORG:443/a/../b?c#d')).toEqual({ href: 'https://example.org/b?c#d' });
  expect(readWebhookUrl('http:0x7f.1/x')).toEqual({ href: 'http://127.0.0.1/x' });
  for (const text of ['https://example.org\\@example.com/', 'https://exam\tple.org/', 'https://example.org/\u0085', ' https://example.org/', 'https://example.org:587/', 'https://a@example.org/']) {
    expect(readWebhookUrl(text)).toEqual({ wrong: expect.any(String) });
  }
});

test('the pauses between the tries last a day and more, whatever chance says; what the receiver asks for is waited, six hours at most', () => {
  const sum = (random: number) => Array.from({ length: maxAttempts - 1 }, (_none, index) => webhookPauseMs(index + 1, random, null)).reduce((total, pause) => total + pause, 0);
  fc.assert(fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (random) => sum(random) >= 24 * 3_600_000 && sum(random) <= 48 * 3_600_000), { verbose: 1 });
  expect(webhookPauseMs(1, 0, 60_000)).toBe(60_000);
  expect(webhookPauseMs(1, 0, 10 * 24 * 3_600_000)).toBe(6 * 3_600_000);
  expect(webhookPauseMs(9, 0, 1_000)).toBe(14 * 3_600_000);
});

test('retry-after is seconds or a date, and anything else is not there', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(['120', 'Thu, 01 Jan 2026 00:01:00 GMT', 'Wed, 31 Dec 2025 00:00:00 GMT', 'soon', '-1', '1.5', ''].map((text) => readRetryAfter(text, now))).toEqual([120_000, 60_000, 0, null, null, null, null]);
  expect(readRetryAfter(undefined)).toBeNull();
});

test('the standardwebhooks package verifies what is signed, with either secret while both are good, and nothing that was changed', () => {
  const [key, id] = ['k'.repeat(43), newId()];
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 2, max: 9 }), (text, generation) => {
      const body = JSON.stringify({ text });
      const headers = signatureHeaders(key, { webhookId: id, generations: [generation, generation - 1], messageId: newId(), at: new Date(), body });
      for (const good of [generation, generation - 1]) expect(new Webhook(webhookSecret(key, id, good)).verify(body, headers)).toEqual({ text });
      expect(() => new Webhook(webhookSecret(key, id, generation + 1)).verify(body, headers)).toThrow();
      expect(() => new Webhook(webhookSecret(key, id, generation)).verify(`${body} `, headers)).toThrow();
      expect(() => new Webhook(webhookSecret(key, newId(), generation)).verify(body, headers)).toThrow();
    }),
    { numRuns: 30 },
  );
});

test('titles are no links, mentions or marks in chats', () => {
  const facts: WebhookFacts = { at: '2026-01-01T00:00:00.000Z', actorId: null, projectId: newId(), channelId: null, text: 'Ada made <!channel> [a](http://x) & *b*' };
  const posted = { event: 'TASK_DUE_SOON' as const, facts };
  expect(JSON.parse(webhookBody('SLACK', posted))).toEqual({ text: 'Ada made &lt;!channel&gt; [a](http://x) &amp; *b*' });
  const card = JSON.parse(webhookBody('TEAMS', posted)).attachments[0].content;
  expect(card).toMatchObject({ type: 'AdaptiveCard', body: [{ type: 'TextBlock', text: 'Ada made <!channel\\> \\[a\\]\\(http://x\\) & \\*b\\*' }] });
  const { text: _text, at, ...data } = facts;
  expect(JSON.parse(webhookBody('STANDARD', posted))).toEqual({ type: 'task.due_soon', timestamp: at, data });
});
