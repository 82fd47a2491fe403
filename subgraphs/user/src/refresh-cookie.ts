// The cookie that holds the refresh token of a session in COOKIE mode. Scripts cannot read it, other sites cannot send it
// (SameSite=Strict), and the gateway refuses requests that a page can make without asking first (csrfPrevention).
import { refreshCookieName } from '@taskgraph/shared/client-headers';
import { badInput } from '@taskgraph/shared/errors';
import type { Client } from './context.js';
import type { SessionRow } from './entities/session.js';

export interface CookieSettings {
  secure: boolean;
  /** Address of the API as browsers see it: the cookie goes nowhere else. */
  path: string;
}

/** Only development on this very machine, without TLS, goes without Secure. */
export function cookieSettings(publicUrl: string, production: boolean): CookieSettings {
  const { protocol, hostname, pathname } = new URL(publicUrl);
  const local = protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return { secure: production || !local, path: `${pathname.replace(/\/+$/, '')}/graphql` };
}

const cookie = ({ secure, path }: CookieSettings, value: string, seconds: number) =>
  `${refreshCookieName}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;

/** Refuses COOKIE mode before anything is written where the answer cannot carry a cookie. */
export function checkMode(client: Client, mode: SessionRow['mode']): void {
  if (mode === 'COOKIE' && !client.setCookie) throw badInput('input.session', 'can be COOKIE over HTTP only, from a page that may call');
}

/** Puts the token where the session keeps it; answers what the body shows. */
export function handOver(client: Client, settings: CookieSettings, session: Pick<SessionRow, 'mode' | 'expiresAt'>, token: string): string | null {
  if (session.mode === 'TOKEN') return token;
  client.setCookie?.(cookie(settings, token, Math.max(0, Math.round((session.expiresAt.getTime() - Date.now()) / 1000))));
  return null;
}

/** Takes the browser's cookie away, if it sent one. */
export function dropCookie(client: Client, settings: CookieSettings): void {
  if (client.refreshCookie !== null) client.setCookie?.(cookie(settings, '', 0));
}
