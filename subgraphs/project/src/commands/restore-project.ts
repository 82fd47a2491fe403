import { forbidden } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { VisibleProject } from '../entities/project.js';
import type { ProjectIdInput } from '../generated/resolver-types.js';
import { canManageProject } from '../policies.js';
import { nextVersion } from '../repositories/project-repository.js';
import { statusEvent } from './project-event.js';
import { projectIdOf, viewerOf, writeProject } from './write-project.js';

/** Lets an archived project be written to again; changes nothing in one that is not archived. Emits project.restored. */
export async function restoreProject(context: Context, input: ProjectIdInput): Promise<VisibleProject> {
  viewerOf(context);
  return writeProject(context, projectIdOf(input.id), async (tx, found, viewerId) => {
    if (!canManageProject(found.viewerRole)) throw forbidden();
    if (found.status === 'ACTIVE') return found;
    const project = await nextVersion(tx.manager, found, new Date(), { status: 'ACTIVE' });
    await tx.emit(statusEvent(project, viewerId, context));
    return project;
  });
}
