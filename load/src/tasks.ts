// The tasks of a load, oldest first, with their comments. A task refers only to earlier ones.
import type { TaskStatus } from '@taskgraph/shared/contracts/task-events';
import { scopeId } from '@taskgraph/shared/scope';
import type { CommentRow } from '@taskgraph/task/dist/entities/comment.js';
import type { TaskRow } from '@taskgraph/task/dist/entities/task.js';
import { streams, type ChannelPlan, type Plan, type ProjectPlan } from './plan.js';
import { createRandom, type Random } from './random.js';
import { sentences, title as titleOf } from './words.js';

export interface LoadedTask {
  /** Without ref and rank, which are given out when it is written. */
  task: TaskRow;
  blockedBy: string[];
  comments: CommentRow[];
  /** Folded names of its labels. */
  labelNames: string[];
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** Shares of all tasks: the first project, channels, personal ones; the other projects have the rest. */
const shares = { first: 0.6, channels: 0.05, personal: 0.05 };

/** The latest tasks of a place that others can hang under or wait for: none of them is in the trash or a subtask itself. */
const recent = 16;

interface Where {
  place: ProjectPlan | ChannelPlan | null;
  /** Of a personal task. */
  ownerId: string | null;
  scope: string;
}

export function* makeTasks(plan: Plan): Generator<LoadedTask> {
  const roots = new Map<string, TaskRow[]>();
  for (let index = 0; index < plan.tasks; index += 1) {
    const random = createRandom(plan.seed, streams.tasks, index);
    const where = placeOf(plan, random);
    const known = roots.get(where.scope) ?? [];
    const loaded = makeTask(plan, random, index, where, known);
    if (loaded.task.parentId === null && loaded.task.deletedAt === null) {
      roots.set(where.scope, known);
      known[known.length < recent ? known.length : index % recent] = loaded.task;
    }
    yield loaded;
  }
}

function placeOf(plan: Plan, random: Random): Where {
  const at = random.next();
  const others = plan.projects.slice(1);
  const inPlace = (place: ProjectPlan | ChannelPlan): Where => ({ place, ownerId: null, scope: place.scopeId });
  if (at < shares.channels) return inPlace(random.pickEarly(plan.channels));
  if (at < shares.channels + shares.personal) {
    const owner = random.pick(plan.people);
    return { place: null, ownerId: owner.id, scope: scopeId('user', owner.id) };
  }
  return inPlace(others.length === 0 || at < shares.channels + shares.personal + shares.first ? (plan.projects[0] as ProjectPlan) : random.pickEarly(others));
}

function makeTask(plan: Plan, random: Random, index: number, { place, ownerId, scope }: Where, earlier: readonly TaskRow[]): LoadedTask {
  /** 0 for the oldest task, nearly 1 for the newest. */
  const age = (index + random.next()) / plan.tasks;
  // Places and people take the first two days.
  const start = plan.from.getTime() + 2 * dayMs;
  const createdAt = new Date(Math.floor(start + age * (plan.until.getTime() - start)));
  const writers = place?.writers ?? [ownerId as string];
  const id = random.id(createdAt);
  const creatorId = random.pickEarly(writers);
  const status = statusAt(random, age);
  const dates = datesOf(plan, random, status, createdAt);
  const deletedAt = random.chance(0.005) ? new Date(Math.max(createdAt.getTime(), plan.until.getTime() - random.below(29 * dayMs))) : null;
  const open = status === 'PENDING' || status === 'IN_PROGRESS';

  const labels = place?.kind === 'project' && random.chance(0.35) ? distinct([random.pickEarly(place.labels), ...(random.chance(0.25) ? [random.pick(place.labels)] : [])]) : [];
  const assigned = place && random.chance(0.8) ? distinct(Array.from({ length: random.chance(0.15) ? 2 : 1 }, () => random.pickEarly(writers))) : [];
  const watcherIds = place && random.chance(0.05) ? [random.pick(place.members.map(({ userId }) => userId))] : [];
  const parent = random.chance(0.08) && deletedAt === null && earlier.length > 0 ? random.pick(earlier) : null;
  // What is done was not blocked when it was completed.
  const blocker = open && random.chance(0.1) && earlier.length > 0 ? random.pick(earlier) : null;
  const blockedBy = blocker && blocker.id !== parent?.id ? [blocker] : [];
  const recurs = open && parent === null && deletedAt === null && dates.dueAt !== null && random.chance(0.03);
  const title = titleOf(random);

  const task: TaskRow = {
    id, scopeId: scope, projectId: place?.kind === 'project' ? place.id : null, channelId: place?.kind === 'channel' ? place.id : null, ownerId,
    ref: null, title, description: random.chance(0.5) ? sentences(random, 4) : null, status, priority: priorityOf(random), ...dates, creatorId,
    assigneeIds: assigned, watcherIds, labelIds: labels.map((label) => label.id), parentId: parent?.id ?? null, deletedAt, rank: '',
    blocked: blockedBy.some((task) => task.status === 'PENDING' || task.status === 'IN_PROGRESS'),
    ...(recurs
      ? { recurrenceRule: random.pick(['FREQ=DAILY', 'FREQ=WEEKLY', 'FREQ=MONTHLY']), recurrenceTimeZone: 'Europe/Berlin', recurrenceStart: dates.dueAt, seriesId: random.id(createdAt) }
      : { recurrenceRule: null, recurrenceTimeZone: null, recurrenceStart: null, seriesId: null }),
    titleKey: title.toLowerCase(), createdAs: 'load', createdAt, version: 1, eventSeq: 1,
  };
  const comments = commentsOn(plan, random, task, place);
  // Each comment is an event, though no version.
  task.eventSeq += comments.length;
  return { task, blockedBy: blockedBy.map((other) => other.id), comments, labelNames: labels.map((label) => label.name.toLowerCase()) };
}

const distinct = <T>(list: T[]): T[] => [...new Set(list)];

/** Old tasks are done, new ones are open. */
function statusAt(random: Random, age: number): TaskStatus {
  if (random.chance(0.03 + 0.75 * age ** 12)) return random.chance(0.25) ? 'IN_PROGRESS' : 'PENDING';
  return random.chance(0.08) ? 'CANCELLED' : 'COMPLETED';
}

/** Most tasks have the middle one, few have the ends. */
const priorityOf = (random: Random): number => 1 + Math.floor(((random.next() + random.next()) / 2) * 10);

function datesOf(plan: Plan, random: Random, status: TaskStatus, createdAt: Date): Pick<TaskRow, 'startAt' | 'dueAt' | 'completedAt' | 'updatedAt'> {
  const [created, until] = [createdAt.getTime(), plan.until.getTime()];
  // Never piled up at the end: many tasks of one instant are no usual list.
  const within = (from: number, most: number) => new Date(Math.floor(Math.min(from, until) + random.next() ** 3 * Math.max(0, Math.min(most, until - from))));
  const completedAt = status === 'COMPLETED' ? within(created + hourMs, 60 * dayMs) : null;
  const updatedAt = completedAt ?? within(created, until - created);
  let dueAt: Date | null = null;
  if (random.chance(0.6)) {
    if (status === 'COMPLETED' || status === 'CANCELLED') dueAt = wholeHour(created + hourMs + random.below(40 * dayMs));
    else if (random.chance(0.05)) dueAt = wholeHour(Math.max(created, until - random.below(30 * dayMs)) + hourMs);
    else dueAt = wholeHour(until + dayMs + random.below(120 * dayMs));
  }
  const startAt = dueAt && random.chance(0.3) ? new Date(dueAt.getTime() - (1 + random.below(9)) * dayMs) : null;
  return { startAt, dueAt, completedAt, updatedAt };
}

const wholeHour = (time: number): Date => new Date(Math.floor(time / hourMs) * hourMs);

function commentsOn(plan: Plan, random: Random, task: TaskRow, place: Where['place']): CommentRow[] {
  if (!place || task.deletedAt || !random.chance(0.1)) return [];
  const comments: CommentRow[] = [];
  let at = task.createdAt.getTime();
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    at = Math.min(plan.until.getTime() - count, at + hourMs + random.below(5 * dayMs));
    const createdAt = new Date(Math.max(at, task.createdAt.getTime()));
    comments.push({
      id: random.id(createdAt), taskId: task.id, scopeId: task.scopeId, authorId: random.pick(place.members.map(({ userId }) => userId)), body: sentences(random, 2),
      mentionIds: [], createdAs: 'load', createdAt, editedAt: null, version: 1,
    });
  }
  return comments;
}
