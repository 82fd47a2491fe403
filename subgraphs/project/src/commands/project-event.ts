import type { EventPayload } from '@taskgraph/shared/contracts/events';
import type { ProjectField } from '@taskgraph/shared/contracts/project-events';
import type { NewEvent } from '@taskgraph/shared/event-log';
import { scopeId } from '@taskgraph/shared/scope';
import type { Context } from '../context.js';
import type { ProjectInviteRow } from '../entities/project-invite.js';
import type { ProjectRow } from '../entities/project.js';

/** What the events of a project have in common; `project` is its state after the change. */
const about = ({ id, version, eventSeq }: ProjectRow, actorId: string, { requestId }: Pick<Context, 'requestId'>) =>
  ({ aggregateId: id, seq: eventSeq, version, actorId, traceId: requestId, scopeId: scopeId('project', id) });

const whole = ({ id, key, name, status, version }: ProjectRow): EventPayload<'project.archived'> => ({ projectId: id, key, name, status, version });

export const createdEvent = (project: ProjectRow, context: Context): NewEvent => {
  const payload: EventPayload<'project.created'> = { ...whole(project), ownerId: project.createdById };
  return { type: 'project.created', ...about(project, project.createdById, context), payload };
};

export const updatedEvent = (project: ProjectRow, fields: ProjectField[], actorId: string, context: Context): NewEvent => {
  const payload: EventPayload<'project.updated'> = { ...whole(project), fields };
  return { type: 'project.updated', ...about(project, actorId, context), payload };
};

export const statusEvent = (project: ProjectRow, actorId: string, context: Context): NewEvent => ({
  type: project.status === 'ARCHIVED' ? 'project.archived' : 'project.restored',
  ...about(project, actorId, context),
  payload: whole(project),
});

/** Neither code nor address: events are read by every service. */
export const invitedEvent = (project: ProjectRow, invite: ProjectInviteRow, context: Context): NewEvent => {
  const { id: projectId, name: projectName, version } = project;
  const payload: EventPayload<'project.invited'> = { projectId, projectName, inviteId: invite.id, role: invite.role, byEmail: invite.email !== null, version };
  return { type: 'project.invited', ...about(project, invite.createdById, context), payload };
};
