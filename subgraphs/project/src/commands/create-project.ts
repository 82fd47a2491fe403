import { createHash } from 'node:crypto';
import { badInput, conflict } from '@taskgraph/shared/errors';
import { isUuidV7, newId } from '@taskgraph/shared/ids';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { ProjectRow, VisibleProject } from '../entities/project.js';
import type { CreateProjectInput } from '../generated/resolver-types.js';
import { insertMember } from '../repositories/project-member-repository.js';
import { findProject, findVisibleProject, insertProject, isKeyTaken } from '../repositories/project-repository.js';
import { checkDescription, checkName, foldName } from './check-project.js';
import { createdEvent } from './project-event.js';
import { viewerOf, type ProjectRecord } from './write-project.js';

/**
 * Makes a project with the viewer as OWNER. The same id and input from the same person is the same create and answers the
 * project as it is now, null when its maker has left it. CONFLICT when id or key is taken. Emits project.created.
 */
export async function createProject(context: Context, input: CreateProjectInput): Promise<VisibleProject | null> {
  const viewerId = viewerOf(context);
  const wanted = checkInput(input);
  // The key is locked too, whoever makes a project with it: of two racing creates the second one finds it taken.
  const lock = [`project:${wanted.id}`, `project-key:${wanted.key}`];
  const { idempotency, committed } = context;
  return writeTransaction(context.database, { lock, idempotency, committed }, async (tx) => {
    tx.remember({ projectId: wanted.id } satisfies ProjectRecord);
    const present = await findProject(tx.manager, wanted.id);
    if (present) {
      const same = present.createdById === viewerId && present.createdAs === wanted.createdAs;
      if (!same) throw conflict('This id is taken.', { fields: ['id'] });
      return findVisibleProject(tx.manager, viewerId, present.id);
    }
    if (await isKeyTaken(tx.manager, wanted.key)) throw conflict('This key is taken.', { fields: ['key'] });
    const now = new Date();
    const project: ProjectRow = { ...wanted, status: 'ACTIVE', createdById: viewerId, createdAt: now, updatedAt: now, version: 1, eventSeq: 1 };
    await insertProject(tx.manager, project);
    await insertMember(tx.manager, { projectId: project.id, userId: viewerId, role: 'OWNER', joinedAt: now });
    await tx.emit(createdEvent(project, context));
    return { ...project, viewerRole: 'OWNER' };
  });
}

type WantedProject = Pick<ProjectRow, 'id' | 'key' | 'name' | 'nameKey' | 'description' | 'createdAs'>;

function checkInput(input: CreateProjectInput): WantedProject {
  if (input.id != null && !isUuidV7(input.id)) throw badInput('input.id', 'must be a UUIDv7');
  const { key } = input;
  if (!/^[A-Z0-9]{2,10}$/.test(key)) throw badInput('input.key', 'must be 2 to 10 of A-Z and 0-9');
  const name = checkName(input.name);
  const description = input.description == null ? null : checkDescription(input.description);
  const createdAs = createHash('sha256').update(JSON.stringify([key, name, description])).digest('base64url');
  return { id: input.id?.toLowerCase() ?? newId(), key, name, nameKey: foldName(name), description, createdAs };
}
