// Identity keys for tests, and requests to a subgraph as the gateway or another service would make them.
import { generateKeyPairSync } from 'node:crypto';
import { serviceNames, type ServiceName } from '../config.js';
import { createIdentitySigner, type IdentitySigner, type Viewer } from '../identity.js';
import { newId } from '../ids.js';

export interface TestIdentities {
  /** For IDENTITY_PUBLIC_KEYS. */
  publicKeys: Record<string, string>;
  /** For IDENTITY_PRIVATE_KEY of each service. */
  privateKeys: Record<ServiceName, string>;
  signer(service: ServiceName): IdentitySigner;
}

export function createTestIdentities(): TestIdentities {
  const publicKeys: Record<string, string> = {};
  const privateKeys = {} as Record<ServiceName, string>;
  for (const name of serviceNames) {
    const pair = generateKeyPairSync('ed25519');
    publicKeys[name] = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');
    privateKeys[name] = pair.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url');
  }
  return { publicKeys, privateKeys, signer: (service) => createIdentitySigner({ service, privateKey: privateKeys[service] }) };
}

/** A viewer nobody has met before. */
export const someViewer = (role: Viewer['role'] = 'MEMBER'): Viewer => ({ id: newId(), role, sessionId: newId() });

export interface GraphQLAnswer {
  // Answers are read by tests that know their shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  data: any;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string; fields?: unknown; current?: unknown } }[];
  status: number;
}

export type SubgraphClient = (document: string, variables?: object, viewer?: Viewer | null, headers?: Record<string, string>) => Promise<GraphQLAnswer>;

/** Speaks to one subgraph as the gateway does. */
export function createSubgraphClient(identities: TestIdentities, subgraph: string, url: string): SubgraphClient {
  const signer = identities.signer('gateway');
  return async (query, variables = {}, viewer = null, headers = {}) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await signer.tokenFor(subgraph, viewer)}`, ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return { ...((await response.json()) as Omit<GraphQLAnswer, 'status'>), status: response.status };
  };
}
