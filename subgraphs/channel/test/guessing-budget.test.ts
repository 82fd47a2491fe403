// RULES §8: the look-ups of channels here and those of invites in the project subgraph share one budget.
import { clientNetwork } from '@taskgraph/shared/client-network';
import type { ServiceName } from '@taskgraph/shared/config';
import type { Viewer } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChannel, type Harness } from './harness.js';

let channel: Harness;
beforeAll(async () => void (channel = await startChannel()));
afterAll(() => channel.stop());

async function post(path: string, body: unknown, caller: ServiceName = 'project', viewer?: Viewer): Promise<Response> {
  const token = await channel.identities.signer(caller).tokenFor('channel', viewer);
  return fetch(`${channel.url}/internal/code-lookups${path}`, {
    method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body),
  });
}
const ofInvite = async (user: string, address: string | null = null): Promise<number | null> => ((await (await post('', { user, address })).json()) as { retryAfter: number | null }).retryAfter;
const ofChannels = (viewer: Viewer, count: number, address?: string) =>
  channel.query(`{ ${Array.from({ length: count }, (_, index) => `a${index}: channel(code: "ZZZZZZ${10 + index}") { id }`).join(' ')} }`, {}, viewer, address ? { 'x-client-ip': address } : {});

test('RULES §8: of 20 channels in one document and 20 invites at the same time, 30 are looked up and 10 are RATE_LIMITED', async () => {
  const guesser = someViewer();
  const [channels, ...invites] = await Promise.all([ofChannels(guesser, 20), ...Array.from({ length: 20 }, () => ofInvite(guesser.id))]);
  const refusedInvites = invites.filter((retryAfter) => retryAfter !== null);
  expect((channels.errors ?? []).length + refusedInvites.length).toBe(10);
  for (const error of channels.errors ?? []) expect(error.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) as number });
  for (const retryAfter of [...refusedInvites, await ofInvite(guesser.id)]) expect(retryAfter).toBeGreaterThanOrEqual(1);
  expect(await ofInvite(someViewer().id)).toBeNull();
});

test('RULES §8: an address has one budget for both too, and a person beyond their own uses up nothing of it', async () => {
  const address = '198.51.100.4';
  const guesser = someViewer();
  for (let round = 0; round < 40; round += 1) await ofInvite(guesser.id, address);
  for (let person = 0; person < 9; person += 1) expect((await ofChannels(someViewer(), 30, address)).errors).toBeUndefined();
  expect(await ofInvite(someViewer().id, address)).toBeGreaterThanOrEqual(1);
  expect((await ofChannels(someViewer(), 1, address)).errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
  expect(await ofInvite(someViewer().id, '198.51.100.5')).toBeNull();
});

test.each([
  ['2001:db8:1:2::7', '2001:DB8:1:2:ffff:0:0:1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:0db8:0:0:1:2:3:4%eth0', '2001:db8:0:0::/64'],
  ['::ffff:198.51.100.9', '198.51.100.9', '198.51.100.9'],
  ['::ffff:c633:6409', '198.51.100.9', '198.51.100.9'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4::', '1:2:3:4::/64'],
  ['::1', '::2', '0:0:0:0::/64'],
])('RULES §8: %s and %s are counted as one address, %s', (one, other, network) => expect([clientNetwork(one), clientNetwork(other)]).toEqual([network, network]));

test('what is no address is counted as it is written', () => expect(clientNetwork('unix:/socket')).toBe('unix:/socket'));

test('RULES §8: whoever has a /64 of IPv6 has one budget with all its addresses', async () => {
  // Each address is another one of the network; ten people, because each has a budget of their own.
  const people = Array.from({ length: 10 }, () => someViewer());
  const answers = await Promise.all(people.flatMap(({ id }, person) => Array.from({ length: 30 }, (_none, index) => ofInvite(id, `2001:db8:77:1::${person}:${index}`))));
  expect(answers.filter((retryAfter) => retryAfter !== null)).toEqual([]);
  expect(await ofInvite(someViewer().id, '2001:db8:77:1:ffff::1')).toBeGreaterThanOrEqual(1);
  expect(await ofInvite(someViewer().id, '2001:db8:77:2::1')).toBeNull();
});

test('what found something is given back, once for each time it is said', async () => {
  const user = newId();
  for (let hits = 0; hits < 40; hits += 1) {
    expect(await ofInvite(user)).toBeNull();
    expect((await post('/found', { user, address: null })).status).toBe(200);
  }
});

test('only the project subgraph counts here, on its own account', async () => {
  const body = { user: newId(), address: null };
  for (const path of ['', '/found']) {
    expect((await post(path, body, 'task')).status).toBe(403);
    expect((await post(path, body, 'gateway', someViewer())).status).toBe(403);
    expect((await post(path, { user: 'nobody', address: null })).status).toBe(400);
    expect((await fetch(`${channel.url}/internal/code-lookups${path}`, { method: 'POST' })).status).toBe(401);
  }
});
