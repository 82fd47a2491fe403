// Three subgraphs of which some fields are marked for the cache: people (public), projects (to members), tasks. What they answer
// from can be changed behind the gateway's back, so that an old answer shows.
import { compose } from './graph.js';
import { accessToken, jwkOf, newKey, publicText, type Key } from './keys.js';
import { startSubgraph, type TestSubgraph } from './subgraph.js';
import { createUserLog, type UserLog } from './user-log.js';

const head = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://taskgraph.dev/cacheControl/v1.0", import: ["@cacheControl"])
    @composeDirective(name: "@cacheControl")
  directive @cacheControl(maxAge: Int!, scope: cacheControl__Scope!) on FIELD_DEFINITION
  enum cacheControl__Scope { PUBLIC PRIVATE }
`;
const userSdl = `${head}
  type User @key(fields: "id") { id: ID! name: String! @cacheControl(maxAge: 60, scope: PUBLIC) nick: String @cacheControl(maxAge: 60, scope: PUBLIC) email: String }
  type Query { me: User @cacheControl(maxAge: 60, scope: PRIVATE) }
  type Mutation { rename(name: String!): User }
`;
const projectSdl = `${head}
  type Project @key(fields: "id") { id: ID! name: String! @cacheControl(maxAge: 60, scope: PRIVATE) version: Int! stats: Stats @cacheControl(maxAge: 60, scope: PRIVATE) }
  type Stats { total: Int! @cacheControl(maxAge: 60, scope: PRIVATE) }
`;
const taskSdl = `
  type User @key(fields: "id", resolvable: false) { id: ID! }
  type Project @key(fields: "id", resolvable: false) { id: ID! }
  type Task { title: String! assignee: User project: Project }
  type Query { task(assignee: ID, project: ID): Task tasks(assignees: [ID!]!): [Task!] taskChanges(assignee: ID): Task }
`;

export interface Person {
  id: string;
  name: string;
  nick: string | null;
}

interface Context {
  viewer: { id: string } | null;
}

export interface CachedGraph {
  sdl: string;
  key: Key;
  identity: Key;
  user: TestSubgraph;
  project: TestSubgraph;
  userLog: UserLog;
  projectLog: UserLog;
  urls: { user: string; project: string; task: string };
  people: Map<string, Person>;
  projects: Map<string, { id: string; name: string; members: Set<string>; figures: boolean }>;
  bearer(id: string): Promise<{ authorization: string }>;
  stop(): Promise<void>;
}

export async function startCachedGraph(): Promise<CachedGraph> {
  const [identity, key] = [newKey(), newKey()];
  const gatewayKey = publicText(identity);
  const people: CachedGraph['people'] = new Map();
  const projects: CachedGraph['projects'] = new Map();
  const seen = (id: string, { viewer }: Context) => {
    const project = projects.get(id);
    return project && viewer && project.members.has(viewer.id) ? { ...project, version: 1, stats: project.figures ? { total: 7 } : null } : null;
  };
  const user = await startSubgraph({
    name: 'user',
    sdl: userSdl,
    gatewayKey,
    resolvers: {
      User: { __resolveReference: async ({ id }: { id: string }) => people.get(id) ?? null, email: (_: unknown, __: unknown, { viewer }: Context) => `seen by ${viewer?.id}` },
      Query: { me: (_: unknown, __: unknown, { viewer }: Context) => people.get(viewer?.id ?? '') ?? null },
      Mutation: {
        rename: (_: unknown, { name }: { name: string }, { viewer }: Context) => {
          const person = people.get(viewer?.id ?? '');
          return person ? Object.assign(person, { name }) : null;
        },
      },
    },
  });
  const project = await startSubgraph({
    name: 'project',
    sdl: projectSdl,
    gatewayKey,
    resolvers: {
      Project: {
        __resolveReference: async ({ id }: { id: string }, context: Context) => {
          if (id === 'broken') throw new Error('broken');
          return seen(id, context);
        },
      },
    },
  });
  const toTask = (assignee: string | null, project: string | null) => ({ title: 'one', assignee: assignee && { id: assignee }, project: project && { id: project } });
  const task = await startSubgraph({
    name: 'task',
    sdl: taskSdl,
    gatewayKey,
    resolvers: {
      Query: {
        task: (_: unknown, { assignee, project }: { assignee?: string | null; project?: string | null }) => toTask(assignee ?? null, project ?? null),
        tasks: (_: unknown, { assignees }: { assignees: string[] }) => assignees.map((id) => toTask(id, null)),
        taskChanges: (_: unknown, { assignee }: { assignee?: string | null }) => toTask(assignee ?? null, null),
      },
    },
  });
  const userLog = createUserLog(async () => ({ keys: [await jwkOf(key, 'k1')] }));
  const projectLog = createUserLog(async () => ({ keys: [] }));
  user.route = userLog.route;
  project.route = projectLog.route;
  return {
    sdl: compose([user, project, task]),
    key,
    identity,
    user,
    project,
    userLog,
    projectLog,
    urls: { user: user.url, project: project.url, task: task.url },
    people,
    projects,
    bearer: async (id) => ({ authorization: `Bearer ${await accessToken(key, { claims: { sub: id, sid: id } })}` }),
    stop: async () => void (await Promise.all([user.stop(), project.stop(), task.stop()])),
  };
}
