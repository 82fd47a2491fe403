// RULES §8: what an API token may do is decided in one place, behind the door of every subgraph.
import { describe, expect, test } from 'vitest';
import { missingScope } from '../src/api-scopes.js';
import { hashApiToken } from '../src/contracts/api-token.js';
import { readRefreshCookie } from '../src/client-headers.js';
import { createIdentityVerifier, type ApiScope, type Viewer } from '../src/identity.js';
import { newId } from '../src/ids.js';
import { createTestIdentities } from '../src/testing/identity.js';

const identities = createTestIdentities();
const verify = createIdentityVerifier({ service: 'task', publicKeys: identities.publicKeys });
const signer = identities.signer('gateway');
const viewer = (scopes?: readonly ApiScope[]): Viewer => ({ id: newId(), role: 'ADMIN', sessionId: newId(), ...(scopes ? { scopes } : {}) });
const seen = async (of: Viewer) => (await verify(`Bearer ${await signer.tokenFor('task', of)}`))?.viewer;

describe('the identity of an API token', () => {
  test('carries its scopes; a session carries none', async () => {
    const [token, session] = [viewer(['READ', 'ADMIN']), viewer()];
    expect(await seen(token)).toEqual(token);
    expect(await seen(session)).toEqual(session);
    expect(await seen(session)).not.toHaveProperty('scopes');
  });

  test('without the scope ADMIN its owner is a MEMBER', async () => {
    expect(await seen(viewer(['READ', 'WRITE']))).toMatchObject({ role: 'MEMBER' });
    expect(await seen(viewer([]))).toMatchObject({ role: 'MEMBER', scopes: [] });
    expect(await seen({ ...viewer(['ADMIN']), role: 'MEMBER' })).toMatchObject({ role: 'MEMBER' });
  });

  test('is not mixed up with that of a session of the same person, or of other scopes', async () => {
    const person = viewer();
    const tokens = await Promise.all([person, { ...person, scopes: [] }, { ...person, scopes: ['READ'] as const }].map((of) => signer.tokenFor('task', of)));
    expect(new Set(tokens).size).toBe(3);
  });
});

test('queries need READ, mutations WRITE; sessions and strangers are not judged here', () => {
  expect(missingScope(viewer(['READ']), 'query')).toBeNull();
  expect(missingScope(viewer(['READ']), 'mutation')).toBe('WRITE');
  expect(missingScope(viewer(['WRITE']), 'mutation')).toBeNull();
  expect(missingScope(viewer(['WRITE', 'ADMIN']), 'query')).toBe('READ');
  expect(missingScope(viewer([]), 'subscription')).toBe('READ');
  expect(missingScope(viewer(), 'mutation')).toBeNull();
  expect(missingScope(null, 'mutation')).toBeNull();
});

test('the refresh cookie is found by its whole name, and only where its value can be a token', () => {
  expect(readRefreshCookie('a=1; taskgraph_refresh=x-Y_9; b=2')).toBe('x-Y_9');
  for (const header of [undefined, '', 'xtaskgraph_refresh=x', 'taskgraph_refresh=', 'taskgraph_refresh=a b', 'taskgraph_refresh="x"', `taskgraph_refresh=${'x'.repeat(129)}`]) {
    expect(readRefreshCookie(header)).toBeNull();
  }
});

test('a secret is asked about by its hash', () => {
  expect(hashApiToken('tg_x')).toMatch(/^[\w-]{43}$/);
  expect(hashApiToken('tg_x')).not.toBe(hashApiToken('tg_y'));
});
