// Queries about projects. What a person sees is always read joined with that person's membership.
import type { PageRequest } from '@taskgraph/shared/pagination';
import type { EntityManager } from 'typeorm';
import { ProjectEntity, type ProjectRow, type VisibleProject } from '../entities/project.js';

export type ProjectStatus = ProjectRow['status'];

const visible = `
  select p.id, p.key, p.name, p.name_key as "nameKey", p.description, p.status, p.created_by_id as "createdById",
         p.created_as as "createdAs", p.created_at as "createdAt", p.updated_at as "updatedAt", p.version, p.event_seq as "eventSeq",
         m.role as "viewerRole"
  from project_members m join projects p on p.id = m.project_id`;

/** Answers in the order of `ids`, null where there is none that the viewer can see: the shape DataLoader needs. */
export async function findVisibleProjects(manager: EntityManager, viewerId: string, ids: readonly string[]): Promise<(VisibleProject | null)[]> {
  const rows = await manager.query<VisibleProject[]>(`${visible} where m.user_id = $1 and m.project_id = any($2::uuid[])`, [viewerId, [...ids]]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

export async function findVisibleProject(manager: EntityManager, viewerId: string, id: string): Promise<VisibleProject | null> {
  const [project] = await findVisibleProjects(manager, viewerId, [id]);
  return project ?? null;
}

export async function findVisibleProjectByKey(manager: EntityManager, viewerId: string, key: string): Promise<VisibleProject | null> {
  const [project] = await manager.query<VisibleProject[]>(`${visible} where m.user_id = $1 and p.key = $2`, [viewerId, key]);
  return project ?? null;
}

/** Null: whatever. */
export interface ProjectFilter {
  status: ProjectStatus | null;
  /** Folded to lower case; looked for in the name and at the start of the key. */
  search: string | null;
}

// The viewer's memberships drive the plan: what is compared is looked at once per project of theirs, never per project there is.
export const matches = `m.user_id = $1 and ($2::text is null or p.status = $2)
  and ($3::text is null or strpos(p.name_key, $3) > 0 or starts_with(lower(p.key), $3))`;

/** By name, then id; with a row more than asked for where the list goes on. */
export const listVisibleProjects = (
  manager: EntityManager,
  viewerId: string,
  { status, search }: ProjectFilter,
  page: PageRequest,
): Promise<VisibleProject[]> => {
  const [nameKey, id] = page.after ?? [null, null];
  return manager.query(
    `${visible}
     where ${matches} and ($4::text is null or (p.name_key, p.id) > ($4, $5::uuid))
     order by p.name_key, p.id limit $6`,
    [viewerId, status, search, nameKey, id, page.size + 1],
  );
};

export async function countVisibleProjects(manager: EntityManager, viewerId: string, { status, search }: ProjectFilter): Promise<number> {
  const [row] = await manager.query<{ count: number }[]>(
    `select count(*)::int as count from project_members m join projects p on p.id = m.project_id
     where ${matches}`,
    [viewerId, status, search],
  );
  return row?.count ?? 0;
}

/** Whoever asks: for deciding about a create, never for showing. */
export const findProject = (manager: EntityManager, id: string): Promise<ProjectRow | null> => manager.findOneBy(ProjectEntity, { id });

export const isKeyTaken = (manager: EntityManager, key: string): Promise<boolean> => manager.existsBy(ProjectEntity, { key });

export const insertProject = (manager: EntityManager, project: ProjectRow): Promise<unknown> => manager.insert(ProjectEntity, project);

/** What of a project can change; its members are in their own rows. */
export type ProjectChange = Partial<Pick<ProjectRow, 'name' | 'nameKey' | 'description' | 'status'>>;

/** Writes the next version of a project that changes, or whose members do; the caller holds its lock, so `project` is the newest state. */
export async function nextVersion<P extends ProjectRow>(manager: EntityManager, project: P, now: Date, changes: ProjectChange = {}): Promise<P> {
  const change = { ...changes, version: project.version + 1, eventSeq: project.eventSeq + 1, updatedAt: now };
  await manager.update(ProjectEntity, { id: project.id }, change);
  return { ...project, ...change };
}

/** Makes room for an event that is no new version. */
export async function nextEvent<P extends ProjectRow>(manager: EntityManager, project: P): Promise<P> {
  const eventSeq = project.eventSeq + 1;
  await manager.update(ProjectEntity, { id: project.id }, { eventSeq });
  return { ...project, eventSeq };
}
