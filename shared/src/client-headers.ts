// What the gateway tells the user subgraph about the program at the other end; of it channel and project, which look up codes,
// hear the address, and the others nothing. It makes these headers itself: what a client sends under the same names goes nowhere.

/** Address of the client as the gateway saw it. */
export const clientIpHeader = 'x-client-ip';
/** What the client calls itself, cut to what a header may carry. */
export const clientAgentHeader = 'x-client-user-agent';
/** Present where the answer can carry a cookie: over HTTP, for pages that may call. */
export const clientCookiesHeader = 'x-client-cookies';
/** The one cookie there is: the refresh token of a session in COOKIE mode. No other passes in either direction. */
export const refreshCookieName = 'taskgraph_refresh';

/** The value of our cookie in a `cookie` header, or null. */
export function readRefreshCookie(header: string | undefined): string | null {
  const pair = header?.split(';').map((part) => part.trim()).find((part) => part.startsWith(`${refreshCookieName}=`));
  const value = pair?.slice(refreshCookieName.length + 1) ?? '';
  return /^[\w-]{1,128}$/.test(value) ? value : null;
}
