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

/** Those of some people who may see a place, and those of whom it is not known here. All others may not. */
export interface Seeing {
  seeing: Set<string>;
  unknown: Set<string>;
}

export async function whoSees(tx: WriteTransaction, place: TaskPlace, userIds: string[]): Promise<Seeing> {
  if (place.projectId) {
    const rows = await tx.query<{ id: string; member: boolean }>(
      'select user_id as id, role is not null as member from scope_members where scope_id = $1 and user_id = any($2::uuid[])',
      [scopeId('project', place.projectId), userIds],
    );
    const known = new Set(rows.map((row) => row.id));
    return { seeing: new Set(rows.filter((row) => row.member).map((row) => row.id)), unknown: new Set(userIds.filter((id) => !known.has(id))) };
  }
  const seeing = place.channelId ? await membersAmong(tx, place.channelId, userIds) : userIds.filter((userId) => userId === place.ownerId);
  return { seeing: new Set(seeing), unknown: new Set() };
}

async function membersAmong(tx: WriteTransaction, channelId: string, userIds: string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>('select user_id as id from channel_members where channel_id = $1 and user_id = any($2::uuid[])', [channelId, userIds]);
  return rows.map((row) => row.id);
}

/** Whether the copy of projects holds everything that happened until then: whoever is not in it was no member. */
export async function isCopyCompleteUntil(tx: WriteTransaction, consumer: string, at: string): Promise<boolean> {
  const rows = await tx.query(`select 1 from positions where consumer = $1 and source = 'project' and as_of >= $2::timestamptz`, [consumer, at]);
  return rows.length > 0;
}
