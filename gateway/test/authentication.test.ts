import { createSecretKey } from 'node:crypto';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { UnsecuredJWT, type CryptoKey } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthenticate } from '../src/authentication.js';
import { createKeySet } from '../src/key-set.js';
import { createVerifiedTokens } from '../src/verified-tokens.js';
import { ask, logger, startGraph, type TestGraph } from './support/graph.js';
import { accessToken, jwkOf, newKey, viewerId, type TokenParts } from './support/keys.js';

const key = newKey();
const stranger = newKey();
const nothingEnded = { judge: <V>(viewer: V) => viewer, caughtUp: async () => undefined };
const seconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;

async function authenticator(jwks: () => Promise<unknown> = async () => ({ keys: [await jwkOf(key, 'k1')] })) {
  let fetches = 0;
  const keys = createKeySet({ logger, fetchJwks: () => ((fetches += 1), jwks()) });
  return { authenticate: createAuthenticate({ keys, findApiToken: async () => null, revocations: nothingEnded }), keys, fetches: () => fetches };
}

describe('an access token', () => {
  const refused: [string, TokenParts][] = [
    ['of another key under a known id', { key: stranger.privateKey }],
    ['with an unknown key id', { header: { kid: 'k2' } }],
    ['without a key id', { header: { kid: undefined } }],
    ['for another audience', { claims: { aud: 'user' } }],
    ['without an audience', { claims: { aud: undefined } }],
    ['of another issuer', { claims: { iss: 'gateway' } }],
    ['of another type', { header: { typ: 'internal+jwt' } }],
    ['without a type', { header: { typ: undefined } }],
    ['that has ended', { claims: { exp: seconds(-61) } }],
    ['without an end', { claims: { exp: undefined } }],
    ['that is not valid yet', { claims: { nbf: seconds(120) } }],
    ['without a session', { claims: { sid: undefined } }],
    ['with a role that does not exist', { claims: { role: 'ROOT' } }],
    ['of somebody who is no UUID', { claims: { sub: 'ada' } }],
    ['that carries its own key', { header: { kid: undefined, jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } }, key: stranger.privateKey }],
  ];
  test.each(refused)('%s is refused', async (_title, parts) => {
    const { authenticate, keys } = await authenticator();
    await expect(authenticate(`Bearer ${await accessToken(key, parts)}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await keys.stop();
  });

  test('without a signature, or signed with the public key as a secret, is refused', async () => {
    const { authenticate, keys } = await authenticator();
    const claims = { sub: viewerId, role: 'ADMIN', sid: 's', iss: 'taskgraph', aud: 'taskgraph', exp: seconds(60) };
    const unsigned = new UnsecuredJWT(claims).encode();
    const secret = createSecretKey(key.publicKey.export({ format: 'der', type: 'spki' }));
    const confused = await accessToken(key, { header: { alg: 'HS256' }, key: secret });
    for (const token of [unsigned, `${unsigned}x`, confused, 'a.b.c', 'nonsense']) {
      await expect(authenticate(`Bearer ${token}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    await keys.stop();
  });

  test('with a cut or changed signature is refused', async () => {
    const { authenticate, keys } = await authenticator();
    const token = await accessToken(key);
    const [header, , signature] = token.split('.') as [string, string, string];
    const admin = Buffer.from(JSON.stringify({ sub: viewerId, role: 'ADMIN', sid: 's', iss: 'taskgraph', aud: 'taskgraph', exp: seconds(60) })).toString('base64url');
    for (const changed of [`${header}.${admin}.${signature}`, token.slice(0, -4), `${header}.${admin}.`]) {
      await expect(authenticate(`Bearer ${changed}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    await keys.stop();
  });

  test('tells the viewer, and its end may lie half a minute back', async () => {
    const { authenticate, keys } = await authenticator();
    expect(await authenticate(`Bearer ${await accessToken(key)}`)).toMatchObject({ id: viewerId, role: 'MEMBER', sessionId: 'session-1' });
    expect(await authenticate(`bearer ${await accessToken(key, { claims: { exp: seconds(-20) } })}`)).not.toBeNull();
    expect(await authenticate(undefined)).toBeNull();
    expect(await authenticate('')).toBeNull();
    expect(await authenticate('Bearer ')).toBeNull();
    await keys.stop();
  });
});

describe('the key set', () => {
  test('is fetched again for an unknown key id, but strangers cannot make it fetch often', async () => {
    const { authenticate, keys, fetches } = await authenticator();
    await eventually(() => keys.known());
    for (let index = 0; index < 20; index += 1) {
      await authenticate(`Bearer ${await accessToken(key, { header: { kid: `made-up-${index}` } })}`).catch(() => undefined);
    }
    expect(fetches()).toBeLessThanOrEqual(2);
    await keys.stop();
  });

  test('takes up a new key within a few seconds', async () => {
    const next = newKey();
    let published = [await jwkOf(key, 'k1')];
    const { authenticate, keys } = await authenticator(async () => ({ keys: published }));
    await eventually(() => keys.known());
    published = [await jwkOf(next, 'k9')];
    const token = `Bearer ${await accessToken(next, { header: { kid: 'k9' } })}`;
    await eventually(() => authenticate(token));
    await expect(authenticate(`Bearer ${await accessToken(key)}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await keys.stop();
  });

  test('goes on serving the known keys when they can no longer be fetched', async () => {
    let away = false;
    const { authenticate, keys } = await authenticator(async () => {
      if (away) throw new Error('away');
      return { keys: [await jwkOf(key, 'k1')] };
    });
    await eventually(() => keys.known());
    away = true;
    await authenticate(`Bearer ${await accessToken(key, { header: { kid: 'other' } })}`).catch(() => undefined);
    expect(await authenticate(`Bearer ${await accessToken(key)}`)).not.toBeNull();
    await keys.stop();
  });

  test('publishes no private part', async () => {
    const leaked = { ...(await jwkOf(key, 'k1')), d: 'secret', extra: 'x' };
    const { keys } = await authenticator(async () => ({ keys: [leaked, { kty: 'RSA', kid: 'r', n: 'x', e: 'AQAB' }] }));
    await eventually(() => keys.known());
    expect(Object.keys(keys.document().keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    expect(keys.document().keys).toHaveLength(1);
    await keys.stop();
  });
});

describe('over HTTP', () => {
  let graph: TestGraph;
  beforeAll(async () => (graph = await startGraph()));
  afterAll(() => graph.stop());

  test('a bad token is answered 401 with a GraphQL error, a missing one is anonymous', async () => {
    const { status, headers, body } = await ask(graph.gateway, '{ me { id } }', { headers: { authorization: 'Bearer nonsense' } });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(body).toEqual({ errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED', requestId: headers.get('x-request-id') } }] });
    expect(await ask(graph.gateway, '{ me { id } }')).toMatchObject({ status: 200, data: { me: null } });
  });

  test('sessions go on while the user subgraph is away', async () => {
    const authorization = `Bearer ${await graph.token()}`;
    await ask(graph.gateway, '{ me { id } }', { headers: { authorization } });
    await graph.user.stop();
    const { status, data } = await ask(graph.gateway, '{ tasks { title } }', { headers: { authorization } });
    expect(status).toBe(200);
    expect(data.tasks).toHaveLength(2);
    await graph.user.restart();
  });

  test('the public keys are served at /.well-known/jwks.json', async () => {
    const response = await fetch(`${graph.gateway.url}/.well-known/jwks.json`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ keys: [await jwkOf(graph.key, 'k1')] });
  });

  test('a gateway that never saw a key starts, is not ready, answers the anonymous and tells others SUBGRAPH_UNAVAILABLE', async () => {
    const keyless = await startGraph({ withoutKeys: true });
    const ready = await fetch(`${keyless.gateway.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ ready: false, missing: ['signing keys of the user subgraph'] });
    const { status, errors } = await ask(keyless.gateway, '{ __typename }', { headers: { authorization: `Bearer ${await keyless.token()}` } });
    expect(status).toBe(503);
    expect(errors?.[0]?.extensions['code']).toBe('SUBGRAPH_UNAVAILABLE');
    expect((await ask(keyless.gateway, '{ tasks { title } }')).data.tasks).toHaveLength(2);
    expect((await fetch(`${keyless.gateway.url}/.well-known/jwks.json`)).status).toBe(503);
    await keyless.stop();
  });
});

test('a token that was checked already is checked again when it ends, and by a key that came anew', async () => {
  const verified = createVerifiedTokens();
  const [key, other] = [{}, {}] as CryptoKey[];
  const viewer = { id: viewerId, role: 'MEMBER', sessionId: 'session-1', expiresAt: 0 } as const;
  verified.set('living', { viewer, kid: 'k1', key: key as CryptoKey, until: Infinity });
  verified.set('ended', { viewer, kid: 'k1', key: key as CryptoKey, until: Date.now() });
  expect(await verified.get('ended', async () => key)).toBeUndefined();
  expect(await verified.get('living', async () => key)).toBe(viewer);
  expect(await verified.get('living', async () => other)).toBeUndefined();
  expect(await verified.get('never seen', async () => key)).toBeUndefined();
});
