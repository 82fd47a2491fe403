// A receiver of webhooks on a bad day. What it is sent it checks as Standard Webhooks says, without a line of the product.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { freePort } from '@taskgraph/shared/testing/ports';
import type { Dice } from './random.js';

/** What came of one event at one address. */
export interface Received {
  hook: string;
  eventId: string;
  tries: number;
  /** How often it was taken, with 200. */
  taken: number;
  /** Of the body: the same at each try. */
  digest: string;
}

export interface WebhookReceiver {
  /** Address for a webhook of that name. */
  urlOf: (hook: string) => string;
  /** Told once it is known; until then nothing is taken. */
  setSecret: (hook: string, secret: string) => void;
  received: () => Received[];
  /** Signatures that do not fit, bodies that change between tries: one sentence each. */
  wrong: () => string[];
  /** How many posts were answered with an error, cut or left hanging. */
  failed: () => number;
  heal: () => void;
  close: () => Promise<void>;
}

/** One event is failed so often; then it is taken, so that its next try is not minutes away. */
const mostFailures = 1;

export async function startWebhookReceiver(dice: Dice): Promise<WebhookReceiver> {
  const secrets = new Map<string, string>();
  const received = new Map<string, Received>();
  const wrong: string[] = [];
  let isWell = false;
  let failed = 0;

  function judge(hook: string, { headers }: IncomingMessage, body: string): Received | null {
    const [eventId = '', at = '', signatures = ''] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name] as string | undefined);
    const key = Buffer.from((secrets.get(hook) ?? '').replace('whsec_', ''), 'base64');
    const due = Buffer.from(`v1,${createHmac('sha256', key).update(`${eventId}.${at}.${body}`).digest('base64')}`);
    const fits = signatures.split(' ').some((one) => one.length === due.length && timingSafeEqual(Buffer.from(one), due));
    if (!fits) wrong.push(`webhook: the signature of ${eventId} at ${hook} does not fit`);
    if (Math.abs(Date.now() / 1_000 - Number(at)) > 300) wrong.push(`webhook: ${eventId} at ${hook} is dated ${at}`);
    const digest = createHash('sha256').update(body).digest('base64');
    const name = `${hook} ${eventId}`;
    const one = received.get(name) ?? { hook, eventId, tries: 0, taken: 0, digest };
    if (one.digest !== digest) wrong.push(`webhook: the body of ${eventId} at ${hook} changed between two tries`);
    received.set(name, one);
    one.tries += 1;
    return one;
  }

  function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const hook = (request.url ?? '').slice(1);
    if (!secrets.has(hook)) return void response.writeHead(503).end();
    const one = judge(hook, request, body);
    const roll = isWell || !one || one.tries > mostFailures ? 1_000 : dice.below(1_000);
    if (roll < 52) failed += 1;
    if (roll < 20) response.writeHead(500).end('not today');
    else if (roll < 30) response.writeHead(503, { 'retry-after': '2' }).end();
    else if (roll < 50) request.socket.destroy();
    else if (roll >= 52) {
      if (one) one.taken += 1;
      response.writeHead(200).end();
    }
    // Else it hangs, until whoever posts hangs up.
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part)).on('error', () => undefined);
    request.on('end', () => answer(request, response, Buffer.concat(parts).toString()));
  });
  const port = await freePort();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    urlOf: (hook) => `http://127.0.0.1:${port}/${hook}`,
    setSecret: (hook, secret) => void secrets.set(hook, secret),
    received: () => [...received.values()],
    wrong: () => wrong,
    failed: () => failed,
    heal: () => void (isWell = true),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
