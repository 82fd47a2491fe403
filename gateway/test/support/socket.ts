import { createClient, type Client, type SubscribePayload } from 'graphql-ws';
import { eventually } from '@taskgraph/shared/testing/eventually';
import WebSocket from 'ws';
import type { RunningGateway } from '../../src/server.js';

export const socketUrl = (gateway: RunningGateway) => `${gateway.url.replace('http', 'ws')}/graphql`;

/** A client of the graphql-ws package that does not come back after a close. */
export const connect = (gateway: RunningGateway, token?: string): Client =>
  createClient({ url: socketUrl(gateway), webSocketImpl: WebSocket, retryAttempts: 0, ...(token ? { connectionParams: { Authorization: `Bearer ${token}` } } : {}) });

export interface Received {
  results: any[];
  error: any;
  completed: boolean;
  dispose: () => void;
  /** Waits for that many results. */
  atLeast: (count: number) => Promise<any[]>;
}

export function follow(client: Client, payload: SubscribePayload): Received {
  const received: Received = {
    results: [],
    error: undefined,
    completed: false,
    dispose: () => undefined,
    atLeast: (count) => eventually(() => (received.results.length >= count ? received.results : null)),
  };
  received.dispose = client.subscribe(payload, {
    next: (result) => received.results.push(result),
    error: (error) => (received.error = error),
    complete: () => (received.completed = true),
  });
  return received;
}

export interface Closed {
  code: number;
  reason: string;
}

/** Opens a socket by hand, sends the messages, and waits for the close. */
export function closeOf(url: string, messages: object[], { protocol = ['graphql-transport-ws'] } = {}): Promise<Closed> {
  const socket = new WebSocket(url, protocol);
  return new Promise((resolve, reject) => {
    socket.on('open', () => messages.forEach((message) => socket.send(JSON.stringify(message))));
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    socket.on('error', reject);
  });
}

/** Status with which an upgrade is answered: 101 when it is accepted. */
export function upgradeStatus(url: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(url, 'graphql-transport-ws', { headers });
  return new Promise((resolve, reject) => {
    socket.on('open', () => (socket.close(), resolve(101)));
    socket.on('unexpected-response', (_request, response) => (response.destroy(), resolve(response.statusCode ?? 0)));
    socket.on('error', reject);
  });
}
