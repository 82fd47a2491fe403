import { EntitySchema } from 'typeorm';
import type { TemplateTask } from '../template-tasks.js';

export interface TaskTemplateRow {
  id: string;
  /** Null for a template of one person. */
  projectId: string | null;
  /** Scope of the project or of the person. */
  scopeId: string;
  /** Who saved it. */
  ownerId: string;
  name: string;
  tasks: TemplateTask[];
  /** Hash of what was sent at creation; tells a repeated create from another one. */
  createdAs: string;
  createdAt: Date;
}

export const TaskTemplateEntity = new EntitySchema<TaskTemplateRow>({
  name: 'TaskTemplate',
  tableName: 'task_templates',
  columns: {
    id: { type: 'uuid', primary: true },
    projectId: { type: 'uuid', name: 'project_id', nullable: true },
    scopeId: { type: 'uuid', name: 'scope_id' },
    ownerId: { type: 'uuid', name: 'owner_id' },
    name: { type: 'text' },
    tasks: { type: 'jsonb' },
    createdAs: { type: 'text', name: 'created_as' },
    createdAt: { type: 'timestamptz', name: 'created_at', precision: 3 },
  },
});
