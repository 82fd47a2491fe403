import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { createIdentitySigner, createIdentityVerifier } from '../src/identity.js';
import { newId } from '../src/ids.js';
import { createTestIdentities, someViewer } from '../src/testing/identity.js';

const identities = createTestIdentities();
const verify = createIdentityVerifier({ service: 'task', publicKeys: identities.publicKeys });
const bearer = (token: string) => verify(`Bearer ${token}`);

/** A token signed with the caller's real key in which the test says what is different. */
function token(change: { header?: object; claims?: object; issuer?: string; audience?: string; expiresIn?: number; key?: string }): Promise<string> {
  const key = createPrivateKey({ key: Buffer.from(change.key ?? identities.privateKeys.gateway, 'base64url'), format: 'der', type: 'pkcs8' });
  const jwt = new SignJWT({ ...change.claims })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'internal+jwt', kid: 'gateway', ...change.header })
    .setIssuer(change.issuer ?? 'gateway')
    .setAudience(change.audience ?? 'task');
  if (change.expiresIn !== undefined) jwt.setExpirationTime(Math.floor(Date.now() / 1000) + change.expiresIn);
  return jwt.sign(key);
}

describe('a token of the gateway', () => {
  test('carries the viewer', async () => {
    const viewer = someViewer('ADMIN');
    expect(await bearer(await identities.signer('gateway').tokenFor('task', viewer))).toEqual({ caller: 'gateway', viewer });
  });

  test('without a viewer is anonymous', async () => {
    expect(await bearer(await identities.signer('gateway').tokenFor('task'))).toEqual({ caller: 'gateway', viewer: null });
  });

  test('is given again for a while, one per audience and viewer', async () => {
    const signer = createIdentitySigner({ service: 'gateway', privateKey: identities.privateKeys.gateway });
    const viewer = someViewer();
    const first = await signer.tokenFor('task', viewer);
    expect(await signer.tokenFor('task', { ...viewer })).toBe(first);
    const others = await Promise.all([signer.tokenFor('user', viewer), signer.tokenFor('task', { ...viewer, sessionId: newId() }), signer.tokenFor('task', { ...viewer, role: 'ADMIN' }), signer.tokenFor('task')]);
    expect(new Set([first, ...others]).size).toBe(5);
  });

  test('lives for 30 seconds at most', async () => {
    const [, payload] = (await identities.signer('gateway').tokenFor('task')).split('.');
    const { exp, iat } = JSON.parse(Buffer.from(payload as string, 'base64url').toString()) as { exp: number; iat: number };
    expect(exp - iat).toBe(30);
  });
});

describe('nobody is believed', () => {
  test('without a token, or with something that is none', async () => {
    for (const header of [undefined, '', 'Bearer ', 'Bearer x.y.z', 'Basic abc', await token({ expiresIn: 20 })]) expect(await verify(header)).toBeNull();
  });

  test('whose token is for another subgraph, of another kind, expired, without an end, or of an unknown caller', async () => {
    expect(await bearer(await token({ expiresIn: 20 }))).not.toBeNull();
    const bad = [
      { audience: 'user', expiresIn: 20 },
      { header: { typ: 'at+jwt' }, expiresIn: 20 },
      { header: { typ: undefined }, expiresIn: 20 },
      { expiresIn: -30 },
      {},
      { header: { kid: 'nobody' }, issuer: 'nobody', expiresIn: 20 },
      { header: { kid: undefined }, expiresIn: 20 },
    ];
    for (const change of bad) expect(await bearer(await token(change)), JSON.stringify(change)).toBeNull();
  });

  test('who signs with another key, or in another\'s name', async () => {
    expect(await bearer(await token({ key: identities.privateKeys.stats, expiresIn: 20 }))).toBeNull();
    expect(await bearer(await token({ key: identities.privateKeys.stats, header: { kid: 'stats' }, expiresIn: 20 }))).toBeNull();
  });

  test('who changes a token or leaves its signature out', async () => {
    const [header, , signature] = (await token({ expiresIn: 20 })).split('.');
    const claims = Buffer.from(JSON.stringify({ iss: 'gateway', aud: 'task', exp: 4_000_000_000, sub: newId(), role: 'ADMIN' })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'internal+jwt', kid: 'gateway' })).toString('base64url');
    for (const forged of [`${header}.${claims}.${signature}`, `${none}.${claims}.`]) expect(await bearer(forged)).toBeNull();
  });

  test('another service that claims to speak for a viewer', async () => {
    const signer = identities.signer('channel');
    expect(await bearer(await signer.tokenFor('task'))).toEqual({ caller: 'channel', viewer: null });
    expect(await bearer(await signer.tokenFor('task', someViewer('ADMIN')))).toBeNull();
  });
});
