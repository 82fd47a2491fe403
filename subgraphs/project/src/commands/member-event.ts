import type { EventPayload } from '@taskgraph/shared/contracts/events';
import type { ProjectRole } from '@taskgraph/shared/contracts/project-events';
import type { NewEvent } from '@taskgraph/shared/event-log';
import { scopeId } from '@taskgraph/shared/scope';
import type { ProjectMemberRow } from '../entities/project-member.js';
import type { ProjectRow } from '../entities/project.js';

type MemberEvent = 'project.member-added' | 'project.member-removed';

/** The event about one membership; `project` is its state after the change. */
export function memberEvent(type: MemberEvent, project: ProjectRow, member: ProjectMemberRow, actorId: string, traceId: string): NewEvent {
  const { id, name, version, eventSeq: seq } = project;
  const payload: EventPayload<MemberEvent> = { projectId: id, projectName: name, userId: member.userId, role: member.role, version };
  return { type, aggregateId: id, seq, version, payload, actorId, traceId, scopeId: scopeId('project', id), audience: [member.userId] };
}

/** `member` has the new role, `before` is the old one. */
export function memberChangedEvent(project: ProjectRow, member: ProjectMemberRow, before: ProjectRole, actorId: string, traceId: string): NewEvent {
  const event = memberEvent('project.member-added', project, member, actorId, traceId);
  const payload: EventPayload<'project.member-changed'> = { ...(event.payload as EventPayload<MemberEvent>), before };
  return { ...event, type: 'project.member-changed', payload };
}
