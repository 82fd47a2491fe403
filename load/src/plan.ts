// People, projects and channels of a load, and who is a member of what.
import type { ChannelRole } from '@taskgraph/shared/contracts/channel-events';
import type { ProjectRole } from '@taskgraph/shared/contracts/project-events';
import { scopeId } from '@taskgraph/shared/scope';
import { createRandom, type Random } from './random.js';
import { channelNames, firstNames, labelNames, lastNames, projectNames, sentences, timeZones } from './words.js';

export interface Amounts {
  tasks: number;
  users: number;
  projects: number;
  seed: number;
}

export interface Person {
  id: string;
  handle: string;
  name: string;
  timeZone: string;
  createdAt: Date;
}

export interface Member<Role> {
  userId: string;
  role: Role;
  joinedAt: Date;
}

interface PlaceOf<Kind, Role> {
  kind: Kind;
  id: string;
  scopeId: string;
  name: string;
  description: string;
  createdAt: Date;
  /** The owner first. */
  members: Member<Role>[];
  /** Members who write tasks, the busiest first. */
  writers: string[];
}

export interface ProjectPlan extends PlaceOf<'project', ProjectRole> {
  key: string;
  labels: { id: string; name: string; color: string }[];
}

export type ChannelPlan = PlaceOf<'channel', ChannelRole>;

export interface Plan extends Pick<Amounts, 'tasks' | 'seed'> {
  /** Everything lies between these two moments, but for due dates. */
  from: Date;
  until: Date;
  people: Person[];
  /** The first one holds most of the tasks. */
  projects: ProjectPlan[];
  channels: ChannelPlan[];
}

/** How far back the oldest task lies, in days. */
const days = 730;
const dayMs = 86_400_000;

/** What a random number is drawn for (see random.ts). */
export const streams = { people: 1, projects: 2, channels: 3, tasks: 4 } as const;

/** The same amounts on the same day (UTC) make the same plan. */
export function makePlan(amounts: Amounts, today: Date): Plan {
  const until = new Date(Math.floor(today.getTime() / dayMs) * dayMs);
  const from = new Date(until.getTime() - days * dayMs);
  const people = Array.from({ length: amounts.users }, (_, index) => person(amounts.seed, index, from));
  return {
    tasks: amounts.tasks, seed: amounts.seed, from, until, people,
    projects: Array.from({ length: amounts.projects }, (_, index) => project(amounts.seed, index, people, from)),
    channels: Array.from({ length: Math.ceil(amounts.projects / 4) }, (_, index) => channel(amounts.seed, index, people, from)),
  };
}

/** The first account's handle: taken when the same seed was loaded before. */
export const firstHandle = (seed: number): string => handleOf(seed, 0);

const handleOf = (seed: number, index: number): string => {
  const random = createRandom(seed, streams.people, index);
  return `${random.pick(firstNames)}-${random.pick(lastNames)}-${seed}-${index + 1}`;
};

function person(seed: number, index: number, from: Date): Person {
  const handle = handleOf(seed, index);
  const random = createRandom(seed, streams.people, 1_000_000 + index);
  const createdAt = new Date(from.getTime() + index * 1_000);
  const name = handle.split('-').slice(0, 2).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
  return { id: random.id(createdAt), handle, name, timeZone: random.pick(timeZones), createdAt };
}

/** `count` different people, the owner first. */
function gather(random: Random, people: readonly Person[], count: number): Person[] {
  const rest = [...people];
  return Array.from({ length: Math.min(count, people.length) }, () => rest.splice(random.below(rest.length), 1)[0] as Person);
}

function project(seed: number, index: number, people: readonly Person[], from: Date): ProjectPlan {
  const random = createRandom(seed, streams.projects, index);
  const createdAt = new Date(from.getTime() + dayMs + index * 60_000);
  const id = random.id(createdAt);
  // Everybody works in the first one, where most of the tasks are.
  const members = gather(random, people, index === 0 ? people.length : Math.max(2, Math.ceil(people.length / 4))).map(({ id: userId }, place): Member<ProjectRole> => ({
    userId, role: place === 0 ? 'OWNER' : place <= 2 ? 'MAINTAINER' : random.chance(0.1) ? 'VIEWER' : 'MEMBER', joinedAt: new Date(createdAt.getTime() + place),
  }));
  const turn = Math.floor(index / projectNames.length);
  const name = `${projectNames[index % projectNames.length]}${turn === 0 ? '' : ` ${turn + 1}`}`;
  return {
    kind: 'project', id, scopeId: scopeId('project', id), key: keyOf(seed, index), name, description: sentences(random, 3), createdAt, members,
    writers: members.filter(({ role }) => role !== 'VIEWER').map(({ userId }) => userId),
    labels: labelNames.map(([label, color]) => ({ id: random.id(createdAt), name: label, color })),
  };
}

/** L, the seed, X and the project's number: at most ten characters, and no other load's. */
const keyOf = (seed: number, index: number): string => `L${seed.toString(36)}X${(index + 1).toString(36)}`.toUpperCase();

function channel(seed: number, index: number, people: readonly Person[], from: Date): ChannelPlan {
  const random = createRandom(seed, streams.channels, index);
  const createdAt = new Date(from.getTime() + dayMs + index * 60_000);
  const id = random.id(createdAt);
  const members = gather(random, people, Math.max(2, Math.ceil(people.length / 3))).map(({ id: userId }, place): Member<ChannelRole> => ({
    userId, role: place === 0 ? 'OWNER' : place === 1 ? 'MODERATOR' : 'MEMBER', joinedAt: new Date(createdAt.getTime() + place),
  }));
  const turn = Math.floor(index / channelNames.length);
  return {
    kind: 'channel', id, scopeId: scopeId('channel', id), name: `${channelNames[index % channelNames.length]}${turn === 0 ? '' : ` ${turn + 1}`}`,
    description: sentences(random, 2), createdAt, members, writers: members.map(({ userId }) => userId),
  };
}
