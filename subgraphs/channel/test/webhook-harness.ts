// A receiver of webhooks that behaves as a test says, and the mutations of webhooks as a client sends them.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Viewer } from '@taskgraph/shared/identity';
import type { GraphQLAnswer } from '@taskgraph/shared/testing/identity';
import type { Harness } from './harness.js';

export interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
}

type Behaviour = (response: ServerResponse, request: IncomingMessage, count: number) => void;

export interface Receiver {
  url: string;
  received: Received[];
  stop: () => Promise<void>;
}

/** `behave` answers; `count` is how many posts came to this path before. `host` is one of this machine, 127.0.0.1 to 127.255.255.254. */
export async function startReceiver(behave: Behaviour = (response) => response.end(), host = '127.0.0.1'): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    request.on('end', () => {
      const path = request.url ?? '';
      const count = received.filter((one) => one.path === path).length;
      received.push({ path, headers: request.headers as Record<string, string>, body: Buffer.concat(parts).toString() });
      behave(response, request, count);
    });
  }).listen(0, host);
  await once(server, 'listening');
  return {
    received,
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const inputs = {
  createWebhook: 'CreateWebhookInput', updateWebhook: 'UpdateWebhookInput', deleteWebhook: 'DeleteWebhookInput', rotateWebhookSecret: 'RotateWebhookSecretInput', redeliverWebhook: 'RedeliverWebhookInput',
} as const;
type Operation = keyof typeof inputs;

export const webhookFields = 'id url format events active disabledReason project { id } channel { id }';
const selectionOf = (operation: Operation) =>
  operation === 'deleteWebhook' ? 'id' : `webhook { ${webhookFields} }${operation === 'createWebhook' || operation === 'rotateWebhookSecret' ? ' secret' : ''}`;

export const sendWebhook = (api: Harness, operation: Operation, viewer: Viewer | null, input: object, key?: string): Promise<GraphQLAnswer> =>
  api.query(`mutation ($input: ${inputs[operation]}!) { ${operation}(input: $input) { ${selectionOf(operation)} } }`, { input }, viewer, key === undefined ? {} : { 'idempotency-key': key });

// oxlint-disable-next-line typescript/no-explicit-any
export async function webhookOk(api: Harness, operation: Operation, viewer: Viewer, input: object, key?: string): Promise<any> {
  const { data, errors } = await sendWebhook(api, operation, viewer, input, key);
  if (errors) throw new Error(JSON.stringify(errors));
  return data[operation];
}

export const refusal = async (answer: Promise<GraphQLAnswer>): Promise<unknown> => (await answer).errors?.[0]?.extensions['code'];

export interface Logged {
  id: string;
  eventId: string;
  event: string;
  attempt: number;
  status: string;
  responseStatus: number | null;
  error: string | null;
  nextAttemptAt: string | null;
}

/** The log of one webhook, newest first. */
export async function logOf(api: Harness, viewer: Viewer, id: string): Promise<Logged[]> {
  const { data } = await api.query('{ webhooks { id deliveries { nodes { id eventId event attempt status responseStatus error nextAttemptAt } } } }', {}, viewer);
  return data.webhooks.find((one: { id: string }) => one.id === id)?.deliveries.nodes ?? [];
}
