import { forbidden } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { VisibleProject } from '../entities/project.js';
import type { ProjectIdInput } from '../generated/resolver-types.js';
import { canManageProject } from '../policies.js';
import { nextVersion } from '../repositories/project-repository.js';
import { statusEvent } from './project-event.js';
import { projectIdOf, requireActive, viewerOf, writeProject } from './write-project.js';

/** Makes a project read-only; CONFLICT where it is already, as every write there. Emits project.archived. */
export async function archiveProject(context: Context, input: ProjectIdInput): Promise<VisibleProject> {
  viewerOf(context);
  return writeProject(context, projectIdOf(input.id), async (tx, found, viewerId) => {
    if (!canManageProject(found.viewerRole)) throw forbidden();
    requireActive(found);
    const project = await nextVersion(tx.manager, found, new Date(), { status: 'ARCHIVED' });
    await tx.emit(statusEvent(project, viewerId, context));
    return project;
  });
}
