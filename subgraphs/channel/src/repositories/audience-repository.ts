// Who belongs to the place of a task, as far as this subgraph knows: its own channels, and its copy of projects.
import { scopeId } from '@taskgraph/shared/scope';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';

export interface TaskPlace {
  projectId: string | null;
  channelId: string | null;
  /** Whose personal task it is. */
  ownerId: string | null;
}

export async function isProjectKnown(tx: WriteTransaction, projectId: string): Promise<boolean> {
  return (await tx.query('select 1 from scopes where scope_id = $1', [scopeId('project', projectId)])).length > 0;
}

/** Owner and maintainers: they watch their project. */
export async function findProjectWatchers(tx: WriteTransaction, projectId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select user_id as id from scope_members where scope_id = $1 and role in ('OWNER', 'MAINTAINER')`,
    [scopeId('project', projectId)],
  );
  return rows.map((row) => row.id);
}

/**
 * Those of `userIds` who may see what lies there. In a project only who is known to have left is taken out: the task subgraph
 * has checked the others, and the copy may not have heard of a new member yet.
 */
export async function withoutStrangers(tx: WriteTransaction, place: TaskPlace, userIds: string[]): Promise<Set<string>> {
  const found = new Set(userIds);
  if (place.projectId) {
    const gone = await tx.query<{ id: string }>(
      'select user_id as id from scope_members where scope_id = $1 and user_id = any($2::uuid[]) and role is null',
      [scopeId('project', place.projectId), userIds],
    );
    for (const row of gone) found.delete(row.id);
    return found;
  }
  if (place.channelId) {
    const members = await tx.query<{ id: string }>(
      'select user_id as id from channel_members where channel_id = $1 and user_id = any($2::uuid[])',
      [place.channelId, userIds],
    );
    return new Set(members.map((row) => row.id));
  }
  return new Set(userIds.filter((userId) => userId === place.ownerId));
}
