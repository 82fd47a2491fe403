// A client of the public API: HTTP and graphql-ws, nothing else.
import { createClient, type Client } from 'graphql-ws';
import { expect } from 'vitest';
import WebSocket from 'ws';

export interface Answer {
  // Answers are read by tests that know their shape.
  data: any;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

export interface Person {
  id: string;
  handle: string;
  accessToken: string;
  /** Runs a document as this person. */
  query(document: string, variables?: object): Promise<Answer>;
  /** The same, and it must succeed. */
  ok(document: string, variables?: object): Promise<Answer['data']>;
}

export async function query(url: string, document: string, variables: object = {}, accessToken?: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}), ...headers },
    body: JSON.stringify({ query: document, variables }),
  });
  return (await response.json()) as Answer;
}

export function person(url: string, signedIn: { accessToken: string; user: { id: string; handle: string } }): Person {
  const ask = (document: string, variables: object = {}) => query(url, document, variables, signedIn.accessToken);
  return {
    ...signedIn.user,
    accessToken: signedIn.accessToken,
    query: ask,
    async ok(document, variables) {
      const answer = await ask(document, variables);
      expect(answer.errors).toBeUndefined();
      return answer.data;
    },
  };
}

export async function register(url: string, handle: string, name: string): Promise<Person> {
  const { data, errors } = await query(
    url,
    'mutation ($input: RegisterInput!) { register(input: $input) { accessToken user { id handle } } }',
    { input: { handle, name, email: `${handle}@example.org`, password: `password of ${handle}`, timeZone: 'Europe/Vienna' } },
  );
  expect(errors).toBeUndefined();
  return person(url, data.register);
}

export interface Subscription {
  received: Answer[];
  close(): Promise<void>;
}

/** Subscribes over a real web socket with the token in connection_init, and resolves once the server has acknowledged the connection. */
export async function subscribe(url: string, accessToken: string, document: string, variables: Record<string, unknown>): Promise<Subscription> {
  const received: Answer[] = [];
  const client: Client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: `Bearer ${accessToken}` },
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => undefined,
  });
  await new Promise<void>((resolve, reject) => {
    client.on('connected', () => resolve());
    client.on('error', reject);
    client.on('closed', reject);
  });
  const stop = client.subscribe(
    { query: document, variables },
    { next: (result) => void received.push(result as Answer), error: (error) => void received.push({ data: null, errors: error as never }), complete: () => undefined },
  );
  return {
    received,
    async close() {
      stop();
      await client.dispose();
    },
  };
}
