// RFC 8725 at the edge: every kind of forged, foreign or broken token is refused, over HTTP and in `connection_init` alike.
import { createHmac, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { createIdentitySigner } from '@taskgraph/shared/identity';
import { CompactEncrypt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, startGraph, type TestGraph } from './support/graph.js';
import { accessToken, newKey, privateText, viewerId, type Key } from './support/keys.js';
import { closeOf, connect, follow, socketUrl } from './support/socket.js';

let graph: TestGraph;
beforeAll(async () => void (graph = await startGraph()));
afterAll(() => graph.stop());

const stranger = newKey();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const seconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;
const encoded = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const goodHeader = { alg: 'EdDSA', typ: 'at+jwt', kid: 'k1' };
/** What an attacker would like to be. */
const claims = () => ({ iss: 'taskgraph', aud: 'taskgraph', sub: viewerId, role: 'ADMIN', sid: 'session-1', iat: seconds(0), exp: seconds(600) });

const ed25519 = (key: KeyObject) => (data: string) => sign(null, Buffer.from(data), key).toString('base64url');
const rsaSha256 = (data: string) => sign('sha256', Buffer.from(data), rsa.privateKey).toString('base64url');
const hmac = (hash: string, secret: string | Buffer) => (data: string) => createHmac(hash, secret).update(data).digest('base64url');
/** Header and payload may be text that is no JSON; nothing checks what is put together here. */
const forge = (header: unknown, payload: unknown, signature: (data: string) => string) => {
  const data = `${encoded(header)}.${encoded(payload)}`;
  return `${data}.${signature(data)}`;
};
const unsigned = () => '';
/** Signed by the right key, so that nothing but the header or the claim in question is wrong. */
const signed = (header: object, changed: object = {}) => (own: Key) => forge({ ...goodHeader, ...header }, { ...claims(), ...changed }, ed25519(own.privateKey));
const withClaim = (changed: object) => signed({}, changed);
/** Signed by a stranger, who hopes that the header tells where to find the key. */
const byStranger = (header: object) => () => forge({ ...goodHeader, ...header }, claims(), ed25519(stranger.privateKey));
const strangersJwk = stranger.publicKey.export({ format: 'jwk' });
const publicPem = ({ publicKey }: Key) => publicKey.export({ format: 'pem', type: 'spki' });

/** What stands after `Bearer `. */
type Forger = (own: Key) => string | Promise<string>;

const kinds: Record<string, Forger> = {
  'alg none without a signature': () => forge({ ...goodHeader, alg: 'none' }, claims(), unsigned),
  'alg none with some signature': () => forge({ ...goodHeader, alg: 'none' }, claims(), () => 'AAAA'),
  'alg None': () => forge({ ...goodHeader, alg: 'None' }, claims(), () => 'AAAA'),
  'alg NONE and the signature of a good token': (own) => forge({ ...goodHeader, alg: 'NONE' }, claims(), ed25519(own.privateKey)),
  'no alg': signed({ alg: undefined }),
  'alg as a list': signed({ alg: ['EdDSA'] }),
  'alg as a number': signed({ alg: 0 }),
  'alg in lower case': signed({ alg: 'eddsa' }),
  'alg by another name of the same algorithm': signed({ alg: 'Ed25519' }),
  'HS256 with the public key (DER) as the secret': (own) => forge({ ...goodHeader, alg: 'HS256' }, claims(), hmac('sha256', own.publicKey.export({ format: 'der', type: 'spki' }))),
  'HS256 with the public key (PEM) as the secret': (own) => forge({ ...goodHeader, alg: 'HS256' }, claims(), hmac('sha256', publicPem(own))),
  'HS256 with the x of the public JWK as the secret': (own) => forge({ ...goodHeader, alg: 'HS256' }, claims(), hmac('sha256', Buffer.from(String(own.publicKey.export({ format: 'jwk' }).x), 'base64url'))),
  'HS256 with an empty secret': () => forge({ ...goodHeader, alg: 'HS256' }, claims(), hmac('sha256', '')),
  'HS512 with the public key as the secret': (own) => forge({ ...goodHeader, alg: 'HS512' }, claims(), hmac('sha512', publicPem(own))),
  'RS256 by a key of its own': () => forge({ ...goodHeader, alg: 'RS256' }, claims(), rsaSha256),
  'EdDSA in the header and RSA underneath': () => forge(goodHeader, claims(), rsaSha256),
  'ES256 by a key of its own': () => forge({ ...goodHeader, alg: 'ES256' }, claims(), (data) => sign('sha256', Buffer.from(data), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')),

  'another key under a known id': byStranger({}),
  'another installation\'s token under its own key id': byStranger({ kid: 'k7' }),
  'a signature that is cut': async (own) => (await accessToken(own)).slice(0, -4),
  'a signature that is missing': async (own) => (await accessToken(own)).replace(/\.[^.]*$/, '.'),
  'a signature of zeros': () => forge(goodHeader, claims(), () => Buffer.alloc(64).toString('base64url')),
  'a signature with more behind it': async (own) => `${await accessToken(own)}AAAA`,
  'the signature of another token': async (own) => [...(await accessToken(own, { claims: { role: 'ADMIN' } })).split('.').slice(0, 2), (await accessToken(own)).split('.')[2]].join('.'),
  'a claim twice, the second added after it was signed': async (own) => {
    const [header, payload = '', signature] = (await accessToken(own)).split('.');
    return [header, encoded(Buffer.from(payload, 'base64url').toString().replace(/\}$/, ',"role":"ADMIN"}')), signature].join('.');
  },
  'alg twice, the second none': () => forge('{"alg":"EdDSA","typ":"at+jwt","kid":"k1","alg":"none"}', claims(), unsigned),
  'alg twice, the first none': () => forge('{"alg":"none","typ":"at+jwt","kid":"k1","alg":"EdDSA"}', claims(), () => 'AAAA'),

  'no key id': signed({ kid: undefined }),
  'an unknown key id': signed({ kid: 'k2' }),
  'an empty key id': signed({ kid: '' }),
  'a key id that is a path': signed({ kid: '../../../dev/null' }),
  'a key id that is SQL': signed({ kid: 'k1\' or \'1\'=\'1' }),
  'a key id of every object': signed({ kid: '__proto__' }),
  'a key id as a list': signed({ kid: ['k1'] }),
  'a key id as a number': signed({ kid: 1 }),

  'a key of its own in jwk': byStranger({ jwk: strangersJwk }),
  'a key of its own in jwk, without a key id': byStranger({ kid: undefined, jwk: strangersJwk }),
  'a key set of its own at jku': byStranger({ kid: 'evil', jku: 'http://127.0.0.1:1/jwks.json' }),
  'a certificate of its own at x5u': byStranger({ x5u: 'http://127.0.0.1:1/cert.pem' }),
  'a certificate of its own in x5c': byStranger({ x5c: [stranger.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')] }),
  'a thumbprint of its own in x5t': byStranger({ x5t: randomBytes(20).toString('base64url') }),

  'an extension in crit that nobody knows': signed({ crit: ['https://example.org/x'], 'https://example.org/x': true }),
  'a claim in crit': signed({ crit: ['exp'], exp: seconds(600) }),
  'an empty crit': signed({ crit: [] }),
  'an unencoded payload (b64 false)': signed({ crit: ['b64'], b64: false }),

  'type JWT': signed({ typ: 'JWT' }),
  'no type': signed({ typ: undefined }),
  'the type of tokens between services': signed({ typ: 'internal+jwt' }),
  'the type of a refresh token': signed({ typ: 'rt+jwt' }),

  'another issuer': withClaim({ iss: 'https://evil.example.org' }),
  'no issuer': withClaim({ iss: undefined }),
  'the issuer as a list': withClaim({ iss: ['taskgraph'] }),
  'an issuer that begins like ours': withClaim({ iss: 'taskgraph.evil.example.org' }),
  'another audience': withClaim({ aud: 'user' }),
  'no audience': withClaim({ aud: undefined }),
  'an empty list of audiences': withClaim({ aud: [] }),
  'the audience as an object': withClaim({ aud: { taskgraph: true } }),

  'an end that has passed': withClaim({ exp: seconds(-61) }),
  'no end': withClaim({ exp: undefined }),
  'an end as text': withClaim({ exp: '9999999999' }),
  'null for an end': withClaim({ exp: null }),
  'a negative end': withClaim({ exp: -1 }),
  'a beginning to come': withClaim({ nbf: seconds(120) }),
  'a beginning as text': withClaim({ nbf: 'now' }),
  'made in the future': withClaim({ iat: seconds(600), exp: seconds(1_200) }),
  'made longer ago than a token lives, with an end to come': withClaim({ iat: seconds(-7_200), exp: seconds(600) }),
  'no time of its making': withClaim({ iat: undefined }),
  'the time of its making as text': withClaim({ iat: 'now' }),

  'no subject': withClaim({ sub: undefined }),
  'a subject that is no UUID': withClaim({ sub: 'admin' }),
  'a subject as a number': withClaim({ sub: 1 }),
  'a subject as a list': withClaim({ sub: [viewerId] }),
  'no session': withClaim({ sid: undefined }),
  'an empty session': withClaim({ sid: '' }),
  'a session as an object': withClaim({ sid: { $ne: null } }),
  'no role': withClaim({ role: undefined }),
  'a role that does not exist': withClaim({ role: 'ROOT' }),
  'a role in lower case': withClaim({ role: 'admin' }),
  'roles as a list': withClaim({ role: ['ADMIN'] }),

  'a payload that is no JSON': (own) => forge(goodHeader, 'not json', ed25519(own.privateKey)),
  'a payload that is a list': (own) => forge(goodHeader, [claims()], ed25519(own.privateKey)),
  'a payload that is a text': (own) => forge(goodHeader, '"admin"', ed25519(own.privateKey)),
  'a payload that is null': (own) => forge(goodHeader, 'null', ed25519(own.privateKey)),
  'an empty payload': (own) => forge(goodHeader, '', ed25519(own.privateKey)),
  'a payload nested a thousand levels deep': () => forge(goodHeader, `${'['.repeat(1_000)}${']'.repeat(1_000)}`, ed25519(stranger.privateKey)),
  'ten thousand characters': () => forge(goodHeader, { ...claims(), padding: 'x'.repeat(7_000) }, ed25519(stranger.privateKey)),
  'a header that is no JSON': (own) => forge('not json', claims(), ed25519(own.privateKey)),
  'a header that is a list': (own) => forge([goodHeader], claims(), ed25519(own.privateKey)),
  'a header that is null': (own) => forge('null', claims(), ed25519(own.privateKey)),

  'a good token in a JWE': async (own) => new CompactEncrypt(Buffer.from(await accessToken(own))).setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT' }).encrypt(createPublicKey(rsa.publicKey.export({ format: 'pem', type: 'spki' }))),
  'the JSON form of a JWS': async (own) => {
    const [header, payload, signature] = (await accessToken(own)).split('.');
    return JSON.stringify({ payload, protected: header, signature }).replaceAll(' ', '');
  },
  'a good token twice, with a comma': async (own) => `${await accessToken(own)},${await accessToken(own)}`,
  'a good token and another word': async (own) => `${await accessToken(own)} admin`,
  'a good token behind a second Bearer': async (own) => `Bearer ${await accessToken(own)}`,
  'a good token in standard base64 with padding': async (own) => `${await accessToken(own)}==`,
  'four parts': async (own) => `${await accessToken(own)}.AAAA`,
  'two parts': async (own) => (await accessToken(own)).split('.').slice(0, 2).join('.'),
  'nothing but dots': () => '..',
  'no token at all': () => 'null',
  'something like a refresh token': () => randomBytes(32).toString('base64url'),
  'an API token that nobody made': () => `tg_${randomBytes(32).toString('base64url')}`,

  'the gateway\'s own identity, as it tells subgraphs': () => createIdentitySigner({ service: 'gateway', privateKey: privateText(graph.identity) }).tokenFor('user', { id: viewerId, role: 'ADMIN', sessionId: 's' }),
  'an identity for an audience that is the edge\'s': () => createIdentitySigner({ service: 'gateway', privateKey: privateText(graph.identity) }).tokenFor('taskgraph', { id: viewerId, role: 'ADMIN', sessionId: 's' }),
  'the gateway\'s own key under a known id': () => forge(goodHeader, claims(), ed25519(graph.identity.privateKey)),
};

describe('a token', () => {
  test('of which nothing is wrong is taken over HTTP and WebSocket: what follows is refused for its one fault', async () => {
    const token = signed({})(graph.key);
    expect((await ask(graph.gateway, '{ me { id } }', { headers: { authorization: `Bearer ${token}` } })).data).toEqual({ me: { id: viewerId } });
    const client = connect(graph.gateway, token);
    expect(await follow(client, { query: '{ me { id } }' }).atLeast(1)).toMatchObject([{ data: { me: { id: viewerId } } }]);
    await client.dispose();
  });

  test('there are more than forty kinds of others', () => expect(Object.keys(kinds).length).toBeGreaterThan(40));

  test.each(Object.entries(kinds))('with %s is refused', async (_kind, forger) => {
    const authorization = `Bearer ${await forger(graph.key)}`;
    const { length } = graph.user.calls;
    const [{ status, errors, data }, { code }] = await Promise.all([
      ask(graph.gateway, '{ me { id } }', { headers: { authorization } }),
      closeOf(socketUrl(graph.gateway), [{ type: 'connection_init', payload: { authorization } }]),
    ]);
    expect([status, errors?.map(({ extensions }) => extensions['code']), data, code]).toEqual([401, ['UNAUTHENTICATED'], undefined, 4403]);
    expect(graph.user.calls).toHaveLength(length);
  });

  test('larger than a header or a message may be is not even read', async () => {
    const authorization = `Bearer ${forge(goodHeader, { ...claims(), padding: 'x'.repeat(100_000) }, ed25519(graph.key.privateKey))}`;
    const response = await fetch(`${graph.gateway.url}/graphql`, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: '{"query":"{ me { id } }"}' });
    expect(response.status).toBe(431);
    expect((await closeOf(socketUrl(graph.gateway), [{ type: 'connection_init', payload: { authorization } }])).code).toBe(1009);
  });

  test.each([['a list', ['Bearer x']], ['a number', 1], ['an object', { toString: 'x' }], ['true', true]])('that is %s in connection_init is refused', async (_kind, authorization) => {
    expect((await closeOf(socketUrl(graph.gateway), [{ type: 'connection_init', payload: { authorization } }])).code).toBe(4403);
  });

  test.each(['Basic YWRhOnNlY3JldA==', 'Digest username="ada"', 'Token x', 'x'])('in another scheme (%s) is refused', async (authorization) => {
    expect((await ask(graph.gateway, '{ me { id } }', { headers: { authorization } })).status).toBe(401);
  });

  test('in the address or in a cookie is none: the asker is anonymous', async () => {
    const token = await graph.token();
    const response = await fetch(`${graph.gateway.url}/graphql?access_token=${token}&query=${encodeURIComponent('{ me { id } }')}`, { headers: { cookie: `access_token=${token}; authorization=Bearer ${token}`, 'apollo-require-preflight': '1' } });
    expect(await response.json()).toMatchObject({ data: { me: null } });
  });
});

test('what a client says of itself in the headers between services reaches no subgraph', async () => {
  const forged = {
    'x-client-ip': '6.6.6.6', 'x-client-user-agent': 'evil', 'x-client-cookies': '1', 'x-taskgraph-viewer': viewerId, 'x-user-id': viewerId, 'x-role': 'ADMIN',
    'x-forwarded-for': '6.6.6.6', 'x-real-ip': '6.6.6.6', forwarded: 'for=6.6.6.6', cookie: 'taskgraph_refresh=stolen; other=1', 'x-apollo-operation-name': 'x',
  };
  graph.user.calls.length = 0;
  graph.task.calls.length = 0;
  const { data } = await ask(graph.gateway, '{ me { id } tasks { title } }', { headers: forged });
  expect(data.me).toBeNull();
  const known = new Set(['authorization', 'connection', 'content-length', 'content-type', 'host', 'x-request-id', 'x-client-ip', 'x-client-user-agent', 'traceparent', 'tracestate']);
  for (const { headers } of [...graph.user.calls, ...graph.task.calls]) {
    expect(Object.keys(headers).filter((name) => !known.has(name))).toEqual([]);
    expect(JSON.stringify(headers)).not.toMatch(/6\.6\.6\.6|evil|stolen/);
  }
  expect(graph.user.calls.length + graph.task.calls.length).toBeGreaterThan(0);
});
