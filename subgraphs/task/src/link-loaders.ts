// Batches of one request over how tasks hang together; like loaders.ts one statement per level, with the viewer's eyes.
import DataLoader from 'dataloader';
import type { Viewer } from '@taskgraph/shared/identity';
import type { PageRequest } from '@taskgraph/shared/pagination';
import { selectRows } from '@taskgraph/shared/database';
import type { Services } from './context.js';
import { readAs, type Rows } from './database.js';
import type { TaskRow } from './entities/task.js';
import { blockersOf, dependentsOf } from './repositories/dependency-repository.js';
import { countSubtasks, listSubtasks, type SubtaskCount } from './repositories/subtask-repository.js';

export interface SubtaskPageKey {
  parentId: string;
  page: PageRequest;
}

export interface LinkLoaders {
  /** One page of a visible task's subtasks. */
  subtasksByParent: DataLoader<SubtaskPageKey, TaskRow[], string>;
  /** How many subtasks a visible task has; null without any. */
  subtaskCounts: DataLoader<string, SubtaskCount | null>;
  /** Ids of what a task waits for, whether or not the viewer can see them. */
  blockerIds: DataLoader<string, string[]>;
  /** Ids of what waits for a task, likewise. */
  dependentIds: DataLoader<string, string[]>;
}

const pageKey = ({ parentId, page }: SubtaskPageKey) => `${parentId} ${JSON.stringify(page)}`;

export function createLinkLoaders({ database }: Pick<Services, 'database'>, viewer: Viewer | null): LinkLoaders {
  const viewerId = viewer?.id ?? '';
  const rows: Rows = (sql, parameters) => selectRows(database, sql, parameters);
  return {
    subtasksByParent: new DataLoader(
      async (keys) => {
        // One field has one page request for all its parents; two aliases with different arguments are two statements.
        const answers = new Map<string, TaskRow[]>();
        for (const page of new Map(keys.map((key) => [JSON.stringify(key.page), key.page])).values()) {
          const parentIds = keys.filter((key) => JSON.stringify(key.page) === JSON.stringify(page)).map((key) => key.parentId);
          const found = await readAs(database, viewerId, (query) => listSubtasks(query, parentIds, page));
          for (const parentId of parentIds) answers.set(pageKey({ parentId, page }), found.filter((task) => task.parentId === parentId));
        }
        return keys.map((key) => answers.get(pageKey(key)) ?? []);
      },
      { cacheKeyFn: pageKey },
    ),
    subtaskCounts: new DataLoader(async (parentIds) => {
      const counts = new Map((await readAs(database, viewerId, (query) => countSubtasks(query, parentIds))).map((row) => [row.parentId, row]));
      return parentIds.map((parentId) => counts.get(parentId) ?? null);
    }),
    blockerIds: new DataLoader(async (taskIds) => {
      const found = await blockersOf(rows, taskIds);
      return taskIds.map((id) => found.filter((row) => row.taskId === id).map((row) => row.blockedById));
    }),
    dependentIds: new DataLoader(async (taskIds) => {
      const found = await dependentsOf(rows, taskIds);
      return taskIds.map((id) => found.filter((row) => row.blockedById === id).map((row) => row.taskId));
    }),
  };
}
