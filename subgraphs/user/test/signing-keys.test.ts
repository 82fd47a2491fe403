// Signing keys rotate without signing anybody out: published before they sign, kept until the last of their tokens is dead.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onDatabase, startUser, type Harness } from './harness.js';
import { refresh, register } from './people.js';

let user: Harness;
beforeAll(async () => void (user = await startUser({ SIGNING_KEY_CHECK_SECONDS: '0.1', SIGNING_KEY_ROTATE_DAYS: '30' })));
afterAll(() => user.stop());

const jwks = async () => {
  const token = await user.identities.signer('gateway').tokenFor('user');
  return (await (await fetch(`${user.url}/internal/jwks`, { headers: { authorization: `Bearer ${token}` } })).json()) as JSONWebKeySet;
};
const kids = async () => (await jwks()).keys.map((key) => key.kid);
const kidOf = (token: string) => decodeProtectedHeader(token).kid;
const admin = (sql: string) => onDatabase(user.database.admin, sql);
const verifies = async (token: string) => jwtVerify(token, createLocalJWKSet(await jwks()), { issuer: 'taskgraph', audience: 'taskgraph', typ: 'at+jwt' });

test('an old key gets one successor, which is published first, signs later, and the old one goes last', async () => {
  const ann = await register(user, 'ann');
  let refreshToken = ann.refreshToken;
  const sign = async () => {
    const answer = (await refresh(user, refreshToken)).data.refreshSession;
    refreshToken = answer.refreshToken;
    return answer.accessToken as string;
  };
  const oldKid = kidOf(ann.accessToken);
  expect(await kids()).toEqual([oldKid]);

  // The clock is the database's column here: 31 days pass.
  await admin(`update signing_keys set activates_at = activates_at - interval '31 days'`);
  await eventually(async () => (await kids()).length === 2);
  const newKid = (await kids())[0];
  expect(kidOf(await sign())).toBe(oldKid);
  await verifies(ann.accessToken);

  // Five minutes pass: the new key signs, and tokens of the old one are as good as before.
  await admin(`update signing_keys set activates_at = now() where kid = '${newKid}'`);
  await eventually(async () => kidOf(await sign()) === newKid);
  await verifies(ann.accessToken);
  await verifies(await sign());
  expect(await kids()).toEqual([newKid, oldKid]);

  // A quarter of an hour and the slack pass: no token of the old key lives.
  await admin(`update signing_keys set activates_at = activates_at - interval '26 minutes' where kid = '${newKid}'`);
  await eventually(async () => expect(await kids()).toEqual([newKid]));
  await expect(verifies(ann.accessToken)).rejects.toThrow();
  expect(JSON.stringify(await jwks())).not.toContain('"d"');
});

test('replicas that find the key too old at the same time make one successor', async () => {
  await admin(`update signing_keys set activates_at = activates_at - interval '31 days'`);
  const { loadConfig } = await import('../src/config.js');
  const { startServer } = await import('../src/server.js');
  const { createLogger } = await import('@taskgraph/shared/logger');
  const others = await Promise.all([1, 2].map(() => startServer(loadConfig(user.settings), createLogger({ service: 'user', level: 'error' }))));
  await eventually(async () => (await kids()).length === 2);
  expect(await admin('select 1 from signing_keys')).toHaveLength(2);
  await Promise.all(others.map((other) => other.stop()));
});
