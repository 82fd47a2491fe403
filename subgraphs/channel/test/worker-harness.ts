// Runs the real worker and the real API on one database, against test peers and a real SMTP server.
import { newId } from '@taskgraph/shared/ids';
import { createLogger } from '@taskgraph/shared/logger';
import type { Viewer } from '@taskgraph/shared/identity';
import pg from 'pg';
import { loadConfig } from '../src/config.js';
import { startWorker } from '../src/worker.js';
import { startChannel, type Harness } from './harness.js';
import { startPeer, type TestPeer } from './peers.js';
import { startSmtp, type TestSmtp } from './smtp.js';

export interface Person extends Viewer {
  handle: string;
  email: string;
}

export interface WorkerHarness {
  api: Harness;
  user: TestPeer;
  project: TestPeer;
  task: TestPeer;
  stats: TestPeer;
  smtp: TestSmtp;
  /** Rows, read as superuser. */
  sql: <R extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<R[]>;
  start: (extra?: Record<string, string>) => Promise<{ missing: () => Promise<string[]>; stop: () => Promise<void> }>;
  /** Registers somebody. */
  person: (handle: string, more?: object) => Person;
  stop: () => Promise<void>;
}

export async function startWorld(): Promise<WorkerHarness> {
  const [user, project, task, stats, smtp] = await Promise.all([startPeer(), startPeer(), startPeer(), startPeer(), startSmtp()]);
  const api = await startChannel({ PROJECT_URL: project.url });
  const admin = new pg.Client(api.database.admin);
  await admin.connect();
  await admin.query('set search_path to channel');
  return {
    api, user, project, task, stats, smtp,
    sql: async (text, values) => (await admin.query(text, values)).rows as never,
    start: (extra = {}) => {
      const settings = {
        ...api.settings, ROLES: 'worker', USER_URL: user.url, PROJECT_URL: project.url, TASK_URL: task.url, STATS_URL: stats.url, SMTP_URL: smtp.url,
        QUEUE_DATABASE_URL: api.database.queue, PUBLIC_URL: 'https://tasks.example.org', ...extra,
      };
      return startWorker(loadConfig(settings), createLogger({ service: 'channel worker', level: 'fatal' }));
    },
    person(handle, more = {}) {
      const id = newId();
      const email = `${handle}@example.org`;
      const payload = { userId: id, handle, name: handle.toUpperCase(), email, emailVerified: false, timeZone: 'UTC', role: 'MEMBER', active: true, version: 1, ...more };
      user.append({ type: 'user.registered', aggregateId: id, payload, actorId: id });
      return { id, role: payload.role as Viewer['role'], sessionId: newId(), handle, email };
    },
    async stop() {
      await admin.end();
      await Promise.all([user.stop(), project.stop(), task.stop(), stats.stop(), smtp.stop()]);
      await api.stop();
    },
  };
}

/** A project with an owner and members, told of in the project log. */
export function makeProject(world: WorkerHarness, owner: Person, members: Person[] = []): { id: string } {
  const id = newId();
  const append = (type: string, payload: object) => world.project.append({ type, aggregateId: id, payload, actorId: owner.id });
  append('project.created', { projectId: id, key: 'WEB', name: 'Website', status: 'ACTIVE', version: 1, ownerId: owner.id });
  world.project.setRole(id, owner.id, 'OWNER');
  members.forEach((member, index) => {
    append('project.member-added', { projectId: id, projectName: 'Website', userId: member.id, role: 'MEMBER', version: index + 2 });
    world.project.setRole(id, member.id, 'MEMBER');
  });
  return { id };
}

export interface TaskOptions {
  actor: Person;
  projectId?: string | null;
  channelId?: string | null;
  taskId?: string;
  creator?: Person;
  before?: Person[] | null;
  after: Person[];
  title?: string;
  fields?: string[];
  at?: Date;
  imported?: boolean;
  watchers?: Person[];
  dueAt?: Date;
  /** Where it lay before. */
  from?: { projectId?: string; channelId?: string; ownerId?: string };
  /** Nobody did it, as with what is due. */
  nobody?: boolean;
  /** More of the payload, as of a comment. */
  more?: object;
}

/** Appends an event of a task; answers the event's id. */
export function tellTask(world: WorkerHarness, type: string, options: TaskOptions): string {
  const { actor, projectId = null, channelId = null, taskId = newId(), creator = actor, before = null, after, title = 'Write tests', fields = ['title'], at = new Date(), imported, watchers = [], dueAt, from, nobody = false, more = {} } = options;
  const state = (people: Person[]) => ({
    title, status: type === 'task.completed' ? 'COMPLETED' : 'PENDING', priority: 5, startAt: null, dueAt: dueAt?.toISOString() ?? null, completedAt: null,
    assigneeIds: people.map((person) => person.id), watcherIds: watchers.map((person) => person.id), createdAt: at.toISOString(), updatedAt: at.toISOString(),
  });
  const ownerId = projectId || channelId ? null : actor.id;
  const payload = {
    taskId, ref: projectId ? 'WEB-1' : null, projectId, channelId, ownerId, creatorId: creator.id,
    state: { ...state(after), projectId, channelId, ownerId },
    before: before && { ...state(before), ...(from ? { projectId: null, channelId: null, ownerId: null, ...from } : { projectId, channelId, ownerId }) }, changes: fields.map((field) => ({ field, before: null, after: null })), version: 1, ...(imported ? { imported } : {}), ...more,
  };
  return world.task.append({ type, aggregateId: taskId, payload, actorId: nobody ? null : actor.id, at });
}
