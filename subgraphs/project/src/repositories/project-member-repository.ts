// Queries about memberships.
import type { MembershipAnswer } from '@taskgraph/shared/contracts/membership';
import type { PageRequest } from '@taskgraph/shared/pagination';
import type { EntityManager } from 'typeorm';
import { ProjectMemberEntity, type ProjectMemberRow } from '../entities/project-member.js';

export interface MemberPageRequest {
  projectId: string;
  page: PageRequest;
}

/** Sorts before every member. */
const beforeAll = ['-infinity', '00000000-0000-0000-0000-000000000000'];

/** One page per request in one statement, in joining order, each with a row more than asked for where the list goes on. */
export async function findMemberPages(manager: EntityManager, requests: readonly MemberPageRequest[]): Promise<ProjectMemberRow[][]> {
  const after = requests.map(({ page }) => page.after ?? beforeAll);
  const rows = await manager.query<(ProjectMemberRow & { request: string })[]>(
    `select q.request, m.project_id as "projectId", m.user_id as "userId", m.role, m.joined_at as "joinedAt"
     from unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::uuid[])
       with ordinality as q (project_id, size, joined_at, user_id, request)
     cross join lateral (
       select * from project_members m
       where m.project_id = q.project_id and (m.joined_at, m.user_id) > (q.joined_at, q.user_id)
       order by m.joined_at, m.user_id limit q.size
     ) m
     order by q.request, m.joined_at, m.user_id`,
    [
      requests.map(({ projectId }) => projectId), requests.map(({ page }) => page.size + 1),
      after.map(([joinedAt]) => joinedAt), after.map(([, userId]) => userId),
    ],
  );
  const pages: ProjectMemberRow[][] = requests.map(() => []);
  for (const { request, ...row } of rows) pages[Number(request) - 1]?.push(row);
  return pages;
}

/** Answers in the order of `projectIds`. */
export async function countMembers(manager: EntityManager, projectIds: readonly string[]): Promise<number[]> {
  const rows = await manager.query<{ id: string; count: number }[]>(
    'select project_id as id, count(*)::int as count from project_members where project_id = any($1::uuid[]) group by project_id',
    [[...projectIds]],
  );
  const byId = new Map(rows.map(({ id, count }) => [id, count]));
  return projectIds.map((id) => byId.get(id) ?? 0);
}

export const findMember = (manager: EntityManager, projectId: string, userId: string): Promise<ProjectMemberRow | null> =>
  manager.findOneBy(ProjectMemberEntity, { projectId, userId });

/** Whether somebody else than `userId` is OWNER. */
export async function hasOtherOwner(manager: EntityManager, projectId: string, userId: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `select from project_members where project_id = $1 and role = 'OWNER' and user_id <> $2 limit 1`,
    [projectId, userId],
  );
  return rows.length > 0;
}

export const insertMember = (manager: EntityManager, member: ProjectMemberRow): Promise<unknown> => manager.insert(ProjectMemberEntity, member);

export const updateRole = (manager: EntityManager, { projectId, userId, role }: ProjectMemberRow): Promise<unknown> =>
  manager.update(ProjectMemberEntity, { projectId, userId }, { role });

export const deleteMember = (manager: EntityManager, projectId: string, userId: string): Promise<unknown> =>
  manager.delete(ProjectMemberEntity, { projectId, userId });

/** The owner's word on one membership. One statement, so that role and version belong to the same committed state. */
export async function answerMembership(manager: EntityManager, projectId: string, userId: string): Promise<MembershipAnswer> {
  const [row] = await manager.query<MembershipAnswer[]>(
    `select p.id, p.name, p.key, p.version, p.status = 'ACTIVE' as writable, m.role
     from projects p left join project_members m on m.project_id = p.id and m.user_id = $2
     where p.id = $1`,
    [projectId, userId],
  );
  return row ?? { id: projectId, name: null, key: null, version: 0, writable: false, role: null };
}
