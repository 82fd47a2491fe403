// Two tenants that share nothing, and a group that shares nothing with either: the people of a project, those of a channel, a stranger.
import { newId } from '@taskgraph/shared/ids';
import { expect } from 'vitest';
import { person, query, type Person } from '../client.js';
import type { Column } from './cells.js';
import type { Target } from './row.js';

export interface World {
  url: string;
  people: Record<Exclude<Column, 'anonymous'>, Person>;
  /** Members of nothing, to be added, removed and made something. */
  spare: [Person, Person, Person];
  /** The main project and channel, which no row changes. */
  projectId: string;
  projectKey: string;
  channelId: string;
  channelCode: string;
  /** Another project of OWNER alone. */
  secretProjectId: string;
  /** Words that stand in texts of each group, and who may read them. */
  words: { word: string; readers: Column[] }[];
  /** The same person with another token. */
  as(person: Person, accessToken: string): Person;
  /** A person nobody has met before. */
  newcomer(): Promise<Person>;
  make: Makers;
}

/** Each makes something of its own, by the person named, and answers its ids. */
export interface Makers {
  project(): Promise<Target>;
  channel(): Promise<Target>;
  /** A task in the main project, by MEMBER unless told otherwise. */
  task(by?: Person, more?: object): Promise<Target>;
  channelTask(by?: Person, more?: object): Promise<Target>;
  personalTask(by?: Person, more?: object): Promise<Target>;
  secretTask(more?: object): Promise<Target>;
}

const roles = ['VIEWER', 'MEMBER', 'MAINTAINER', 'OWNER'] as const;

let count = 0;
/** Letters and digits that no other name of this run has. */
export const unique = (): string => (count += 1).toString(36).padStart(4, '0');

export async function signUp(url: string, handle: string): Promise<Person> {
  const { data, errors } = await query(url, 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken refreshToken user { id handle } } }', {
    input: { handle, name: `Name of ${handle}`, email: `${handle}@mail.example`, password: passwordOf(handle) },
  });
  expect(errors).toBeUndefined();
  return { ...person(url, data.register), refreshToken: data.register.refreshToken } as Person;
}

export const passwordOf = (handle: string): string => `password of ${handle}`;

/** Another session of the same person. */
export async function signInAgain(url: string, { handle }: Person): Promise<Person & { refreshToken: string }> {
  const { data, errors } = await query(url, 'mutation ($input: LoginInput!) { login(input: $input) { accessToken refreshToken user { id handle } } }', {
    input: { login: handle, password: passwordOf(handle) },
  });
  expect(errors).toBeUndefined();
  return { ...person(url, data.login), refreshToken: data.login.refreshToken };
}

export async function buildWorld(url: string): Promise<World> {
  // The first to register is ADMIN.
  const admin = await signUp(url, 'admin');
  const names = ['stranger', 'viewer', 'member', 'maintainer', 'owner', 'chmember', 'chmoderator', 'chowner', 'spare0', 'spare1', 'spare2'];
  const signedUp = await Promise.all(names.map((name) => signUp(url, name)));
  const [stranger, viewer, member, maintainer, owner, chMember, chModerator, chOwner, ...spare] = signedUp as [Person, Person, Person, Person, Person, Person, Person, Person, Person, Person, Person];
  const people: World['people'] = {
    stranger, VIEWER: viewer, MEMBER: member, MAINTAINER: maintainer, OWNER: owner,
    'channel MEMBER': chMember, 'channel MODERATOR': chModerator, 'channel OWNER': chOwner, ADMIN: admin,
  };
  const makers = makersOf(people);
  const project = await makers.project();
  const channel = await makers.channel();
  const projectId = project['projectId'] as string;
  const channelId = channel['channelId'] as string;
  const secret = await owner.ok('mutation ($key: String!) { createProject(input: { key: $key, name: "hushsecret project" }) { project { id } } }', { key: keyOf() });
  // The stranger has the same kinds of things, so that an empty answer is no accident.
  const foreign = await stranger.ok('mutation ($key: String!) { createProject(input: { key: $key, name: "hushstranger project" }) { project { id } } }', { key: keyOf() });
  await stranger.ok('mutation { createChannel(input: { name: "hushstranger channel" }) { channel { id } } }');
  await stranger.ok('mutation ($projectId: ID) { createTask(input: { projectId: $projectId, title: "hushstranger task" }) { cursor } }', { projectId: foreign.createProject.project.id });
  await stranger.ok('mutation { createTask(input: { title: "hushstranger personal" }) { cursor } }');

  // News for somebody in no column.
  await owner.ok('mutation ($input: AddProjectMemberInput!) { addProjectMember(input: $input) { project { id } } }', { input: { projectId: secret.createProject.project.id, userId: spare[0].id, role: 'VIEWER' } });
  const secretProjectId: string = secret.createProject.project.id;
  return {
    url, people, spare, projectId, projectKey: project['projectKey'] as string, channelId, channelCode: channel['channelCode'] as string, secretProjectId,
    words: [
      { word: 'hushproject', readers: [...roles] },
      { word: 'hushsecret', readers: ['OWNER'] },
      { word: 'hushpersonal', readers: ['OWNER'] },
      { word: 'hushchannel', readers: ['channel MEMBER', 'channel MODERATOR', 'channel OWNER'] },
      { word: 'hushstranger', readers: ['stranger'] },
      { word: channel['channelCode'] as string, readers: ['channel MEMBER', 'channel MODERATOR', 'channel OWNER'] },
    ],
    as: ({ id, handle }, accessToken) => person(url, { accessToken, user: { id, handle } }),
    newcomer: () => signUp(url, `newcomer-${unique()}`),
    make: {
      ...makers,
      task: (by = member, more = {}) => makeTask(by, { projectId, title: 'hushproject task', ...more }),
      channelTask: (by = chMember, more = {}) => makeTask(by, { channelId, title: 'hushchannel task', ...more }),
      personalTask: (by = owner, more = {}) => makeTask(by, { title: by === owner ? 'hushpersonal task' : 'Something personal', ...more }),
      secretTask: (more = {}) => makeTask(owner, { projectId: secretProjectId, title: 'hushsecret task', ...more }),
    },
  };
}

/** Keys of projects are letters and digits and never given twice. */
export const keyOf = (): string => `K${unique().toUpperCase()}`;

async function makeTask(by: Person, input: object): Promise<Target> {
  const { createTask } = await by.ok('mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id ref } undoToken cursor } }', { input });
  return { taskId: createTask.task.id, ...(createTask.task.ref ? { taskRef: createTask.task.ref } : {}), undoToken: createTask.undoToken, cursor: createTask.cursor };
}

function makersOf(people: World['people']): Pick<Makers, 'project' | 'channel'> {
  return {
    async project() {
      const projectKey = keyOf();
      const { createProject } = await people.OWNER.ok(
        'mutation ($key: String!) { createProject(input: { key: $key, name: "hushproject project", description: "hushproject words" }) { project { id } } }', { key: projectKey },
      );
      const projectId: string = createProject.project.id;
      for (const role of ['VIEWER', 'MEMBER', 'MAINTAINER'] as const) {
        await people.OWNER.ok('mutation ($input: AddProjectMemberInput!) { addProjectMember(input: $input) { project { id } } }', { input: { projectId, userId: people[role].id, role } });
      }
      return { projectId, projectKey };
    },
    /** Its name and description carry no word: whoever has the code may read them. */
    async channel() {
      const owner = people['channel OWNER'];
      const { createChannel } = await owner.ok('mutation { createChannel(input: { name: "Open house", description: "Come in" }) { channel { id code } } }');
      const { id: channelId, code: channelCode } = createChannel.channel;
      for (const column of ['channel MEMBER', 'channel MODERATOR'] as const) {
        await people[column].ok('mutation ($code: String!) { joinChannel(input: { code: $code }) { channel { id } } }', { code: channelCode });
      }
      await owner.ok('mutation ($input: ChangeChannelMemberRoleInput!) { changeChannelMemberRole(input: $input) { channel { id } } }', {
        input: { channelId, userId: people['channel MODERATOR'].id, role: 'MODERATOR' },
      });
      return { channelId, channelCode };
    },
  };
}

/** An id that nothing has. */
export const missingId = (): string => newId();
