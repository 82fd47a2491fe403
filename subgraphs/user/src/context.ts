// What one request carries.
import DataLoader from 'dataloader';
import { clientAgentHeader, clientCookiesHeader, clientIpHeader, readRefreshCookie } from '@taskgraph/shared/client-headers';
import type { OnceContext } from '@taskgraph/shared/once';
import type { BaseContext } from '@taskgraph/shared/subgraph-server';
import type { PageLimits } from '@taskgraph/shared/pagination';
import type { CursorCodec } from '@taskgraph/shared/cursor';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import type { UserRow } from './entities/user.js';
import type { CookieSettings } from './refresh-cookie.js';
import { hashDeadline } from './passwords.js';
import { findUsersByIds } from './repositories/user-repository.js';
import type { TokenSettings } from './tokens.js';

export interface Services {
  database: DataSource;
  secretKey: string;
  tokens: TokenSettings;
  cookie: CookieSettings;
  bootstrapToken: string | null;
  production: boolean;
  pageLimits: PageLimits;
  cursors: CursorCodec;
  /** Tells waiting readers of the event log that something was committed. */
  committed: () => void;
}

/** The program at the other end, as the gateway saw it. */
export interface Client {
  ip: string | null;
  userAgent: string | null;
  /** The refresh token that came in our cookie. */
  refreshCookie: string | null;
  /** Adds a `set-cookie` to the answer; null where the answer cannot carry one. */
  setCookie: ((cookie: string) => void) | null;
}

export interface Context extends OnceContext, Services {
  client: Client;
  /** Until when this request may begin to hash a password. */
  hashUntil: number;
  /** Batches every look-up by id of one request into one statement. */
  users: DataLoader<string, UserRow | null>;
}

export const createContext =
  (services: Services) =>
  (base: BaseContext, request: FastifyRequest, reply: FastifyReply): Context => ({
    ...base,
    ...services,
    idempotency: null,
    client: clientOf(request, reply),
    hashUntil: hashDeadline(),
    users: new DataLoader((ids) => findUsersByIds(services.database.manager, ids)),
  });

function clientOf(request: FastifyRequest, reply: FastifyReply): Client {
  const header = (name: string) => {
    const value = request.headers[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const cookies = header(clientCookiesHeader) !== null;
  return {
    ip: header(clientIpHeader),
    userAgent: header(clientAgentHeader),
    refreshCookie: cookies ? readRefreshCookie(request.headers.cookie) : null,
    setCookie: cookies ? (cookie) => void reply.header('set-cookie', cookie) : null,
  };
}
