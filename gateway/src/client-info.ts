import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { clientAgentHeader, clientCookiesHeader, clientIpHeader, readRefreshCookie, refreshCookieName } from '@taskgraph/shared/client-headers';
import type { ClientInfo } from './context.js';

/** Longest user agent that is kept, in characters. */
const agentLimit = 256;

/** What a header may carry of what a client calls itself. */
const agentOf = (text: string | undefined) => text?.replace(/[^\x20-\x7e]/g, '?').trim().slice(0, agentLimit) || null;

/**
 * Address of the client: of the connection, or behind `trustedProxies` proxies what the first of them added to
 * `x-forwarded-for`. What stands before that was written by the client and is not believed.
 */
function addressOf({ socket, headers }: IncomingMessage, trustedProxies: number): string | null {
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',').map((text) => text.trim());
  const address = trustedProxies > 0 ? forwarded.at(-trustedProxies) : undefined;
  return (address && isIP(address) ? address : socket.remoteAddress) ?? null;
}

export function clientInfo(request: IncomingMessage, trustedProxies: number): ClientInfo {
  return { ip: addressOf(request, trustedProxies), userAgent: agentOf(request.headers['user-agent']) };
}

/** The same over HTTP, with our cookie; not for pages of origins that may not call, whatever their browser sent along. */
export function httpClientInfo(request: IncomingMessage, trustedProxies: number, origins: Set<string>): ClientInfo {
  const { origin, cookie } = request.headers;
  const info = clientInfo(request, trustedProxies);
  if (origin !== undefined && !origins.has(origin)) return info;
  return { ...info, cookies: { refresh: readRefreshCookie(cookie), set: [] } };
}

/** What the user subgraph is told, in headers that only the gateway makes. The cookie goes along with mutations. */
export function clientHeaders({ ip, userAgent, cookies }: ClientInfo, isMutation: boolean): Record<string, string> {
  return {
    ...(ip ? { [clientIpHeader]: ip } : {}),
    ...(userAgent ? { [clientAgentHeader]: userAgent } : {}),
    ...(cookies && isMutation ? { [clientCookiesHeader]: '1' } : {}),
    ...(cookies?.refresh && isMutation ? { cookie: `${refreshCookieName}=${cookies.refresh}` } : {}),
  };
}

/** Takes our cookie out of an answer of the user subgraph, and no other. */
export const takeCookies = ({ cookies }: ClientInfo, setCookies: readonly string[]): void =>
  void cookies?.set.push(...setCookies.filter((cookie) => cookie.startsWith(`${refreshCookieName}=`)));
