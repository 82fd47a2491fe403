import type { ProjectField } from '@taskgraph/shared/contracts/project-events';
import { badInput, conflict, forbidden } from '@taskgraph/shared/errors';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { VisibleProject } from '../entities/project.js';
import type { UpdateProjectInput } from '../generated/resolver-types.js';
import { canManageProject } from '../policies.js';
import { fieldsChangedSince } from '../repositories/change-repository.js';
import { nextVersion, type ProjectChange } from '../repositories/project-repository.js';
import { checkDescription, checkName, foldName } from './check-project.js';
import { updatedEvent } from './project-event.js';
import { projectIdOf, requireActive, viewerOf, writeProject } from './write-project.js';

type Patch = Pick<ProjectChange, ProjectField>;

/** Applies a patch: absent keeps, null clears the description. Emits project.updated, or nothing where nothing changes. */
export async function updateProject(context: Context, input: UpdateProjectInput): Promise<VisibleProject> {
  viewerOf(context);
  const patch = readPatch(input);
  return writeProject(context, projectIdOf(input.id), async (tx, found, viewerId) => {
    if (!canManageProject(found.viewerRole)) throw forbidden();
    requireActive(found);
    if (input.expectedVersion != null) await checkVersion(tx, found, input.expectedVersion, patch, viewerId);
    const fields = fieldsOf(patch).filter((field) => patch[field] !== found[field]);
    if (fields.length === 0) return found;
    const changes = patch.name === undefined ? patch : { ...patch, nameKey: foldName(patch.name) };
    const project = await nextVersion(tx.manager, found, new Date(), changes);
    await tx.emit(updatedEvent(project, fields, viewerId, context));
    return project;
  });
}

const fieldsOf = (patch: Patch): ProjectField[] => Object.keys(patch) as ProjectField[];

function readPatch({ name, description, expectedVersion }: UpdateProjectInput): Patch {
  if (name === null) throw badInput('input.name', 'must not be null');
  if (expectedVersion != null && expectedVersion < 1) throw badInput('input.expectedVersion', 'must be at least 1');
  return {
    ...(name === undefined ? {} : { name: checkName(name) }),
    ...(description === undefined ? {} : { description: description === null ? null : checkDescription(description) }),
  };
}

/** Fields that others changed since `expected` must not be in the patch (RULES §2). */
async function checkVersion(tx: WriteTransaction, project: VisibleProject, expected: number, patch: Patch, viewerId: string): Promise<void> {
  if (expected > project.version) throw badInput('input.expectedVersion', 'is ahead of the project');
  const changed = await fieldsChangedSince(tx.query, project, expected, viewerId);
  // A version older than the log: nobody knows what changed since.
  const clashes = changed === null ? fieldsOf(patch) : fieldsOf(patch).filter((field) => changed.includes(field));
  if (changed !== null && clashes.length === 0) return;
  const present = Object.fromEntries(clashes.map((field) => [field, project[field]]));
  throw conflict('Somebody else changed the same fields.', { fields: clashes, current: { version: project.version, ...present } });
}
