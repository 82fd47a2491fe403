import type { ProjectResolvers } from '../generated/resolver-types.js';
import { projectLabels } from './task-attachments.js';
import { scopeTasks } from './scope-tasks.js';

export const Project: ProjectResolvers = {
  __resolveReference: async (reference) => ({ id: reference.id }),
  labels: async (project, _args, context) => projectLabels(project.id, context),
  tasks: (project, args, context) => scopeTasks({ kind: 'project', id: project.id }, args, context),
};
