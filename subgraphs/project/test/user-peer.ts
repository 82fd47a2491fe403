// Speaks the user subgraph's GET /internal/users over real HTTP, behind the same identity check.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdentityVerifier } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import type { TestIdentities } from '@taskgraph/shared/testing/identity';

export interface UserPeer {
  url: string;
  /** Makes a person it knows, with the address `emailOf` tells. */
  someone: (active?: boolean) => string;
  emailOf: (id: string) => string;
  /** Ids it was asked about, in order. */
  asked: string[];
  stop: () => Promise<void>;
}

const emailOf = (id: string) => `Person-${id}@Example.org`;

export async function startUserPeer(identities: TestIdentities): Promise<UserPeer> {
  const verify = createIdentityVerifier({ service: 'user', publicKeys: identities.publicKeys });
  const people = new Map<string, boolean>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void verify(request.headers.authorization).then((identity) => {
      const url = new URL(request.url ?? '/', 'http://peer');
      const allowed = identity?.caller === 'project' && identity.viewer === null && url.pathname === '/internal/users';
      const ids = (url.searchParams.get('ids') ?? '').split(',');
      asked.push(...ids);
      const answer = ids.flatMap((id) => (people.has(id) ? [{ id, active: people.get(id), email: emailOf(id), emailVerified: false }] : []));
      response.writeHead(allowed ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(allowed ? answer : {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    someone(active = true) {
      const id = newId();
      people.set(id, active);
      return id;
    },
    emailOf,
    asked,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
