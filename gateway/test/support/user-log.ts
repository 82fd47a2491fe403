// The user subgraph's end of what the gateway asks it for besides GraphQL: keys, the log of what has ended, and API tokens.
import { hashApiToken, type ApiTokenOwner } from '@taskgraph/shared/contracts/api-token';
import type { ServerResponse } from 'node:http';
import type { Route } from './subgraph.js';

export interface UserLog {
  route: Route;
  /** Adds an event and answers whoever waits. */
  append: (type: string, payload: object) => void;
  /** By secret. */
  apiTokens: Map<string, ApiTokenOwner>;
  /** Addresses asked for, the log's too. */
  asked: string[];
}

/** How long an answer without news waits, in milliseconds; the real one waits a second. */
const waitMs = 200;

export function createUserLog(jwks: () => Promise<unknown>): UserLog {
  const events: { type: string; payload: object }[] = [];
  const waiting = new Set<() => void>();
  const apiTokens = new Map<string, ApiTokenOwner>();
  const asked: string[] = [];
  const json = (response: ServerResponse, body: unknown, status = 200) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

  function answerLog(response: ServerResponse, place: string): void {
    const after = Number(place);
    const news = () => json(response, { events: events.slice(after), next: String(events.length), more: false, asOf: new Date().toISOString() });
    if (events.length > after || place === '') return void news();
    const answer = () => {
      clearTimeout(timer);
      waiting.delete(answer);
      news();
    };
    const timer = setTimeout(answer, waitMs);
    waiting.add(answer);
  }

  return {
    apiTokens,
    asked,
    append(type, payload) {
      events.push({ type, payload });
      for (const answer of waiting) answer();
    },
    route(request, response) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://user');
      if (pathname.startsWith('/internal/')) asked.push(request.url ?? '');
      if (pathname === '/internal/jwks') void jwks().then((body) => json(response, body));
      else if (pathname === '/internal/events') answerLog(response, searchParams.get('after') ?? '');
      else if (pathname.startsWith('/internal/api-tokens/')) {
        const secret = [...apiTokens.keys()].find((key) => hashApiToken(key) === pathname.split('/').at(-1));
        json(response, secret ? apiTokens.get(secret) : {}, secret ? 200 : 404);
      } else return false;
      return true;
    },
  };
}
