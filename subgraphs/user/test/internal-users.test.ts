import { newId } from '@taskgraph/shared/ids';
import { someViewer } from '@taskgraph/shared/testing/identity';
import type { ServiceName } from '@taskgraph/shared/config';
import type { Viewer } from '@taskgraph/shared/identity';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUser, type Harness } from './harness.js';

let user: Harness;
beforeAll(async () => void (user = await startUser()));
afterAll(() => user.stop());

const ask = async (query: string, caller: ServiceName = 'project', viewer?: Viewer) => {
  const token = await user.identities.signer(caller).tokenFor('user', viewer);
  return fetch(`${user.url}/internal/users${query}`, { headers: { authorization: `Bearer ${token}` } });
};

async function register(handle: string): Promise<string> {
  const input = { handle, email: `${handle}@example.org`, password: 'correct horse' };
  const answer = await user.query('mutation ($input: RegisterInput!) { register(input: $input) { user { id } } }', { input });
  return answer.data.register.user.id as string;
}

test('it tells which of the people asked about exist, whether they are active and their address, and nothing else', async () => {
  const [ada, bob] = [await register('ada'), await register('bob')];
  const admin = new pg.Client(user.database.admin);
  await admin.connect();
  await admin.query('update "user".users set active = false where id = $1', [bob]);
  await admin.end();
  const answer = await ask(`?ids=${bob},${newId()},${ada.toUpperCase()},${ada}`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual([
    { id: bob, active: false, email: 'bob@example.org', emailVerified: false },
    { id: ada, active: true, email: 'ada@example.org', emailVerified: false },
  ]);
});

test('it tells whose handles these are, in any case, without addresses', async () => {
  const cyd = await register('cyd_1');
  const answer = await ask('?handles=nobody-here,CYD_1,cyd_1');
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual([{ id: cyd, handle: 'cyd_1', active: true }]);
});

test('it tells whose addresses these are, in any case, and what people are called', async () => {
  const dan = await register('dan');
  expect(await (await ask(`?emails=${encodeURIComponent('Dan@example.org')},nobody@example.org`)).json()).toEqual([{ id: dan, email: 'dan@example.org', active: true }]);
  expect(await (await ask(`?handlesOf=${dan},${newId()}`)).json()).toEqual([{ id: dan, handle: 'dan' }]);
});

test('a question that is none, or too long, is 400', async () => {
  const tooMany = Array.from({ length: 101 }, newId).join(',');
  for (const query of ['', '?ids=', '?ids=nobody', `?ids=${newId()},`, `?ids=${newId()}&ids=${newId()}`, '?handles=', '?handles=a,b', '?handles=with space', '?handles=abc&handles=def', `?ids=${tooMany}`]) {
    expect((await ask(query)).status).toBe(400);
  }
});

test('without the internal identity of this subgraph it is 401, and for viewers and the gateway 403', async () => {
  const query = `?ids=${newId()}`;
  expect((await fetch(`${user.url}/internal/users${query}`)).status).toBe(401);
  expect((await ask(query, 'project', someViewer())).status).toBe(401);
  expect((await ask(query, 'gateway', someViewer())).status).toBe(403);
  expect((await ask(query, 'gateway')).status).toBe(403);
});
