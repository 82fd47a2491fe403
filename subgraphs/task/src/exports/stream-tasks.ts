// The tasks of an export, page by page, as the person who exports sees them at that moment.
import { userNames } from '@taskgraph/shared/contracts/user-status';
import type { Peer } from '@taskgraph/shared/peer';
import { scopeId } from '@taskgraph/shared/scope';
import type { DataSource } from 'typeorm';
import { readAs, type Rows } from '../database.js';
import type { TaskRow } from '../entities/task.js';
import { scopesOf } from '../filter/narrowing.js';
import { readFilter } from '../filter/read-filter.js';
import { positionOf, type Sort, type SortPosition } from '../filter/sort.js';
import type { TaskFilter } from '../generated/resolver-types.js';
import { findLabels } from '../repositories/label-repository.js';
import { listTasks, visibleScopes } from '../repositories/task-repository.js';

/** A task with the names that stand for what it refers to. */
export interface ExportedTask {
  task: TaskRow;
  assignees: string[];
  labels: string[];
  /** Ref of the parent, or its id where it has none. */
  parent: string | null;
}

const pageSize = 1_000;
/** Oldest first, so that parents mostly come before their subtasks, as imports need it. */
const sort: Sort = [{ field: 'CREATED_AT', descending: false }, { field: 'ID', descending: false }];
/** Most ids of one question to the user subgraph. */
const askLimit = 100;

/** Scope after scope, in short transactions; a scope that is lost on the way ends there. */
export async function* exportedTasks(database: DataSource, users: Peer, viewerId: string, filter: TaskFilter | null): AsyncGenerator<ExportedTask[]> {
  const condition = readFilter(filter);
  const now = new Date();
  const only = scopesOf(condition, scopeId('user', viewerId));
  const visible = await readAs(database, viewerId, (rows) => visibleScopes(rows, viewerId));
  const handles = new Map<string, string>();
  for (const scope of visible.filter((id) => only?.includes(id) ?? true)) {
    let after: SortPosition | null = null;
    do {
      const page: { tasks: TaskRow[]; labels: Map<string, string>; refs: Map<string, string> } = await readAs(database, viewerId, async (rows) => {
        const list = { condition, sort, now, page: { size: pageSize, backward: false, after, before: null } };
        const tasks = (await listTasks(rows, { kind: 'scopes', viewerId, scopes: [scope] }, list)).slice(0, pageSize + 1);
        return { tasks, labels: await labelNames(rows, tasks), refs: await parentRefs(rows, tasks) };
      });
      const tasks = page.tasks.slice(0, pageSize);
      await learnHandles(users, handles, tasks);
      if (tasks.length > 0) {
        yield tasks.map((task) => ({
          task,
          assignees: task.assigneeIds.map((id) => handles.get(id) ?? id),
          labels: task.labelIds.flatMap((id) => page.labels.get(id) ?? []),
          parent: task.parentId && (page.refs.get(task.parentId) ?? task.parentId),
        }));
      }
      after = page.tasks.length > pageSize ? positionOf(sort, tasks.at(-1) as TaskRow) : null;
    } while (after);
  }
}

async function labelNames(rows: Rows, tasks: readonly TaskRow[]): Promise<Map<string, string>> {
  const ids = [...new Set(tasks.flatMap((task) => task.labelIds))];
  return new Map(ids.length > 0 ? (await findLabels(rows, ids)).map((label) => [label.id, label.name]) : []);
}

async function parentRefs(rows: Rows, tasks: readonly TaskRow[]): Promise<Map<string, string>> {
  const ids = [...new Set(tasks.flatMap((task) => task.parentId ?? []))];
  if (ids.length === 0) return new Map();
  const found = await rows<{ id: string; ref: string }>('select id, ref from tasks where id = any ($1::uuid[]) and ref is not null', [ids]);
  return new Map(found.map(({ id, ref }) => [id, ref]));
}

/** Who cannot be found goes by the id. */
async function learnHandles(users: Peer, known: Map<string, string>, tasks: readonly TaskRow[]): Promise<void> {
  const unknown = [...new Set(tasks.flatMap((task) => task.assigneeIds))].filter((id) => !known.has(id));
  for (let from = 0; from < unknown.length; from += askLimit) {
    const answer = userNames.parse(await users.get(`/internal/users?handlesOf=${unknown.slice(from, from + askLimit).join(',')}`));
    for (const { id, handle } of answer) known.set(id, handle);
  }
}
