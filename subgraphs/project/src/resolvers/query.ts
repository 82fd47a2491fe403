import { badInput, unauthenticated } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { readPageArguments, toConnection } from '@taskgraph/shared/pagination';
import { checkText } from '@taskgraph/shared/text';
import { foldName } from '../commands/check-project.js';
import type { QueryResolvers } from '../generated/resolver-types.js';
import { countVisibleProjects, findVisibleProjectByKey, listVisibleProjects } from '../repositories/project-repository.js';

export const Query: QueryResolvers = {
  async project(_root, { id, key }, context) {
    const { viewer } = context;
    if (!viewer) throw unauthenticated();
    if ((id == null) === (key == null)) throw badInput('id', 'or key is needed, exactly one of them');
    if (key != null) return isStorable(key) ? findVisibleProjectByKey(context.database.manager, viewer.id, key) : null;
    return isUuid(id as string) ? context.projects.load((id as string).toLowerCase()) : null;
  },

  async projects(_root, args, context) {
    const { viewer } = context;
    if (!viewer) throw unauthenticated();
    const { manager } = context.database;
    const page = readPageArguments(args, context.pageLimits, context.cursors.projects);
    const filter = { status: args.status ?? null, search: readSearch(args.search) };
    const rows = await listVisibleProjects(manager, viewer.id, filter, page);
    return toConnection(rows, page, context.cursors.projects, (project) => [project.nameKey, project.id], () => countVisibleProjects(manager, viewer.id, filter));
  },
};

/** Folded like names; nothing but blanks looks for nothing. */
const readSearch = (search: string | null | undefined): string | null => foldName(checkText('search', search ?? '', { max: 100 }).trim()) || null;

/** No key holds U+0000, and Postgres cannot even be asked for it. */
const isStorable = (text: string): boolean => !text.includes('\u0000');
