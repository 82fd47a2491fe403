// What every write to a project has in common: its lock, seeing it, and what a resend is answered from.
import { conflict, notFound, unauthenticated } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { writeTransaction, type WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { ProjectRow, VisibleProject } from '../entities/project.js';
import { findVisibleProject } from '../repositories/project-repository.js';

/** What a resend of a mutation of a project is answered from. */
export interface ProjectRecord {
  projectId: string;
}

export function viewerOf({ viewer }: Context): string {
  if (!viewer) throw unauthenticated();
  return viewer.id;
}

/** An id as rows have it; what is no id at all is nothing that exists. */
export function projectIdOf(id: string): string {
  if (!isUuid(id)) throw notFound('project');
  return id.toLowerCase();
}

export interface WriteProjectOptions {
  /** Keys beside the project's own. */
  moreLocks?: string[];
  /** What is not found where the viewer does not see the project. */
  unseen?: string;
}

/** Runs `work` under the project's lock with its newest state, as the viewer sees it. NOT_FOUND where the viewer does not. */
export async function writeProject<T>(
  context: Context,
  projectId: string,
  work: (tx: WriteTransaction, found: VisibleProject, viewerId: string) => Promise<T>,
  { moreLocks = [], unseen = 'project' }: WriteProjectOptions = {},
): Promise<T> {
  const viewerId = viewerOf(context);
  const { idempotency, committed } = context;
  return writeTransaction(context.database, { lock: [`project:${projectId}`, ...moreLocks], idempotency, committed }, async (tx) => {
    const found = await findVisibleProject(tx.manager, viewerId, projectId);
    if (!found) throw notFound(unseen);
    tx.remember({ projectId } satisfies ProjectRecord);
    return work(tx, found, viewerId);
  });
}

/** Archived is read-only (RULES §1). Asked after whether the viewer may: who may not is told that. */
export function requireActive(project: Pick<ProjectRow, 'status'>): void {
  if (project.status === 'ARCHIVED') throw conflict('This project is archived.');
}
