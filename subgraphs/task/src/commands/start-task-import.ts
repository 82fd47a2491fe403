import { badInput, conflict, DomainError, forbidden, notFound, unauthenticated } from '@taskgraph/shared/errors';
import { isUuid, isUuidV7, newId } from '@taskgraph/shared/ids';
import { sqlState } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import { readAs } from '../database.js';
import type { ImportRow } from '../entities/task-import.js';
import type { StartTaskImportInput } from '../generated/resolver-types.js';
import { readMapping } from '../imports/columns.js';
import { canImport, canSee, type TaskPlace } from '../policies.js';
import { countOpen, findImport, importLock, insertImport } from '../repositories/import-repository.js';
import { standingIn } from '../standing.js';
import { writeAs } from './write-task.js';

/** How long the upload may take to come, in milliseconds. */
const uploadMs = 3_600_000;
/** Imports of one person that wait or run at the same time: each may hold a file of 100 MB. */
const openLimit = 5;

/**
 * Makes an import that waits for its file at `uploadUrl`. With a known `id` the same owner and input answers the import as
 * it is now, anything else is CONFLICT. Nothing is created before the file has come.
 */
export async function startTaskImport(context: Context, input: StartTaskImportInput): Promise<{ taskImport: ImportRow }> {
  if (!context.viewer) throw unauthenticated();
  const viewerId = context.viewer.id;
  if (input.id != null && !isUuidV7(input.id)) throw badInput('input.id', 'must be a UUIDv7');
  const id = input.id?.toLowerCase() ?? newId();
  const place = readImportPlace(input, viewerId);
  const standing = await standingIn(context, viewerId, place, (known) => canImport(known) && known.writable);
  if (!canSee(standing)) throw notFound(place.projectId ? 'project' : 'channel');
  if (!canImport(standing)) throw forbidden();
  const mapping = readMapping(input.mapping);
  const createdAs = JSON.stringify([viewerId, { ...input, id }]);
  const repeated = await repeatedStart(context, viewerId, id, createdAs);
  if (repeated) return repeated;
  if (!standing.writable) throw conflict('The project is archived.');

  const now = new Date();
  const taskImport: ImportRow = {
    id, ownerId: viewerId, projectId: place.projectId, channelId: place.channelId, format: input.format, mapping, dryRun: input.dryRun ?? false,
    createdAs, status: 'AWAITING_UPLOAD', failure: null, layout: null, totalRows: null, processedRows: 0, createdRows: 0, failedRows: 0,
    errorBytes: 0, createdAt: now, startedAt: null, finishedAt: null, uploadUntil: new Date(now.getTime() + uploadMs),
  };
  try {
    return await writeAs(context, viewerId, [importLock(id), `imports-of:${viewerId}`], async (tx) => {
      if ((await countOpen(tx, viewerId)) >= openLimit) {
        throw new DomainError('RATE_LIMITED', `At most ${openLimit} imports of one person run at a time.`, { retryAfter: 60 });
      }
      await insertImport(tx, taskImport);
      tx.remember({ importId: id });
      return { taskImport };
    });
  } catch (error) {
    if (sqlState(error) !== '23505') throw error;
    // Somebody else's import, or a twin of this request was faster.
    const twin = await repeatedStart(context, viewerId, id, createdAs);
    if (twin) return twin;
    throw conflict('This id is taken.', { fields: ['id'] });
  }
}

function readImportPlace(input: StartTaskImportInput, viewerId: string): TaskPlace {
  const { projectId = null, channelId = null, personal } = input;
  if ([projectId !== null, channelId !== null, personal === true].filter(Boolean).length !== 1) {
    throw badInput('input.projectId', 'or channelId or personal is needed, exactly one of them');
  }
  if (projectId !== null && !isUuid(projectId)) throw notFound('project');
  if (channelId !== null && !isUuid(channelId)) throw notFound('channel');
  return { projectId, channelId, ownerId: personal ? viewerId : null };
}

async function repeatedStart(context: Context, viewerId: string, id: string, createdAs: string): Promise<{ taskImport: ImportRow } | null> {
  const present = await readAs(context.database, viewerId, (rows) => findImport(rows, id));
  if (!present) return null;
  if (present.createdAs !== createdAs) throw conflict('This id is taken.', { fields: ['id'] });
  return { taskImport: present };
}

/** The import as it is today, for a resend. */
export async function replayImport(context: Context, record: { importId: string }): Promise<{ taskImport: ImportRow }> {
  const present = await readAs(context.database, context.viewer?.id ?? '', (rows) => findImport(rows, record.importId));
  if (!present) throw notFound('import');
  return { taskImport: present };
}
