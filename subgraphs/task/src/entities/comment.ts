import type { Connection } from '@taskgraph/shared/pagination';
import { EntitySchema } from 'typeorm';

export interface CommentRow {
  id: string;
  taskId: string;
  /** The task's scope; follows the task when that moves. */
  scopeId: string;
  authorId: string;
  body: string;
  /** People named by @handle who could see the task when this was written. */
  mentionIds: string[];
  /** Hash of what was sent at creation; tells a repeated create from another one. */
  createdAs: string;
  createdAt: Date;
  editedAt: Date | null;
  version: number;
}

export type CommentPage = Connection<CommentRow>;

export const CommentEntity = new EntitySchema<CommentRow>({
  name: 'Comment',
  tableName: 'comments',
  columns: {
    id: { type: 'uuid', primary: true },
    taskId: { type: 'uuid', name: 'task_id' },
    scopeId: { type: 'uuid', name: 'scope_id' },
    authorId: { type: 'uuid', name: 'author_id' },
    body: { type: 'text' },
    mentionIds: { type: 'uuid', name: 'mention_ids', array: true },
    createdAs: { type: 'text', name: 'created_as' },
    createdAt: { type: 'timestamptz', name: 'created_at', precision: 3 },
    editedAt: { type: 'timestamptz', name: 'edited_at', precision: 3, nullable: true },
    version: { type: 'integer' },
  },
});
