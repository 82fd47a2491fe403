import type { ProjectRole } from '@taskgraph/shared/contracts/project-events';
import type { Connection } from '@taskgraph/shared/pagination';
import { EntitySchema } from 'typeorm';

export interface ProjectMemberRow {
  projectId: string;
  userId: string;
  role: ProjectRole;
  joinedAt: Date;
}

export type ProjectMemberPage = Connection<ProjectMemberRow>;

export const ProjectMemberEntity = new EntitySchema<ProjectMemberRow>({
  name: 'ProjectMember',
  tableName: 'project_members',
  columns: {
    projectId: { type: 'uuid', name: 'project_id', primary: true },
    userId: { type: 'uuid', name: 'user_id', primary: true },
    role: { type: 'text' },
    joinedAt: { type: 'timestamptz', name: 'joined_at' },
  },
});
