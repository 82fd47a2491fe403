import type { Context } from '../context.js';
import type { ImportRow } from '../entities/task-import.js';
import type { TaskImportResolvers } from '../generated/resolver-types.js';
import type { LinkKind } from '../signed-links.js';

/** How long an address of an error file is good, in milliseconds. */
const errorsMs = 15 * 60_000;

const address = ({ links, publicUrl }: Context, folder: 'uploads' | 'exports', kind: LinkKind, { id, ownerId }: ImportRow, until: Date): string =>
  `${publicUrl}/${folder}/${links.sign({ kind, id, viewerId: ownerId, until })}`;

export const TaskImport: TaskImportResolvers = {
  uploadUrl: (row, _args, context) =>
    row.status === 'AWAITING_UPLOAD' && row.uploadUntil > new Date() ? address(context, 'uploads', 'upload', row, row.uploadUntil) : null,
  errorFileUrl: (row, _args, context) => (row.errorBytes > 0 ? address(context, 'exports', 'errors', row, new Date(Date.now() + errorsMs)) : null),
  columns: (row) => row.layout?.columns ?? null,
};
