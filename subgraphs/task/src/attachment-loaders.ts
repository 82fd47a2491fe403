// Batches of one request over what hangs on tasks; like loaders.ts one statement per level, with the viewer's eyes.
import DataLoader from 'dataloader';
import type { Viewer } from '@taskgraph/shared/identity';
import type { PageRequest } from '@taskgraph/shared/pagination';
import type { Services } from './context.js';
import { readAs } from './database.js';
import type { CommentRow } from './entities/comment.js';
import type { LabelRow } from './entities/label.js';
import { countComments, listComments } from './repositories/comment-repository.js';
import { findLabels, listLabels } from './repositories/label-repository.js';

export interface CommentPageKey {
  taskId: string;
  page: PageRequest;
}

export interface AttachmentLoaders {
  /** A label the viewer can see, else null. */
  labels: DataLoader<string, LabelRow | null>;
  /** Labels of a project's scope; the caller has checked that the viewer belongs there. */
  labelsByScope: DataLoader<string, LabelRow[]>;
  /** One page of a visible task's comments. */
  commentsByTask: DataLoader<CommentPageKey, CommentRow[], string>;
  commentCounts: DataLoader<string, number>;
}

export function createAttachmentLoaders({ database }: Pick<Services, 'database'>, viewer: Viewer | null): AttachmentLoaders {
  const viewerId = viewer?.id ?? '';
  const pageKey = ({ taskId, page }: CommentPageKey) => `${taskId} ${JSON.stringify(page)}`;
  return {
    labels: new DataLoader(async (ids) => {
      const found = new Map((await readAs(database, viewerId, (rows) => findLabels(rows, ids))).map((label) => [label.id, label]));
      return ids.map((id) => found.get(id) ?? null);
    }),
    labelsByScope: new DataLoader(async (scopes) => {
      const found = await readAs(database, viewerId, (rows) => listLabels(rows, scopes));
      return scopes.map((scope) => found.filter((label) => label.scopeId === scope));
    }),
    commentsByTask: new DataLoader(
      async (keys) => {
        // One field has one page request for all its tasks; two aliases with different arguments are two statements.
        const answers = new Map<string, CommentRow[]>();
        for (const page of new Map(keys.map((key) => [JSON.stringify(key.page), key.page])).values()) {
          const taskIds = keys.filter((key) => JSON.stringify(key.page) === JSON.stringify(page)).map((key) => key.taskId);
          const found = await readAs(database, viewerId, (rows) => listComments(rows, taskIds, page));
          for (const taskId of taskIds) answers.set(pageKey({ taskId, page }), found.filter((comment) => comment.taskId === taskId));
        }
        return keys.map((key) => answers.get(pageKey(key)) ?? []);
      },
      { cacheKeyFn: pageKey },
    ),
    commentCounts: new DataLoader(async (taskIds) => {
      const counts = new Map((await readAs(database, viewerId, (rows) => countComments(rows, taskIds))).map((row) => [row.taskId, row.count]));
      return taskIds.map((taskId) => counts.get(taskId) ?? 0);
    }),
  };
}
