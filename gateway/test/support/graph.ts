// A gateway over two foreign subgraphs that carry the names "user" and "task"; the other three are away.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { composeServices } from '@apollo/composition';
import { createLogger } from '@taskgraph/shared/logger';
import { GraphQLError, parse } from 'graphql';
import type { Config } from '../../src/config.js';
import { startGateway, type RunningGateway } from '../../src/server.js';
import { accessToken, jwkOf, newKey, privateText, publicText, type Key } from './keys.js';
import { startSubgraph, type TestSubgraph } from './subgraph.js';
import { createUserLog, type UserLog } from './user-log.js';

const userSdl = `
  type User @key(fields: "id") { id: ID! name: String! bio: String }
  type Query { me: User person(id: ID!): User failing(code: String): String }
`;

export const taskSdl = `
  type User @key(fields: "id") { id: ID! tasks: [Task!] score: Int rank: Int }
  type Task @key(fields: "id") { id: ID! title: String! creator: User reviewer: User assignees: [User!] }
  enum Level { LOW HIGH }
  type Query { tasks: [Task!] leveled(level: Level!): String }
  type Mutation { createTask(title: String!): Task }
`;

const people = ['ada', 'bob', 'eve'].map((id) => ({ id, name: id.toUpperCase(), bio: `bio of ${id}` }));

const userResolvers = {
  Query: {
    me: (_: unknown, __: unknown, { viewer }: { viewer: { id: string } | null }) => (viewer ? { id: viewer.id, name: 'Viewer', bio: null } : null),
    person: (_: unknown, { id }: { id: string }) => people.find((person) => person.id === id) ?? null,
    failing: (_: unknown, { code }: { code: string | null }) => {
      if (!code) throw new Error('select * from secrets failed at 10.0.0.7');
      throw new GraphQLError(`refused with ${code}`, {
        extensions: { code, fields: [{ path: 'x', message: 'bad' }], retryAfter: 3, current: { a: 1 }, stacktrace: ['secret.ts:1'], host: '10.0.0.7' },
      });
    },
  },
  User: {
    __resolveReference: async ({ id }: { id: string }) => {
      if (id === 'eve') throw new GraphQLError('You may not see eve.', { extensions: { code: 'FORBIDDEN' } });
      return people.find((person) => person.id === id) ?? null;
    },
  },
};

const user = (id: string) => ({ __typename: 'User', id });
export const taskRows = [
  { id: 't1', title: 'one', creator: user('ada'), reviewer: user('bob'), assignees: [user('ada'), user('bob')] },
  { id: 't2', title: 'two', creator: user('ada'), reviewer: user('ada'), assignees: [user('bob')] },
];

const taskResolvers = {
  Query: { tasks: () => taskRows, leveled: (_: unknown, { level }: { level: string }) => level },
  Mutation: { createTask: (_: unknown, { title }: { title: string }) => ({ id: 't9', title, creator: user('ada'), assignees: [] }) },
  User: { __resolveReference: async ({ id }: { id: string }) => ({ id }), tasks: () => taskRows, score: () => 7, rank: () => 1 },
};

export interface TestGraph {
  gateway: RunningGateway;
  user: TestSubgraph;
  userLog: UserLog;
  task: TestSubgraph;
  /** The gateway's own key. */
  identity: Key;
  /** The key that signs access tokens. */
  key: Key;
  token: () => Promise<string>;
  stop: () => Promise<void>;
}

export interface TestGraphOptions {
  /** With a `supergraphPath` the composed graph is written there, and the gateway follows that file. */
  config?: Partial<Config>;
  /** Replaces bounds of sockets and subscriptions. */
  live?: Partial<Config['live']>;
  /** Replaces the user subgraph. */
  user?: { sdl: string; resolvers: object };
  /** Replaces the task subgraph. */
  task?: { sdl: string; resolvers: object };
  /** The user subgraph publishes no key. */
  withoutKeys?: boolean;
}

export const logger = createLogger({ service: 'gateway', level: 'silent' });

export async function startGraph({ config = {}, live = {}, user: userFixture, task: taskFixture, withoutKeys = false }: TestGraphOptions = {}): Promise<TestGraph> {
  const identity = newKey();
  const key = newKey();
  const gatewayKey = publicText(identity);
  const user = await startSubgraph({ name: 'user', sdl: userFixture?.sdl ?? userSdl, resolvers: userFixture?.resolvers ?? userResolvers, gatewayKey });
  const task = await startSubgraph({ name: 'task', sdl: taskFixture?.sdl ?? taskSdl, resolvers: taskFixture?.resolvers ?? taskResolvers, gatewayKey });
  const userLog = createUserLog(async () => ({ keys: withoutKeys ? [] : [await jwkOf(key, 'k1')] }));
  user.route = userLog.route;
  if (config.supergraphPath) await writeFile(config.supergraphPath, compose([user, task]));
  const gateway = await startGateway({ ...baseConfig, identityPrivateKey: privateText(identity), live: { ...baseConfig.live, ...live }, ...config, subgraphUrls: { ...baseConfig.subgraphUrls, user: user.url, task: task.url } }, logger, config.supergraphPath ? undefined : compose([user, task]));
  return {
    gateway,
    user,
    userLog,
    task,
    identity,
    key,
    token: () => accessToken(key),
    stop: async () => {
      await gateway.stop();
      await Promise.all([user.stop(), task.stop()]);
    },
  };
}

/** Port 1 answers nobody. */
const away = 'http://127.0.0.1:1';

export const baseLimits: Config['limits'] = {
  document: { tokens: 5_000, depth: 20, fields: 500, aliases: 50, rootFields: 50, directives: 50, fragments: 100 },
  variables: 20_000,
  pageSize: 1_000,
  cost: 50_000,
  persisted: 100,
};

export const baseConfig: Config = {
  production: false,
  logLevel: 'silent',
  workers: 1,
  host: '127.0.0.1',
  port: 0,
  identityPrivateKey: '',
  subgraphUrls: { user: away, project: away, task: away, channel: away, stats: away },
  supergraphPath: fileURLToPath(new URL('../../supergraph.graphql', import.meta.url)),
  publicUrl: 'https://tasks.example.org',
  corsOrigins: ['https://app.example.org'],
  trustedProxies: 0,
  sandbox: true,
  introspection: true,
  bodyLimit: 100_000,
  uploadLimit: 1_048_576,
  subgraphTimeoutMs: 2_000,
  subgraphConnections: 8,
  guard: { queue: 1_000, queueMs: 5_000, failures: 10, pauseMs: 1_000 },
  load: { lagMs: 0, memoryPercent: 0 },
  // Off, since a test sends as much as it likes from one address.
  rateLimits: { anonymousPerMinute: 0, perMinute: 0, costPerMinute: 0 },
  limits: baseLimits,
  trustedDocuments: { mode: 'off' },
  live: { socketsPerUser: 50, subscriptionsPerSocket: 20, messageBytes: 65_536, initTimeoutMs: 3_000, pingMs: 12_000, queueEvents: 1_000, queueBytes: 262_144, stallMs: 10_000 },
};

export function compose(subgraphs: Pick<TestSubgraph, 'name' | 'sdl'>[]): string {
  const { supergraphSdl, errors } = composeServices(subgraphs.map(({ name, sdl }) => ({ name, url: `http://${name}`, typeDefs: parse(sdl) })));
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

export interface Answer {
  status: number;
  headers: Headers;
  data: any;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, any> }[] | undefined;
  body: any;
}

/** One operation over HTTP. */
export async function ask(gateway: RunningGateway, query: string, { variables, headers = {} }: { variables?: object; headers?: Record<string, string> } = {}): Promise<Answer> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const body = await response.json() as Answer;
  return { status: response.status, headers: response.headers, data: body.data, errors: body.errors, body };
}
