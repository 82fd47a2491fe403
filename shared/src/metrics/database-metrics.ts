// What a process can say of its database pools.
import type { DataSource } from 'typeorm';
import { gauge } from './registry.js';
import { beforeScrape, inTime } from './scrape.js';

const up = gauge('taskgraph_database_up', 'Whether the database answered through this pool within 1 s: 1 or 0.', ['pool']);
const size = gauge('taskgraph_database_pool_size', 'Most connections of the pool.', ['pool']);
const connections = gauge('taskgraph_database_connections', 'Connections of the pool, by whether they are in use or idle.', ['pool', 'state']);
const waiting = gauge('taskgraph_database_waiting', 'Callers that wait for a connection of the pool.', ['pool']);

interface PoolFigures {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

/** Tells of this pool until it is destroyed. */
export function tellOfPool(dataSource: DataSource, { pool, most }: { pool: string; most: number }): void {
  const answers = inTime(() => dataSource.query('select 1'), 1_000);
  const forget = beforeScrape(async () => {
    if (!dataSource.isInitialized) {
      forget();
      for (const each of [up, size, waiting]) each.remove({ pool });
      for (const state of ['used', 'idle']) connections.remove({ pool, state });
      return;
    }
    const { totalCount, idleCount, waitingCount } = (dataSource.driver as unknown as { master: PoolFigures }).master;
    size.set({ pool }, most);
    connections.set({ pool, state: 'used' }, totalCount - idleCount);
    connections.set({ pool, state: 'idle' }, idleCount);
    waiting.set({ pool }, waitingCount);
    up.set({ pool }, (await answers()) ? 1 : 0);
  });
}
