import { selectRows } from '@taskgraph/shared/database';
import { isUuid } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import type { TaskPlace } from '../policies.js';

export type PlacedTask = TaskPlace & { id: string };

const columns = 'id, project_id as "projectId", channel_id as "channelId", owner_id as "ownerId"';

/** Where tasks lie, seen without row level security: only for asking whether the viewer may see them. */
export function findPlaces(database: DataSource, ids: readonly string[]): Promise<PlacedTask[]> {
  return selectRows<PlacedTask>(database, `select ${columns} from task_places($1::uuid[], null)`, [ids.filter(isUuid)]);
}

/** The same inside a transaction, only for locks. */
export const placesOfTasks = (query: WriteTransaction['query'], ids: readonly string[]): Promise<PlacedTask[]> =>
  query(`select ${columns} from task_places($1::uuid[], null)`, [ids]);

export async function findIdByRef(database: DataSource, ref: string): Promise<string | null> {
  if (!/^[A-Z0-9]{2,10}-[1-9][0-9]*$/.test(ref)) return null;
  const [row] = await selectRows<PlacedTask>(database, `select ${columns} from task_places('{}', $1)`, [ref]);
  return row?.id ?? null;
}
