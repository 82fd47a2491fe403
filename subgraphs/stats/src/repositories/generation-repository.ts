// The generations of the figures: one is served, one may be made anew beside it, those of before are emptied.
import { selectRows } from '@taskgraph/shared/database';
import { isBehind } from '@taskgraph/shared/tail-positions';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import { builderOf, consumer } from '../feeds.js';

type Transaction = Pick<WriteTransaction, 'query'>;

/** The generation that is served, as a part of a statement that reads. */
export const serving = `(select generation from generations where state = 'serving')`;

/**
 * The generation that is served, held until the end of the transaction: whoever writes figures does so one after another,
 * and none is switched away below them.
 */
export async function holdServing(tx: Transaction): Promise<number> {
  const [row] = await tx.query<{ generation: number }>(`select generation from generations where state = 'serving' for update`);
  if (!row) throw new Error('no generation of the figures is served');
  return row.generation;
}

/** Holds a generation that is being made; false when it no longer is. */
export async function holdBuilding(tx: Transaction, generation: number): Promise<boolean> {
  const rows = await tx.query(`select 1 from generations where generation = $1 and state = 'building' for update`, [generation]);
  return rows.length > 0;
}

/** Serves an empty generation from now on, for a rebuild from the start of another task log. */
export async function serveEmpty(tx: Transaction): Promise<void> {
  await tx.query(`update generations set state = 'retired' where state = 'serving'`);
  await tx.query(`insert into generations (state) values ('serving')`);
}

/** Begins a generation beside the one that is served; one that is being made already goes on. */
export async function requestRebuild(database: DataSource): Promise<void> {
  await selectRows(database, `insert into generations (state) values ('building') on conflict do nothing`);
}

export async function findGenerations(database: DataSource): Promise<{ serving: number; building: number | null }> {
  const [row] = await selectRows<{ serving: number; building: number | null }>(
    database,
    `select max(generation) filter (where state = 'serving') as serving, max(generation) filter (where state = 'building') as building from generations`,
  );
  return row as { serving: number; building: number | null };
}

/** Gives up what is being made, because the log it is made from is no longer that log, and begins again. */
export async function restartBuilding(tx: Transaction, generation: number): Promise<void> {
  await tx.query(`update generations set state = 'retired' where generation = $1 and state = 'building'`, [generation]);
  await tx.query(`insert into generations (state) values ('building') on conflict do nothing`);
}

interface Position {
  consumer: string;
  place: string;
  epoch: number | null;
  asOf: Date | null;
}

/**
 * Serves a generation once it is as far in the log as the one that is served, with its place as the one from which the log is
 * followed. A batch that the follower has read and not yet applied finds another place, or the new generation.
 */
export async function switchTo(tx: Transaction, generation: number): Promise<boolean> {
  const positions = await tx.query<Position>(
    `select consumer, place, epoch, as_of as "asOf" from positions where source = 'task' and consumer = any($1) order by consumer for update`,
    [[consumer, builderOf(generation)]],
  );
  const live = positions.find((row) => row.consumer === consumer);
  const built = positions.find((row) => row.consumer === builderOf(generation));
  if (!live || !built?.asOf || built.epoch !== live.epoch || !(built.place === live.place || isBehind(live.place, built.place))) return false;
  if (!(await holdBuilding(tx, generation))) return false;
  await tx.query(`update positions set place = $2, as_of = $3 where source = 'task' and consumer = $1`, [consumer, built.place, built.asOf]);
  await tx.query(`delete from positions where source = 'task' and consumer = $1`, [builderOf(generation)]);
  await tx.query(`update generations set state = 'retired' where state = 'serving'`);
  await tx.query(`update generations set state = 'serving', since = clock_timestamp() where generation = $1`, [generation]);
  return true;
}

const tables = ['task_facts', 'purged_tasks', 'counters', 'workloads', 'due_tasks', 'open_tasks', 'dependencies'] as const;
/** Rows of one statement, so that none lasts long (RULES §4). */
const batchSize = 2_000;
/** Empties a batch of what is no longer served. Answers whether there may be more. */
export async function sweepRetired(database: DataSource): Promise<boolean> {
  const rows = await selectRows<{ generation: number }>(database, `select generation from generations where state = 'retired' order by generation limit 1`);
  const [retired] = rows;
  if (!retired) return false;
  let deleted = 0;
  for (const table of tables) {
    const gone = await selectRows(
      database,
      `delete from ${table} where ctid = any (array(select ctid from ${table} where generation = $1 limit ${batchSize})) returning 1`,
      [retired.generation],
    );
    deleted += gone.length;
  }
  if (deleted > 0) return true;
  // A replica that had not heard of the end may have asked for its place once more.
  await selectRows(database, 'delete from positions where consumer = $1', [builderOf(retired.generation)]);
  await selectRows(database, `delete from generations where generation = $1 and state = 'retired'`, [retired.generation]);
  return true;
}

/** Longer than a log keeps anything that could still be heard of an erased task. */
const tombstoneDays = 400;

/** Forgets in the end that tasks were erased. */
export async function sweepTombstones(database: DataSource): Promise<void> {
  await selectRows(database, 'delete from purged_tasks where at < now() - make_interval(days => $1)', [tombstoneDays]);
}
