// Posts to an address that somebody else has chosen. Every address of its host is checked at each post, and the connection goes to
// an address that was checked: what a name pointed to when the webhook was made, or a moment ago, does not count.
import { lookup as resolveName } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { inSpan, SpanKind } from '@taskgraph/shared/tracing/spans';
import { Agent } from 'undici';
import { isPublicAddress } from './public-address.js';
import { isMailPort } from './webhook-url.js';

export interface Address {
  address: string;
  family: number;
}

export interface PostOptions {
  /** Hosts whose addresses are not checked (WEBHOOK_ALLOWED_HOSTS), in lower case. */
  allowedHosts: ReadonlySet<string>;
  /** All addresses of a name. @default asks the system */
  resolve?: (host: string) => Promise<Address[]>;
  /** Whether a connection may go there. @default isPublicAddress */
  mayConnect?: (address: string) => boolean;
  /** For a whole post, in milliseconds. @default 15000 */
  timeoutMs?: number;
}

/** What came of a post. `error` says why there was no answer, in our own words. */
export type PostOutcome = { status: number; retryAfterMs: number | null } | { error: string };

export type Post = (url: string, headers: Record<string, string>, body: string) => Promise<PostOutcome>;

const connectMs = 5_000;
/** How much of an answer is read, in bytes, and for how long, in milliseconds; then the connection is cut. The status alone counts. */
const answerBytes = 64 * 1_024;
const answerMs = 1_000;
const refused = 'the address is not on the public internet';

class RefusedAddress extends Error {}

export function createPost({ allowedHosts, timeoutMs = 15_000, mayConnect = isPublicAddress, resolve = (host) => resolveName(host, { all: true }) }: PostOptions): Post {
  const checkedAddresses = callbackify(async (host: string): Promise<[Address, ...Address[]]> => {
    const [first, ...others] = await resolve(host);
    if (!first || [first, ...others].some(({ address }) => !mayConnect(address))) throw new RefusedAddress(refused);
    return [first, ...others];
  });
  const lookup: LookupFunction = (host, options, callback) =>
    checkedAddresses(host, (error, addresses) => {
      if (error) callback(error, []);
      else if (options.all) callback(null, addresses);
      else callback(null, addresses[0].address, addresses[0].family);
    });

  const post: Post = async (url, headers, body) => {
    const target = new URL(url);
    const host = target.hostname.toLowerCase().replace(/^\[|\]$/g, '');
    const open = allowedHosts.has(host);
    if (isMailPort(target)) return { error: 'the port is one of mail' };
    // Nobody looks up what is an address already. URL has turned decimal, octal and hexadecimal forms into the usual one.
    if (!open && isIP(host) !== 0 && !mayConnect(host)) return { error: refused };
    // A new agent for each post: a connection that is kept would be one to an address checked some time ago.
    const agent = new Agent({ connect: { timeout: Math.min(connectMs, timeoutMs), ...(open ? {} : { lookup }) }, headersTimeout: timeoutMs, bodyTimeout: answerMs, maxHeaderSize: 16 * 1_024 });
    try {
      // undici's request follows no redirect.
      const { statusCode, headers: answered, body: answer } = await agent.request({
        origin: target.origin, path: `${target.pathname}${target.search}`, method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs),
      });
      await readSome(answer).catch(() => undefined);
      return { status: statusCode, retryAfterMs: readRetryAfter(answered['retry-after']) };
    } catch (error) {
      return { error: describe(error) };
    } finally {
      await agent.destroy().catch(() => undefined);
    }
  };
  // The receiver is told nothing of the trace, and the trace nothing of the receiver.
  return (url, headers, body) => inSpan('post webhook', { kind: SpanKind.CLIENT }, () => post(url, headers, body));
}

/** So that a receiver that answers shortly can end its answer. */
async function readSome(answer: AsyncIterable<Uint8Array> & { destroy(): unknown }): Promise<void> {
  const late = setTimeout(() => answer.destroy(), answerMs);
  try {
    let read = 0;
    for await (const part of answer) if ((read += part.length) > answerBytes) break;
  } finally {
    clearTimeout(late);
  }
}

/** Seconds or a date (RFC 9110), in milliseconds from now; null for anything else. */
export function readRetryAfter(header: string | string[] | undefined, now = Date.now()): number | null {
  const text = Array.isArray(header) ? header[0] : header;
  if (!text) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/** Codes only: texts of errors hold addresses. */
function describe(error: unknown): string {
  for (const one of [error, (error as { cause?: unknown }).cause, ...((error as { errors?: unknown[] }).errors ?? [])]) if (one instanceof RefusedAddress) return refused;
  const { code, name } = error as { code?: string; name?: string };
  if (name === 'TimeoutError' || name === 'AbortError' || code?.endsWith('_TIMEOUT')) return 'no answer in time';
  return code ? `no answer: ${code}` : 'no answer';
}
