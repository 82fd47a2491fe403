import { EntitySchema } from 'typeorm';

export interface LabelRow {
  id: string;
  /** The project's scope. */
  scopeId: string;
  projectId: string;
  name: string;
  /** `name` folded to lower case: unique in the project. */
  nameKey: string;
  /** #RRGGBB as it was given. */
  color: string;
  createdAs: string;
}

export const LabelEntity = new EntitySchema<LabelRow>({
  name: 'Label',
  tableName: 'labels',
  columns: {
    id: { type: 'uuid', primary: true },
    scopeId: { type: 'uuid', name: 'scope_id' },
    projectId: { type: 'uuid', name: 'project_id' },
    name: { type: 'text' },
    nameKey: { type: 'text', name: 'name_key' },
    color: { type: 'text' },
    createdAs: { type: 'text', name: 'created_as' },
  },
});
