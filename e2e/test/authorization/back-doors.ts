// Straight at the ports of the subgraphs, past the gateway: everything but the probes is 401 without the right internal token.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createIdentitySigner } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { SignJWT } from 'jose';
import { deriveSecrets } from '../../../supervisor/src/secrets.js';
import type { RunningProcess, System } from '../system.js';

const subgraphs = ['user', 'project', 'task', 'channel', 'stats'] as const;
type Subgraph = (typeof subgraphs)[number];

/** The keys of this installation: only its operator, and a test, can read them. */
export async function readKeys(system: System): Promise<(service: string) => string> {
  const { secret } = JSON.parse(await readFile(join(system.dataDir, 'secrets.json'), 'utf8')) as { secret: string };
  const { keys } = deriveSecrets(secret);
  return (service) => keys[service as keyof typeof keys].identityPrivateKey;
}

/** Requests by which something could be learned or done. */
const requests: { method: string; path: string; body?: object }[] = [
  { method: 'POST', path: '/graphql', body: { query: '{ _service { sdl } }' } },
  { method: 'POST', path: '/graphql', body: { query: '{ __schema { types { name } } }' } },
  { method: 'POST', path: '/graphql', body: { query: 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }', variables: { r: [{ __typename: 'Task', id: newId() }] } } },
  { method: 'GET', path: '/graphql?query=%7B__typename%7D' },
  { method: 'GET', path: '/internal/events?after=&limit=1&types=task.created' },
  { method: 'GET', path: `/internal/memberships?place=${newId()}&user=${newId()}` },
  { method: 'GET', path: `/internal/users?ids=${newId()}` },
  { method: 'GET', path: '/internal/users?emails=owner@mail.example' },
  { method: 'GET', path: '/internal/jwks' },
  { method: 'GET', path: `/internal/api-tokens/${'a'.repeat(43)}` },
  { method: 'GET', path: '/internal/wakeups' },
  { method: 'GET', path: `/internal/imports/${newId()}/moves` },
  { method: 'POST', path: '/internal/scope-viewers', body: { kind: 'project', id: newId(), viewers: [newId()] } },
  { method: 'GET', path: '/internal/exports/anything' },
  { method: 'PUT', path: '/internal/uploads/anything', body: {} },
  { method: 'GET', path: '/internal/no-such-route' },
  { method: 'GET', path: '/' },
  { method: 'GET', path: '/metrics' },
  { method: 'GET', path: '/livez/../internal/jwks' },
  { method: 'GET', path: '/livez?/internal/jwks' },
];

interface Claims {
  kid?: string;
  issuer?: string;
  audience: string;
  typ?: string;
  subject?: string;
  /** Seconds from now. */
  expires?: number | null;
}

const keyOf = (der: string): KeyObject => createPrivateKey({ key: Buffer.from(der, 'base64url'), format: 'der', type: 'pkcs8' });

function sign(key: KeyObject, { kid = 'gateway', issuer = kid, audience, typ = 'internal+jwt', subject, expires = 30 }: Claims): Promise<string> {
  const jwt = new SignJWT({ role: 'ADMIN', sid: newId() }).setProtectedHeader({ alg: 'EdDSA', typ, kid }).setIssuer(issuer).setAudience(audience).setIssuedAt();
  if (subject) jwt.setSubject(subject);
  if (expires !== null) jwt.setExpirationTime(Math.floor(Date.now() / 1000) + expires);
  return jwt.sign(key);
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Tokens that are none for this subgraph, by what is wrong with them. */
async function wrongTokens(target: Subgraph, keys: (service: string) => string, accessToken: string, viewerId: string): Promise<[wrong: string, authorization: string | undefined][]> {
  const gateway = keyOf(keys('gateway'));
  const other = subgraphs.find((name) => name !== target) as Subgraph;
  const claims = { iss: 'gateway', aud: target, sub: viewerId, role: 'ADMIN', exp: Math.floor(Date.now() / 1000) + 30 };
  const unsigned = `${encoded({ alg: 'none', typ: 'internal+jwt', kid: 'gateway' })}.${encoded(claims)}.`;
  const good = await sign(gateway, { audience: target, subject: viewerId });
  const bearer: [string, string][] = [
    ['stale', await sign(gateway, { audience: target, subject: viewerId, expires: -60 })],
    ['without an end', await sign(gateway, { audience: target, subject: viewerId, expires: null })],
    ['for another audience', await sign(gateway, { audience: other, subject: viewerId })],
    ['for the gateway itself', await sign(gateway, { audience: 'gateway', subject: viewerId })],
    ['of another type', await sign(gateway, { audience: target, subject: viewerId, typ: 'at+jwt' })],
    ['signed with a key of one\'s own', await sign(generateKeyPairSync('ed25519').privateKey, { audience: target, subject: viewerId })],
    ['of a caller nobody knows', await sign(gateway, { kid: 'nobody', audience: target })],
    ['of another service that speaks for a viewer', await sign(keyOf(keys(other)), { kid: other, audience: target, subject: viewerId })],
    ['of another service in the name of the gateway', await sign(keyOf(keys(other)), { kid: 'gateway', audience: target, subject: viewerId })],
    ['whose issuer is not its signer', await sign(keyOf(keys(other)), { kid: other, issuer: 'gateway', audience: target })],
    ['unsigned', unsigned],
    ['with the signature cut off', good.slice(0, good.lastIndexOf('.') + 1)],
    ['a person\'s access token', accessToken],
    ['nonsense', 'nonsense'],
  ];
  return [['absent', undefined], ['without a scheme', good], ...bearer.map(([wrong, token]): [string, string] => [wrong, `Bearer ${token}`])];
}

export interface Tried {
  tries: number;
  /** What was not refused with 401. */
  open: string[];
}

/** Every process of every subgraph, workers too. */
export async function tryBackDoors(system: System, accessToken: string, viewerId: string): Promise<Tried> {
  const keys = await readKeys(system);
  const processes = (await system.processes()).filter((entry): entry is RunningProcess & { url: string } => entry.url !== null && subgraphs.some((name) => entry.name.startsWith(name)));
  const tried: Tried = { tries: 0, open: [] };
  for (const { name, url } of processes) {
    const target = subgraphs.find((subgraph) => name.startsWith(subgraph)) as Subgraph;
    for (const [wrong, authorization] of await wrongTokens(target, keys, accessToken, viewerId)) {
      await Promise.all(
        requests.map(async ({ method, path, body }) => {
          const response = await fetch(`${url}${path}`, {
            method, headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...(authorization ? { authorization } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}),
          });
          const text = await response.text();
          tried.tries += 1;
          if (!refused(response.status, name, path)) tried.open.push(`${name} ${method} ${path}, token ${wrong}: ${response.status} ${text.slice(0, 120)}`);
        }),
      );
    }
  }
  return tried;
}

/** A worker has no routes but the probes, so there is nothing to refuse: 404 there, without a word. */
const refused = (status: number, name: string, path: string): boolean => status === 401 || (name.endsWith('-worker') && status === 404) || (status === 200 && path.startsWith('/livez?'));

export type AskEntities = (subgraph: Subgraph, viewerId: string, representations: object[], selection: string) => Promise<{ _entities: unknown[] } | null>;

/** `_entities` as the gateway would ask it for this viewer. */
export async function entityDoor(system: System): Promise<AskEntities> {
  const keys = await readKeys(system);
  const signer = createIdentitySigner({ service: 'gateway', privateKey: keys('gateway') });
  const processes = await system.processes();
  return async (subgraph, viewerId, representations, selection) => {
    const url = processes.find((entry) => entry.name === subgraph)?.url ?? '';
    const authorization = `Bearer ${await signer.tokenFor(subgraph, { id: viewerId, role: 'MEMBER', sessionId: newId() })}`;
    const response = await fetch(`${url}/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: `query ($r: [_Any!]!) { _entities(representations: $r) { ${selection} } }`, variables: { r: representations } }),
    });
    return ((await response.json()) as { data: { _entities: unknown[] } | null }).data;
  };
}
