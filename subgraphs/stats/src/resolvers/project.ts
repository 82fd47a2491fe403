import type { ProjectResolvers } from '../generated/resolver-types.js';
import { figuresForMember, resolveSubject } from './subject.js';

export const Project: ProjectResolvers = {
  __resolveReference: resolveSubject,
  stats: (project, _args, context) => figuresForMember(context, 'project', project.id),
};
