// The project log as the memory of who changed what.
import type { EventPayload } from '@taskgraph/shared/contracts/events';
import type { ProjectField } from '@taskgraph/shared/contracts/project-events';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { ProjectRow } from '../entities/project.js';

/** Fields of a project that others than `viewerId` changed after `version`; null when the log does not reach back that far. */
export async function fieldsChangedSince(
  query: WriteTransaction['query'],
  project: ProjectRow,
  version: number,
  viewerId: string,
): Promise<ProjectField[] | null> {
  // An event's number is never below its version: the first condition lets the index skip what is older.
  const rows = await query<{ version: number; type: string; payload: EventPayload<'project.updated'>; actor_id: string }>(
    'select version, type, payload, actor_id from events where aggregate_id = $1 and seq > $2 and version > $2',
    [project.id, version],
  );
  if (new Set(rows.map((row) => row.version)).size < project.version - version) return null;
  const others = rows.filter((row) => row.type === 'project.updated' && row.actor_id !== viewerId);
  return [...new Set(others.flatMap((row) => row.payload.fields))];
}
