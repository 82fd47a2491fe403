// People with real accounts and sessions, and what the gateway would say of them.
import type { Viewer } from '@taskgraph/shared/identity';
import type { GraphQLAnswer } from '@taskgraph/shared/testing/identity';
import { decodeJwt } from 'jose';
import { expect } from 'vitest';
import type { Harness } from './harness.js';

export const passwordOf = (handle: string) => `password of ${handle}`;

export interface SignedIn {
  accessToken: string;
  refreshToken: string | null;
}

export interface Person extends Viewer, SignedIn {
  handle: string;
  email: string;
  /** Runs a document as this person. */
  ask: (document: string, variables?: object, headers?: Record<string, string>) => Promise<GraphQLAnswer>;
  /** The same, and it must succeed. */
  ok: (document: string, variables?: object, headers?: Record<string, string>) => Promise<GraphQLAnswer['data']>;
}

export const code = (answer: GraphQLAnswer) => answer.errors?.[0]?.extensions.code;

export function person(user: Harness, handle: string, id: string, tokens: SignedIn, scopes?: Viewer['scopes']): Person {
  const { sid, role } = decodeJwt<{ sid: string; role: Viewer['role'] }>(tokens.accessToken);
  const viewer: Viewer = { id, role, sessionId: sid, ...(scopes ? { scopes } : {}) };
  const ask: Person['ask'] = (document, variables = {}, headers = {}) => user.query(document, variables, viewer, headers);
  return {
    ...viewer, ...tokens, handle, email: `${handle}@example.org`, ask,
    async ok(document, variables, headers) {
      const answer = await ask(document, variables, headers);
      expect(answer.errors).toBeUndefined();
      return answer.data;
    },
  };
}

export async function register(user: Harness, handle: string): Promise<Person> {
  const input = { handle, email: `${handle}@example.org`, password: passwordOf(handle) };
  const answer = await user.query('mutation ($input: RegisterInput!) { register(input: $input) { accessToken refreshToken user { id } } }', { input });
  expect(answer.errors).toBeUndefined();
  return person(user, handle, answer.data.register.user.id, answer.data.register);
}

export const tryLogin = (user: Harness, login: string, password: string, headers: Record<string, string> = {}) =>
  user.query('mutation ($login: String!, $password: String!) { login(input: { login: $login, password: $password }) { accessToken refreshToken user { id handle } } }', { login, password }, null, headers);

/** Another session of somebody registered here. */
export async function signIn(user: Harness, handle: string, password = passwordOf(handle), headers: Record<string, string> = {}): Promise<Person> {
  const answer = await tryLogin(user, handle, password, headers);
  expect(answer.errors).toBeUndefined();
  return person(user, handle, answer.data.login.user.id, answer.data.login);
}

export const refresh = (user: Harness, refreshToken: string | null, headers: Record<string, string> = {}) =>
  user.query('mutation ($t: String) { refreshSession(input: { refreshToken: $t }) { accessToken refreshToken user { handle role } } }', { t: refreshToken }, null, headers);

export interface Told {
  type: string;
  aggregateId: string;
  seq: number;
  version: number;
  payload: Record<string, unknown>;
}

/** Events of these types about one account, as the gateway or another subgraph reads them. */
export async function eventsOf(user: Harness, userId: string, types: string, caller: 'gateway' | 'channel' = 'channel'): Promise<Told[]> {
  const token = await user.identities.signer(caller).tokenFor('user');
  const answer = await fetch(`${user.url}/internal/events?limit=1000&types=${types}`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  const { events } = (await answer.json()) as { events: Told[] };
  return events.filter((event) => event.aggregateId === userId);
}
