import type { TaskChanged } from '@taskgraph/shared/contracts/task-events';
import { badInput, conflict, DomainError, forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import type { NewEvent, Place } from '@taskgraph/shared/event-log';
import { isUuid, newId } from '@taskgraph/shared/ids';
import type { Context } from '../context.js';
import { readAs } from '../database.js';
import type { LabelRow } from '../entities/label.js';
import type { TaskTemplateRow } from '../entities/task-template.js';
import type { TaskRow } from '../entities/task.js';
import { fold } from '../filter/fold.js';
import type { CreateTasksFromTemplateInput } from '../generated/resolver-types.js';
import { canCreate, canSee, type TaskPlace } from '../policies.js';
import { spreadRanks } from '../rank.js';
import { checkRecurrence } from '../recurrence/check-recurrence.js';
import { insertTasks, takeNumbers } from '../repositories/bulk-insert-repository.js';
import { lastRank, rankLock } from '../repositories/rank-repository.js';
import { findTemplate, findTemplatePlace } from '../repositories/template-repository.js';
import { scopeOf, standingIn, toCreate } from '../standing.js';
import { readSpan, type TemplateTask } from '../template-tasks.js';
import { cursorAt, diff, taskEvent, writeAs } from './write-task.js';

export interface MadeTasks {
  tasks: TaskRow[];
  cursor: string;
}

/** What a resend is answered from. */
export interface MadeRecord {
  taskIds: string[];
  place: Place;
}

/** Makes all tasks of a template in one transaction. Emits task.created with `imported` for each: nobody is notified (RULES §7). */
export async function createTasksFromTemplate(context: Context, input: CreateTasksFromTemplateInput): Promise<MadeTasks> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  const template = await requireTemplate(context, viewerId, input.templateId);
  const place = readTarget(input, template, viewerId);
  const standing = await standingIn(context, viewerId, place, toCreate);
  if (!canSee(standing)) throw notFound(place.projectId ? 'project' : 'channel');
  if (!canCreate(standing)) throw forbidden();
  if (!standing.writable) throw conflict('The project is archived.');
  const labels = place.projectId ? await context.labelsByScope.load(scopeOf(place)) : [];
  const tasks = tasksOf(template, place, viewerId, input.startAt ?? new Date(), labels);

  const scope = scopeOf(place);
  const lock = [...tasks.map((task) => `task:${task.id}`), rankLock(scope), ...(place.projectId ? [`counter:${scope}`] : [])];
  const last = await writeAs(context, viewerId, lock, async (tx) => {
    const ranks = spreadRanks(await lastRank(tx, scope, template.id), null, tasks.length);
    if (!ranks) throw new Error(`scope ${scope} has no ranks left at its end`);
    const first = place.projectId ? await takeNumbers(tx, scope, tasks.length) : 0;
    for (const [index, task] of tasks.entries()) {
      task.rank = ranks[index] as string;
      if (place.projectId) task.ref = `${standing.key ?? ''}-${first + index}`;
    }
    await insertTasks(tx, tasks);
    const places = await tx.emitAll(tasks.map((task) => createdEvent(context, task, labels)));
    const record: MadeRecord = { taskIds: tasks.map((task) => task.id), place: places.at(-1) as Place };
    tx.remember(record);
    return record;
  });
  return { tasks, cursor: cursorAt(context, last.place) };
}

/** The same tasks as they are today; without those that the viewer cannot see any more. */
export async function replayMadeTasks(context: Context, { taskIds, place }: MadeRecord): Promise<MadeTasks> {
  for (const id of taskIds) context.tasks.clear(id);
  const tasks: TaskRow[] = [];
  for (const task of await context.tasks.loadMany(taskIds)) {
    if (task instanceof Error) throw task;
    if (task) tasks.push(task);
  }
  return { tasks, cursor: cursorAt(context, place) };
}

/** NOT_FOUND alike for what does not exist and for what the viewer cannot see. */
export async function requireTemplate(context: Context, viewerId: string, id: string): Promise<TaskTemplateRow> {
  const place = await findTemplatePlace(context.database, id);
  if (!place) throw notFound('template');
  const standing = await standingIn(context, viewerId, { projectId: place.projectId, channelId: null, ownerId: place.projectId ? null : place.ownerId });
  const template = canSee(standing) ? await readAs(context.database, viewerId, (rows) => findTemplate(rows, id)) : null;
  if (!template) throw notFound('template');
  return template;
}

function readTarget({ projectId, channelId }: CreateTasksFromTemplateInput, template: TaskTemplateRow, viewerId: string): TaskPlace {
  if (projectId != null && channelId != null) throw badInput('input.channelId', 'must not be given together with projectId');
  if (projectId != null && !isUuid(projectId)) throw notFound('project');
  if (channelId != null && !isUuid(channelId)) throw notFound('channel');
  const project = projectId ?? (channelId == null ? template.projectId : null);
  return { projectId: project, channelId: channelId ?? null, ownerId: project === null && channelId == null ? viewerId : null };
}

/** Rows without rank and ref, each parent before its subtasks. */
function tasksOf(template: TaskTemplateRow, place: TaskPlace, viewerId: string, startAt: Date, labels: readonly LabelRow[]): TaskRow[] {
  const now = new Date();
  const createdAs = JSON.stringify([viewerId, { templateId: template.id }]);
  const ids = new Map(labels.map((label) => [label.nameKey, label.id]));
  const rows: TaskRow[] = [];
  const add = (task: TemplateTask, parentId: string | null): void => {
    const dueAt = dateAfter(startAt, task.dueAfter);
    const row: TaskRow = {
      id: newId(), ...place, scopeId: scopeOf(place), ref: null, title: task.title, description: task.description ?? null, status: 'PENDING',
      priority: task.priority ?? 5, startAt: dateAfter(startAt, task.startAfter), dueAt, completedAt: null, watcherIds: [], parentId, deletedAt: null, rank: '',
      labelIds: [...new Set((task.labels ?? []).flatMap((name) => ids.get(fold(name)) ?? []))].toSorted(), blocked: false,
      ...recurrenceOf(task, dueAt), titleKey: fold(task.title), creatorId: viewerId, assigneeIds: [], createdAs, createdAt: now, updatedAt: now,
      version: 1, eventSeq: 1,
    };
    rows.push(row);
    for (const subtask of task.subtasks ?? []) add(subtask, row.id);
  };
  for (const task of template.tasks) add(task, null);
  return rows;
}

function dateAfter(startAt: Date, span: string | undefined): Date | null {
  if (span === undefined) return null;
  const date = new Date(startAt.getTime() + (readSpan(span) ?? 0));
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9_999)) throw badInput('input.startAt', 'takes a date of the template out of the years 1 to 9999');
  return date;
}

function recurrenceOf({ recurrence }: TemplateTask, dueAt: Date | null) {
  try {
    return checkRecurrence(recurrence, dueAt);
  } catch (error) {
    throw error instanceof DomainError ? badInput('input.startAt', `does not suit the template: ${error.message}`) : error;
  }
}

function createdEvent(context: Context, task: TaskRow, labels: readonly LabelRow[]): NewEvent {
  const event = taskEvent(context, null, task, diff(null, task));
  const payload = event.payload as TaskChanged;
  const names = labels.filter((label) => task.labelIds.includes(label.id)).map((label) => label.nameKey);
  return { ...event, payload: { ...payload, state: { ...payload.state, labels: names }, imported: true } };
}
