// Pure yes/no rules of tasks (RULES §1).
import type { Role } from '@taskgraph/shared/access/copy';
import type { TaskRow } from './entities/task.js';

/** Where a task lies: exactly one of the three is set. */
export type TaskPlace = Pick<TaskRow, 'projectId' | 'channelId' | 'ownerId'>;

/** The viewer's standing in a task's place; a personal task's owner is OWNER of it, everybody else nobody. */
export interface Standing {
  role: Role | null;
  writable: boolean;
}

export const canSee = ({ role }: Standing): boolean => role !== null;

/** Everybody who belongs there, but for VIEWER. */
export const canCreate = ({ role }: Standing): boolean => role !== null && role !== 'VIEWER';

/** Complete and reopen: whoever may create. */
export const canComplete = canCreate;

/** To the trash and back: the creator; in a channel the assignees too; those above a plain member any task. */
export function canDelete(standing: Standing, task: Pick<TaskRow, 'channelId' | 'creatorId' | 'assigneeIds'>, viewerId: string): boolean {
  if (!canCreate(standing)) return false;
  if (standing.role !== 'MEMBER') return true;
  return task.creatorId === viewerId || (task.channelId !== null && task.assigneeIds.includes(viewerId));
}

/** In a channel a plain member edits a task only as its creator or assignee. */
export function canEdit(standing: Standing, task: Pick<TaskRow, 'channelId' | 'creatorId' | 'assigneeIds'>, viewerId: string): boolean {
  if (!canCreate(standing)) return false;
  if (task.channelId === null || standing.role !== 'MEMBER') return true;
  return task.creatorId === viewerId || task.assigneeIds.includes(viewerId);
}

/** Labels and templates of a project: MAINTAINER and OWNER. */
export const canManage = ({ role }: Standing): boolean => role === 'OWNER' || role === 'MAINTAINER';

/** Imports: whoever stands above a plain member; a personal list takes its owner's. */
export const canImport = ({ role }: Standing): boolean => role === 'OWNER' || role === 'MAINTAINER' || role === 'MODERATOR';

/** Whoever sees a task may comment on it and watch it, VIEWER too. */
export const canComment = canSee;

/** One's own words; deleting also those above a plain member. A personal task has no comments by others. */
export const canEditComment = (comment: { authorId: string }, viewerId: string): boolean => comment.authorId === viewerId;

export const canDeleteComment = ({ role }: Standing, comment: { authorId: string }, viewerId: string): boolean =>
  comment.authorId === viewerId || role === 'OWNER' || role === 'MAINTAINER' || role === 'MODERATOR';
