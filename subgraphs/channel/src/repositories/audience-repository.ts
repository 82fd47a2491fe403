// Who belongs to the place of a task, as far as this subgraph knows: its own channels, and its copy of projects.
import { scopeId } from '@taskgraph/shared/scope';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';

export interface TaskPlace {
  projectId: string | null;
  channelId: string | null;
  /** Whose personal task it is. */
  ownerId: string | null;
}

export interface KnownProject {
  /** Whether the project log has told of it. */
  known: boolean;
  /** Owner and maintainers: they watch it. */
  watcherIds: string[];
}

/** Of each project, in their order. */
export function findProjects(tx: WriteTransaction, projectIds: readonly string[]): Promise<KnownProject[]> {
  return tx.query<KnownProject & Record<string, unknown>>(
    `select s.scope_id is not null as known,
            array(select m.user_id::text from scope_members m where m.scope_id = q.scope_id and m.role in ('OWNER', 'MAINTAINER')) as "watcherIds"
     from unnest($1::uuid[]) with ordinality q (scope_id, position) left join scopes s on s.scope_id = q.scope_id order by q.position`,
    [projectIds.map((id) => scopeId('project', id))],
  );
}

/** Whether somebody may see a place; `unknown` where it is not known here. */
export type Sight = 'yes' | 'no' | 'unknown';

export interface Looking extends TaskPlace {
  userId: string;
}

/** Of each person and place, in their order. */
export async function whoSees(tx: WriteTransaction, asked: readonly Looking[]): Promise<Sight[]> {
  const rows = await tx.query<{ sight: Sight }>(
    `select case when q.scope_id is not null then case when m.user_id is null then 'unknown' when m.role is null then 'no' else 'yes' end
                 when q.channel_id is not null then case when c.user_id is null then 'no' else 'yes' end
                 when q.user_id = q.owner_id then 'yes' else 'no' end as sight
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) with ordinality q (scope_id, channel_id, owner_id, user_id, position)
     left join scope_members m on m.scope_id = q.scope_id and m.user_id = q.user_id
     left join channel_members c on c.channel_id = q.channel_id and c.user_id = q.user_id order by q.position`,
    [
      asked.map(({ projectId }) => (projectId ? scopeId('project', projectId) : null)), asked.map(({ channelId }) => channelId),
      asked.map(({ ownerId }) => ownerId), asked.map(({ userId }) => userId),
    ],
  );
  return rows.map((row) => row.sight);
}

/** Whether the copy of projects holds everything that happened until each of these times: whoever is not in it was no member. */
export async function isCopyCompleteUntil(tx: WriteTransaction, consumer: string, times: readonly string[]): Promise<boolean[]> {
  const rows = await tx.query<{ complete: boolean }>(
    `select exists (select from positions p where p.consumer = $1 and p.source = 'project' and p.as_of >= q.at) as complete
     from unnest($2::timestamptz[]) with ordinality q (at, position) order by q.position`,
    [consumer, times],
  );
  return rows.map((row) => row.complete);
}
