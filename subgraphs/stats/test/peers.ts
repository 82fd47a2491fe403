// Owners of logs and memberships as this subgraph meets them: real HTTP servers that speak the internal protocol and check the
// identity. What they hold is appended by the test.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MembershipAnswer } from '@taskgraph/shared/contracts/membership';
import { comparePlaces, placeFromText } from '@taskgraph/shared/event-log';
import { createIdentityVerifier } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import type { TestIdentities } from '@taskgraph/shared/testing/identity';

export interface PeerEvent {
  type: string;
  aggregateId: string;
  seq: number;
  payload: object;
  /** Who did it. */
  actorId?: string | null;
}

export interface TestPeer {
  url: string;
  /** Appends to the log; one call is one transaction. */
  append(...events: PeerEvent[]): void;
  /** The place behind everything appended. */
  head(): string;
  epoch(): number;
  /** How many events it holds. */
  size(): number;
  /** Answers of /internal/memberships, by `<place> <user>`; whoever is not here is no member. */
  members: Map<string, Pick<MembershipAnswer, 'role' | 'version'>>;
  /** How often a membership was asked for. */
  asked: number;
  /** What a restore from a backup leaves: the first `count` events, under the next epoch. */
  restore(count: number): void;
  /** While true every request is answered 503. */
  away: boolean;
  stop(): Promise<void>;
}

const place = (text: string) => placeFromText(text) ?? { epoch: 0, xid: '0', ordinal: 0 };

export async function startPeer(identities: TestIdentities, name: string): Promise<TestPeer> {
  const verify = createIdentityVerifier({ service: name, publicKeys: identities.publicKeys });
  const log: { place: string; type: string }[] = [];
  const waiting = new Set<() => void>();
  let transactions = 0;
  let epoch = 1;

  function feed(url: URL) {
    const from = url.searchParams.get('after') ?? '';
    const after = log.filter((event) => comparePlaces(place(event.place), place(from)) <= 0).length;
    const types = url.searchParams.get('types')?.split(',') ?? [];
    const limit = Number(url.searchParams.get('limit'));
    const rest = log.slice(after);
    const page = rest.slice(0, limit);
    return { events: page.filter((event) => types.includes(event.type)), next: page.at(-1)?.place ?? url.searchParams.get('after'), more: page.length < rest.length, asOf: new Date(), epoch };
  }

  async function answer(request: IncomingMessage): Promise<[status: number, body: object]> {
    const identity = await verify(request.headers.authorization);
    if (identity?.caller !== 'stats' || identity.viewer) return [401, {}];
    if (peer.away) return [503, {}];
    const url = new URL(request.url ?? '/', peer.url);
    if (url.pathname === '/internal/memberships') {
      peer.asked += 1;
      const [place, user] = [url.searchParams.get('place'), url.searchParams.get('user')];
      return [200, { id: place, key: null, writable: true, ...(peer.members.get(`${place} ${user}`) ?? { role: null, version: 0 }) }];
    }
    if (url.pathname !== '/internal/events') return [404, {}];
    if (feed(url).next === url.searchParams.get('after')) await moved(Math.min(200, Number(url.searchParams.get('wait'))));
    if (peer.away) return [503, {}];
    return [200, feed(url)];
  }

  /** Resolves when something is appended, at the latest after `ms`. */
  const moved = (ms: number) =>
    new Promise<void>((resolve) => {
      const settle = () => (clearTimeout(timer), waiting.delete(settle), resolve());
      const timer = setTimeout(settle, ms);
      waiting.add(settle);
    });

  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const peer: TestPeer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    append(...events) {
      transactions += 1;
      events.forEach(({ type, aggregateId, seq, payload, actorId = null }, ordinal) =>
        log.push({
          place: `${epoch}.${transactions}.${ordinal}`, type,
          ...{ id: newId(), aggregateId, seq, version: seq, payload, actorId, traceId: null, scopeId: null, at: new Date() },
        }),
      );
      for (const settle of [...waiting]) settle();
    },
    restore(count) {
      log.splice(count);
      epoch += 1;
      transactions = 0;
    },
    epoch: () => epoch,
    size: () => log.length,
    head: () => log.at(-1)?.place ?? '',
    members: new Map(),
    asked: 0,
    away: false,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return peer;
}
