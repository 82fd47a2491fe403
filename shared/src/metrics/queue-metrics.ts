// What a process can say of its queues, and what came of jobs.
import { counter, gauge, histogram } from './registry.js';
import { beforeScrape, inTime } from './scrape.js';

export const jobSeconds = histogram('taskgraph_job_duration_seconds', 'Duration of tries of queued jobs, by what came of them: done, again (it is tried once more) or failed.', ['queue', 'outcome']);
export const jobsAdded = counter('taskgraph_jobs_added_total', 'Jobs that were to be put on a queue; a refused one is brought back by the sweep of its row.', ['queue', 'outcome']);
const up = gauge('taskgraph_queue_up', 'Whether the backend of the queues answered within 1 s: 1 or 0.', ['backend']);
const paused = gauge('taskgraph_queue_paused', 'Whether no jobs are added because Redis is nearly full: 1 or 0.', ['backend']);
const memory = gauge('taskgraph_queue_memory_used_ratio', 'Share of its memory that Redis uses, where it has a limit.', ['backend']);
const silent = gauge('taskgraph_queue_worker_silent', 'Whether jobs wait and the worker of this process takes none: 1 or 0.', ['queue']);
const replaced = gauge('taskgraph_queue_worker_replaced', 'How often the worker of this process was replaced since the process began.', ['queue']);

interface Told {
  paused: boolean;
  memory: { usedBytes: number; limitBytes: number } | null;
  workers: readonly { queue: string; silent: boolean; replaced: number }[];
}

/** Tells of a backend until what it answers is called. */
export function tellOfQueues({ backend, ping, state }: { backend: string; ping: () => Promise<unknown>; state: () => Told }): () => void {
  const answers = inTime(async () => {
    await ping();
    return true;
  }, 1_000);
  const forget = beforeScrape(async () => {
    const now = state();
    paused.set({ backend }, now.paused ? 1 : 0);
    if (now.memory) memory.set({ backend }, now.memory.usedBytes / now.memory.limitBytes);
    else memory.remove({ backend });
    for (const worker of now.workers) {
      silent.set({ queue: worker.queue }, worker.silent ? 1 : 0);
      replaced.set({ queue: worker.queue }, worker.replaced);
    }
    up.set({ backend }, (await answers()) ? 1 : 0);
  });
  return () => {
    forget();
    for (const each of [up, paused, memory]) each.remove({ backend });
    for (const { queue } of state().workers) for (const each of [silent, replaced]) each.remove({ queue });
  };
}
