import { badInput, unauthenticated } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { readAs } from '../database.js';
import type { QueryResolvers } from '../generated/resolver-types.js';
import { findImport } from '../repositories/import-repository.js';
import { findIdByRef } from '../repositories/place-repository.js';
import { countTasks, listTasks } from '../repositories/task-repository.js';
import { taskTemplates } from './task-templates.js';
import { taskChanges } from './task-changes.js';
import { readList, toPage } from './task-lists.js';

export const Query: QueryResolvers = {
  async task(_root, { id, ref }, context) {
    if (!context.viewer) throw unauthenticated();
    if ((id == null) === (ref == null)) throw badInput('id', 'or ref is needed, exactly one of them');
    const found = id ?? (await findIdByRef(context.database, (ref as string).toUpperCase()));
    return found !== null && isUuid(found) ? context.tasks.load(found) : null;
  },

  async tasks(_root, args, context) {
    const viewer = context.viewer;
    if (!viewer) throw unauthenticated();
    const list = readList(args, context);
    const owners = { kind: 'visible', viewerId: viewer.id } as const;
    const rows = await readAs(context.database, viewer.id, (query) => listTasks(query, owners, list));
    return toPage(rows, list, context, async () => {
      const [all] = await readAs(context.database, viewer.id, (query) => countTasks(query, owners, list));
      return all?.count ?? 0;
    });
  },

  taskTemplates: (_root, { projectId }, context) => taskTemplates(projectId ?? null, context),
  async taskImport(_root, { id }, context) {
    const viewer = context.viewer;
    if (!viewer) throw unauthenticated();
    return isUuid(id) ? readAs(context.database, viewer.id, (rows) => findImport(rows, id)) : null;
  },

  taskChanges: (_root, args, context) => taskChanges(args, context),
};
