import { StartError } from '@taskgraph/shared/start-error';
import type { DataSource } from 'typeorm';

/** One load at a time: two would share the tables that rows come into first. */
export async function underLoadLock(task: DataSource, work: () => Promise<void>): Promise<void> {
  const runner = task.createQueryRunner();
  try {
    // A session lock: it goes with the connection.
    const [lock] = (await runner.query(`select pg_try_advisory_lock(hashtextextended('taskgraph load', 0)) as taken`)) as { taken: boolean }[];
    if (!lock?.taken) throw new StartError('Another load is running on this installation: wait for it to end.');
    try {
      await work();
    } finally {
      await runner.query(`select pg_advisory_unlock(hashtextextended('taskgraph load', 0))`).catch(() => undefined);
    }
  } finally {
    await runner.release();
  }
}

/** Fresh statistics, so that the first lists are planned for what is there now; what the search index put off is done too. */
export async function tidyUp(task: DataSource): Promise<void> {
  for (const table of ['tasks', 'task_search', 'task_assignees', 'task_labels', 'task_watchers', 'comments', 'events']) {
    await task.query(`vacuum (analyze) ${table}`);
  }
}
