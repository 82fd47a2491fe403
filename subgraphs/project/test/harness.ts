// Starts the real project subgraph on a database of its own, beside small real peers: one knows people, one counts guesses.
import type { ProjectRole } from '@taskgraph/shared/contracts/project-events';
import type { ServiceName } from '@taskgraph/shared/config';
import type { Viewer } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { createLogger } from '@taskgraph/shared/logger';
import { createSubgraphClient, createTestIdentities, type GraphQLAnswer, type SubgraphClient, type TestIdentities } from '@taskgraph/shared/testing/identity';
import { createTestDatabase, type TestDatabase } from '@taskgraph/shared/testing/postgres';
import pg from 'pg';
import { loadConfig } from '../src/config.js';
import { migrateDatabase } from '../src/database.js';
import { startServer } from '../src/server.js';
import { startChannelPeer, type ChannelPeer } from './channel-peer.js';
import { startUserPeer, type UserPeer } from './user-peer.js';

export interface Harness {
  url: string;
  query: SubgraphClient;
  identities: TestIdentities;
  database: TestDatabase;
  users: UserPeer;
  channels: ChannelPeer;
  /** A signed-in person whom the user subgraph knows. */
  someone: () => Viewer;
  /** Sends one mutation, with an Idempotency-Key where `key` is given. */
  run: (name: MutationName, viewer: Viewer | null, input: object, key?: string) => Promise<GraphQLAnswer>;
  create: (viewer: Viewer | null, input: object) => Promise<GraphQLAnswer>;
  add: (viewer: Viewer | null, projectId: string, userId: string, role?: ProjectRole) => Promise<GraphQLAnswer>;
  remove: (viewer: Viewer | null, projectId: string, userId: string) => Promise<GraphQLAnswer>;
  /** Makes a project with a fresh key and answers its id. */
  project: (owner: Viewer, name?: string) => Promise<string>;
  /** Makes a project with one member of each given standing. */
  team: <S extends Standing>(...standings: S[]) => Promise<{ id: string; owner: Viewer } & Record<S, Viewer>>;
  /** Changes what the API cannot, such as the time that has passed. */
  sql: <R extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<R[]>;
  settings: Record<string, string>;
  /** Asks an /internal route as another service. */
  internal: (path: string, caller?: ServiceName, viewer?: Viewer) => Promise<Response>;
  stop: () => Promise<void>;
}

/** What somebody is to a project; its maker is an OWNER beside the one named so. */
export type Standing = ProjectRole | 'stranger' | 'admin';
export type MutationName = keyof typeof inputs;

/** Each mutation with the type of its input, and what is selected of its payload. */
const inputs = {
  createProject: 'CreateProjectInput',
  updateProject: 'UpdateProjectInput',
  archiveProject: 'ProjectIdInput',
  restoreProject: 'ProjectIdInput',
  addProjectMember: 'AddProjectMemberInput',
  changeProjectMemberRole: 'ChangeProjectMemberRoleInput',
  removeProjectMember: 'RemoveProjectMemberInput',
  createProjectInvite: 'CreateProjectInviteInput',
  revokeProjectInvite: 'RevokeProjectInviteInput',
  acceptProjectInvite: 'AcceptProjectInviteInput',
} as const;

const fields = 'project { id key name description status viewerRole version createdBy { id } members { totalCount nodes { userId role user { id } } } }';
const selections: Partial<Record<MutationName, string>> = {
  createProjectInvite: 'invite { id code role email expiresAt usesLeft mailedAt createdAt } project { id version }',
  revokeProjectInvite: 'id',
};
let keys = 0;

export async function startProject(): Promise<Harness> {
  const identities = createTestIdentities();
  const [users, channels] = await Promise.all([startUserPeer(identities), startChannelPeer(identities)]);
  const database = await createTestDatabase('project', migrateDatabase);
  const settings = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    ROLES: 'api',
    DATABASE_URL: database.app,
    WORKER_DATABASE_URL: database.worker,
    OWNER_DATABASE_URL: database.owner,
    SECRET_KEY: 'k'.repeat(43),
    IDENTITY_PRIVATE_KEY: identities.privateKeys.project,
    IDENTITY_PUBLIC_KEYS: JSON.stringify(identities.publicKeys),
    USER_URL: users.url,
    CHANNEL_URL: channels.url,
  };
  const server = await startServer(loadConfig(settings), createLogger({ service: 'project', level: 'error' }));
  const query = createSubgraphClient(identities, 'project', server.url);
  const run: Harness['run'] = (name, viewer, input, key) =>
    query(
      `mutation ($input: ${inputs[name]}!) { ${name}(input: $input) { ${selections[name] ?? fields} } }`, { input }, viewer,
      key === undefined ? {} : { 'idempotency-key': key },
    );
  const create: Harness['create'] = (viewer, input) => run('createProject', viewer, input);
  const someone = (): Viewer => ({ id: users.someone(), role: 'MEMBER', sessionId: newId() });
  const add: Harness['add'] = (viewer, projectId, userId, role) => run('addProjectMember', viewer, { projectId, userId, ...(role ? { role } : {}) });
  const makeProject: Harness['project'] = async (owner, name = 'Some project') => {
    keys += 1;
    const answer = await create(owner, { key: `P${keys}`.padEnd(4, 'X'), name });
    return answer.data.createProject.project.id as string;
  };
  const admin = new pg.Client(database.admin);
  await admin.connect();
  await admin.query('set search_path to project');
  return {
    url: server.url,
    query,
    identities,
    database,
    users,
    channels,
    settings,
    someone,
    run,
    create,
    add,
    remove: (viewer, projectId, userId) => run('removeProjectMember', viewer, { projectId, userId }),
    project: makeProject,
    async team(...standings) {
      const owner = someone();
      const id = await makeProject(owner);
      const people: Partial<Record<Standing, Viewer>> = {};
      for (const standing of standings) {
        const person = { ...someone(), role: standing === 'admin' ? ('ADMIN' as const) : ('MEMBER' as const) };
        people[standing] = person;
        if (standing !== 'stranger' && standing !== 'admin') await add(owner, id, person.id, standing);
      }
      return { id, owner, ...people } as never;
    },
    sql: async (text, values) => (await admin.query(text, values)).rows as never,
    async internal(path, caller = 'task', viewer) {
      const token = await identities.signer(caller).tokenFor('project', viewer);
      return fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    },
    async stop() {
      await admin.end();
      await server.stop();
      await Promise.all([users.stop(), channels.stop()]);
      await database.drop();
    },
  };
}

/** Code of the first error; undefined where there is none. */
export const codeOf = (answer: GraphQLAnswer): string | undefined => answer.errors?.[0]?.extensions.code;
