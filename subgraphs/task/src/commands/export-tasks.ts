import { DomainError, unauthenticated } from '@taskgraph/shared/errors';
import { newId } from '@taskgraph/shared/ids';
import type { Context } from '../context.js';
import { readFilter } from '../filter/read-filter.js';
import type { ExportTasksInput } from '../generated/resolver-types.js';
import { countExports, insertExport } from '../repositories/export-repository.js';
import { writeAs } from './write-task.js';

/** How long the address is good, in milliseconds. */
const linkMs = 15 * 60_000;
/** Exports of one person whose addresses are good at the same time. */
const openLimit = 50;

export interface ExportLink {
  url: string;
  expiresAt: Date;
}

/** Keeps what is to be exported and answers the address that streams it; the tasks are read when it is fetched. */
export async function exportTasks(context: Context, { filter, format }: ExportTasksInput): Promise<ExportLink> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  readFilter(filter, 'input.filter');
  const now = new Date();
  const row = { id: newId(), viewerId, format, filter: filter ?? null, createdAt: now, until: new Date(now.getTime() + linkMs) };
  await writeAs(context, viewerId, [`exports-of:${viewerId}`], async (tx) => {
    if ((await countExports(tx, viewerId)) >= openLimit) throw new DomainError('RATE_LIMITED', `At most ${openLimit} exports in 15 minutes.`, { retryAfter: 60 });
    await insertExport(tx, row);
    tx.remember({ exportId: row.id, until: row.until });
  });
  return exportLink(context, viewerId, row.id, row.until);
}

/** The same address again, for a resend. */
export const replayExport = async (context: Context, record: { exportId: string; until: string }): Promise<ExportLink> =>
  exportLink(context, context.viewer?.id ?? '', record.exportId, new Date(record.until));

function exportLink({ links, publicUrl }: Context, viewerId: string, id: string, until: Date): ExportLink {
  return { url: `${publicUrl}/exports/${links.sign({ kind: 'export', id, viewerId, until })}`, expiresAt: until };
}
