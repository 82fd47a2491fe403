// One started system that all proofs share, and people and things of its own for each.
import { newId } from '@taskgraph/shared/ids';
import { expect } from 'vitest';
import { graph } from '../authorization/row.js';
import { query, register, type Answer, type Subscription } from '../client.js';
import { onDatabase } from '../database.js';
import { mailedToken, mailTo } from '../mails.js';
import type { System } from '../system.js';
import { clientOf, type Client } from './session.js';

export interface Someone extends Client {
  id: string;
  handle: string;
  email: string;
  password: string;
}

export interface MadeProject {
  id: string;
  key: string;
  name: string;
  owner: Client;
}

export interface MadeTask {
  id: string;
  ref: string | null;
  version: number;
  cursor: string;
  undoToken: string;
}

export interface MadeChannel {
  id: string;
  code: string;
  owner: Client;
}

export interface World {
  url: string;
  /** Without a token. */
  anonymous: Client;
  /** The first who registered: the installation's ADMIN. */
  admin: Someone;
  /** Registers somebody new. */
  person(name?: string): Promise<Someone>;
  /** Another session of the same person. */
  login(who: Someone): Promise<Someone & { refreshToken: string }>;
  /** Whoever bears this access or API token. */
  bearer(token: string): Client;
  project(owner: Client, input?: { name?: string; key?: string; description?: string }): Promise<MadeProject>;
  /** Somebody new who has this role in the project. */
  member(project: MadeProject, role: 'OWNER' | 'MAINTAINER' | 'MEMBER' | 'VIEWER'): Promise<Someone>;
  /** A task by its creator: personal, or where the input says. */
  task(creator: Client, input?: Record<string, unknown>): Promise<MadeTask>;
  channel(owner: Client, name?: string): Promise<MadeChannel>;
  /** Somebody new who has joined the channel; MODERATOR and OWNER are made so by its owner. */
  joined(channel: MadeChannel, role?: 'MEMBER' | 'MODERATOR' | 'OWNER'): Promise<Someone>;
  /** The one-time token in the newest mail to the address with this subject; waits for it. */
  mailed(email: string, subject: string): Promise<string>;
  /** The newest mail to the address with this subject; waits for it. */
  mail(email: string, subject: string): Promise<string>;
  /** Runs one statement as the database's administrator: for what no client can bring about in the time of a test. */
  onDatabase(text: string, values?: unknown[]): Promise<unknown[]>;
  /** Runs one after the other what makes somebody ADMIN for a while, and what says that `admin` is the only one. */
  amongAdmins(work: () => Promise<void>): Promise<void>;
  /** Ends what proofs left open. */
  close(): Promise<void>;
}

let count = 0;
/** Letters and digits that no other name of this run has. */
export const unique = (): string => (count += 1).toString(36).padStart(4, '0');
/** Keys of projects are letters and digits and never given twice. */
export const uniqueKey = (): string => `K${unique().toUpperCase()}`;
/** An id that nothing has. */
export const missingId = (): string => newId();

/** A mutation that takes one `input`, or none. */
export function mutation(name: string, selection: string): string {
  const field = graph.getMutationType()?.getFields()[name];
  if (!field) throw new Error(`the graph has no mutation ${name}`);
  const [argument] = field.args;
  return argument
    ? `mutation ($input: ${argument.type.toString()}) { ${name}(input: $input) { ${selection} } }`
    : `mutation { ${name} { ${selection} } }`;
}

/** Starts with an ADMIN; `system` must be empty. */
export async function buildWorld(system: System): Promise<World> {
  const { url } = system;
  const open: Subscription[] = [];
  let lastAmongAdmins: Promise<unknown> = Promise.resolve();
  const client = (token?: string): Client => clientOf(url, token, open);
  const person = async (name = 'Somebody'): Promise<Someone> => {
    const handle = `p-${unique()}`;
    const { id, accessToken } = await register(url, handle, name);
    return { ...client(accessToken), id, handle, email: `${handle}@example.org`, password: `password of ${handle}` };
  };
  const world: World = {
    url, person,
    anonymous: client(),
    admin: await person('The first'),
    bearer: client,
    async login(who) {
      const { data, errors }: Answer = await query(url, mutation('login', 'accessToken refreshToken'), { input: { login: who.handle, password: who.password } });
      expect(errors).toBeUndefined();
      return { ...who, ...client(data.login.accessToken), refreshToken: data.login.refreshToken };
    },
    async project(owner, input = {}) {
      const { createProject } = await owner.ask(mutation('createProject', 'project { id key name }'), { input: { key: uniqueKey(), name: 'A project', ...input } });
      return { ...createProject.project, owner };
    },
    async member(project, role) {
      const who = await person(`The ${role.toLowerCase()}`);
      await project.owner.ask(mutation('addProjectMember', 'project { id }'), { input: { projectId: project.id, userId: who.id, role } });
      return who;
    },
    async task(creator, input = {}) {
      const { createTask } = await creator.ask(mutation('createTask', 'cursor undoToken task { id ref version }'), { input: { title: 'A task', ...input } });
      return { ...createTask.task, cursor: createTask.cursor, undoToken: createTask.undoToken };
    },
    async channel(owner, name = 'A channel') {
      const { createChannel } = await owner.ask(mutation('createChannel', 'channel { id code }'), { input: { name } });
      return { ...createChannel.channel, owner };
    },
    async joined(channel, role = 'MEMBER') {
      const who = await person(`The ${role.toLowerCase()}`);
      await who.ask(mutation('joinChannel', 'channel { id }'), { input: { code: channel.code } });
      if (role !== 'MEMBER') await channel.owner.ask(mutation('changeChannelMemberRole', 'channel { id }'), { input: { channelId: channel.id, userId: who.id, role } });
      return who;
    },
    mailed: (email, subject) => mailedToken(system.dataDir, email, subject),
    mail: (email, subject) => mailTo(system.dataDir, email, subject),
    onDatabase: (text, values) => onDatabase(system.dataDir, text, values),
    async amongAdmins(work) {
      const mine = lastAmongAdmins.then(work);
      lastAmongAdmins = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      await Promise.all(open.map((subscription) => subscription.close()));
    },
  };
  return world;
}
