import { selectRows } from '@taskgraph/shared/database';
import type { DataSource } from 'typeorm';
import { consumer, sources } from '../feeds.js';
import type { Candidate } from '../recommendation.js';
import { heard } from './figure-repository.js';
import { serving } from './generation-repository.js';

/** How many tasks are looked at for each thing that can speak for one. */
const perReason = 100;

/**
 * Open tasks of a person that have something to be said for them: the first by due date, by priority, by the last change, and those
 * that others wait for. Null while some feed has not yet said how far it is.
 */
export async function findCandidates(database: DataSource, userId: string): Promise<Candidate[] | null> {
  const front = (condition: string, order: string) =>
    `(select task_id from open_tasks where generation = ${serving} and user_id = $1 and ${condition} order by ${order} limit ${perReason})`;
  const [row] = await selectRows<{ asOf: Date | null; candidates: (Omit<Candidate, 'dueAt' | 'updatedAt'> & { dueAt: string | null; updatedAt: string })[] }>(
    database,
    `select ${heard('$2', '$3')} as "asOf", coalesce(jsonb_agg(to_jsonb(found)), '[]') as candidates from (
       select f.task_id as "taskId", f.project_id as "projectId", f.channel_id as "channelId", f.priority, f.due_at as "dueAt",
         f.updated_at as "updatedAt", f.blocked, (
           select count(*) from dependencies d join task_facts w on w.generation = d.generation and w.task_id = d.task_id
           where d.generation = f.generation and d.blocker_id = f.task_id and w.status in ('PENDING', 'IN_PROGRESS') and not w.trashed
             and (w.project_id, w.channel_id, w.owner_id) is not distinct from (f.project_id, f.channel_id, f.owner_id)
         ) as waiting
       from (
         ${front('due_at is not null', 'due_at')} union ${front('true', 'priority, updated_at desc')}
         union ${front('true', 'updated_at desc')} union ${front('blocks', 'updated_at desc')}
       ) picked join task_facts f on f.generation = ${serving} and f.task_id = picked.task_id
     ) found`,
    [userId, consumer, sources],
  );
  if (!row || row.asOf === null) return null;
  return row.candidates.map((candidate) => ({ ...candidate, dueAt: candidate.dueAt === null ? null : new Date(candidate.dueAt), updatedAt: new Date(candidate.updatedAt) }));
}
