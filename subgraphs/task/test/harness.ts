// Starts the real task subgraph, API and worker, on a database of its own beside peers that the test feeds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Viewer } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { createSubgraphClient, createTestIdentities, type GraphQLAnswer, type SubgraphClient, type TestIdentities } from '@taskgraph/shared/testing/identity';
import { startTestPeer, type TestPeer } from '@taskgraph/shared/testing/peer';
import { createTestDatabase, type TestDatabase } from '@taskgraph/shared/testing/postgres';
import { pino, type Logger } from 'pino';
import { expect } from 'vitest';
import { loadConfig } from '../src/config.js';
import { migrateDatabase } from '../src/database.js';
import { startServer } from '../src/server.js';

export interface Harness {
  url: string;
  query: SubgraphClient;
  /** Runs a document that must succeed and answers its data. */
  ok: (document: string, variables: object, viewer: Viewer | null) => Promise<GraphQLAnswer['data']>;
  /** Runs a document that must be refused and answers the first error's extensions. */
  refused: (document: string, variables: object, viewer: Viewer | null) => Promise<Record<string, unknown>>;
  /** What the subgraph was started with. */
  settings: Record<string, string>;
  identities: TestIdentities;
  database: TestDatabase;
  user: TestPeer;
  project: TestPeer;
  channel: TestPeer;
  /** A project as its owner's log and membership route tell of it. */
  addProject: (owner: Viewer, key?: string) => string;
  addChannel: (owner: Viewer) => string;
  addMember: (kind: 'project' | 'channel', placeId: string, viewer: Viewer, role: 'MAINTAINER' | 'MODERATOR' | 'MEMBER' | 'VIEWER') => void;
  removeMember: (kind: 'project' | 'channel', placeId: string, viewer: Viewer) => void;
  stop: () => Promise<void>;
}

export async function startTask(log: Logger = pino({ level: 'error' }), extra: Record<string, string> = {}): Promise<Harness> {
  const identities = createTestIdentities();
  const database = await createTestDatabase('task', migrateDatabase);
  const user = await startTestPeer('user', identities);
  const project = await startTestPeer('project', identities);
  const channel = await startTestPeer('channel', identities);
  const uploads = mkdtempSync(join(tmpdir(), 'taskgraph-uploads-'));
  const settings = {
    NODE_ENV: 'test', LOG_LEVEL: 'error', DATABASE_URL: database.app, WORKER_DATABASE_URL: database.worker, OWNER_DATABASE_URL: database.owner,
    SECRET_KEY: 'k'.repeat(43), IDENTITY_PRIVATE_KEY: identities.privateKeys.task, IDENTITY_PUBLIC_KEYS: JSON.stringify(identities.publicKeys),
    USER_URL: user.url, PROJECT_URL: project.url, CHANNEL_URL: channel.url,
    QUEUE_DATABASE_URL: database.queue, UPLOAD_DIR: uploads, PUBLIC_URL: 'https://tasks.example.org',
    ...extra,
  };
  const server = await startServer(loadConfig(settings), log);
  const query = createSubgraphClient(identities, 'task', server.url);
  const versions = new Map<string, number>();
  const keys = new Map<string, string>();
  const nextVersion = (placeId: string) => {
    versions.set(placeId, (versions.get(placeId) ?? 0) + 1);
    return versions.get(placeId) as number;
  };
  const peers = { project, channel };
  const answer = (placeId: string, role: 'OWNER' | 'MAINTAINER' | 'MODERATOR' | 'MEMBER' | 'VIEWER' | null) => ({
    role, version: versions.get(placeId) as number, key: keys.get(placeId) ?? null, writable: true,
  });

  return {
    url: server.url, query, settings, identities, database, user, project, channel,
    async ok(document, variables, viewer) {
      const result = await query(document, variables, viewer);
      expect(result.errors).toBeUndefined();
      return result.data;
    },
    async refused(document, variables, viewer) {
      const result = await query(document, variables, viewer);
      expect(result.errors?.length).toBeGreaterThan(0);
      return result.errors?.[0]?.extensions as Record<string, unknown>;
    },
    addProject(owner, key = 'WEB') {
      const projectId = newId();
      keys.set(projectId, key);
      const version = nextVersion(projectId);
      project.publish('project.created', projectId, { projectId, key, name: key, status: 'ACTIVE', ownerId: owner.id, version });
      project.setMember(projectId, owner.id, answer(projectId, 'OWNER'));
      return projectId;
    },
    addChannel(owner) {
      const channelId = newId();
      channel.publish('channel.created', channelId, { channelId, name: 'open', ownerId: owner.id, version: nextVersion(channelId) });
      channel.setMember(channelId, owner.id, answer(channelId, 'OWNER'));
      return channelId;
    },
    addMember(kind, placeId, viewer, role) {
      const version = nextVersion(placeId);
      if (kind === 'project') project.publish('project.member-added', placeId, { projectId: placeId, projectName: 'p', userId: viewer.id, role: role as 'MEMBER', version });
      else channel.publish('channel.joined', placeId, { channelId: placeId, channelName: 'c', userId: viewer.id, role: role as 'MEMBER', version });
      peers[kind].setMember(placeId, viewer.id, answer(placeId, role));
    },
    removeMember(kind, placeId, viewer) {
      const version = nextVersion(placeId);
      if (kind === 'project') project.publish('project.member-removed', placeId, { projectId: placeId, projectName: 'p', userId: viewer.id, role: 'MEMBER', version });
      else channel.publish('channel.left', placeId, { channelId: placeId, channelName: 'c', userId: viewer.id, role: 'MEMBER', version });
      peers[kind].setMember(placeId, viewer.id, answer(placeId, null));
    },
    async stop() {
      await server.stop();
      await Promise.all([user.stop(), project.stop(), channel.stop()]);
      await database.drop();
      rmSync(uploads, { recursive: true, force: true });
    },
  };
}

export const createTask = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { cursor task { id ref title status priority dueAt version assignees { id } } } }';
export const updateTask = 'mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { cursor task { id title description status priority completedAt version assignees { id } } } }';
