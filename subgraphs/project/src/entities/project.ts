import type { ProjectRole } from '@taskgraph/shared/contracts/project-events';
import type { Connection } from '@taskgraph/shared/pagination';
import { EntitySchema } from 'typeorm';

export interface ProjectRow {
  id: string;
  /** Unique in the installation. */
  key: string;
  name: string;
  /** The name folded to lower case: lists are sorted by it. */
  nameKey: string;
  description: string | null;
  status: 'ACTIVE' | 'ARCHIVED';
  createdById: string;
  /** SHA-256 of what was sent at creation; tells a repeated create from another one. */
  createdAs: string;
  createdAt: Date;
  updatedAt: Date;
  /** Counts the changes of the project and of its members. */
  version: number;
  /** Number of events written about this project. */
  eventSeq: number;
}

/** A project together with the viewer's role in it: what the viewer cannot see never becomes one. */
export interface VisibleProject extends ProjectRow {
  viewerRole: ProjectRole;
}

export type ProjectPage = Connection<VisibleProject>;

export const ProjectEntity = new EntitySchema<ProjectRow>({
  name: 'Project',
  tableName: 'projects',
  columns: {
    id: { type: 'uuid', primary: true },
    key: { type: 'text' },
    name: { type: 'text' },
    nameKey: { type: 'text', name: 'name_key' },
    description: { type: 'text', nullable: true },
    status: { type: 'text' },
    createdById: { type: 'uuid', name: 'created_by_id' },
    createdAs: { type: 'text', name: 'created_as' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
    version: { type: 'integer' },
    eventSeq: { type: 'integer', name: 'event_seq' },
  },
});
