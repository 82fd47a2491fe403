// Keeps a Redis from becoming full. With `noeviction` a full one refuses even the scripts that take jobs out, so that nothing would
// ever drain: producers stop below that, and what they hold back stays in its rows until the sweep finds room.
import type { Logger } from 'pino';

export interface QueueMemory {
  usedBytes: number;
  limitBytes: number;
}

export interface MemoryWatch {
  /** Whether jobs may be added. Rejects while the server gives no answer. */
  hasRoom(): Promise<boolean>;
  state(): { paused: boolean; memory: QueueMemory | null };
}

/** How long, in milliseconds, and for how many jobs a look is good: a burst must not fill the rest of the memory in between. */
const lookMs = 200;
const lookJobs = 50;
/** How far below the mark it must be before producers go on, in points of per cent: so that they do not flutter. */
const slack = 5;

/** `read` answers what Redis says to INFO memory. */
export function watchMemory({ read, markPercent, log }: { read: () => Promise<string>; markPercent: number; log: Logger }): MemoryWatch {
  let memory: QueueMemory | null = null;
  let paused = false;
  let policy = 'noeviction';
  let lookedAt = -Infinity;
  let asked = 0;
  let looking: Promise<void> | null = null;

  async function look(): Promise<void> {
    const said = new Map((await read()).split('\r\n').map((line) => line.split(':', 2) as [string, string]));
    [lookedAt, asked] = [performance.now(), 0];
    tellOfPolicy(said.get('maxmemory_policy') ?? 'noeviction');
    const limitBytes = Number(said.get('maxmemory') ?? 0);
    memory = limitBytes > 0 ? { usedBytes: Number(said.get('used_memory')), limitBytes } : null;
    const percent = memory ? (memory.usedBytes / memory.limitBytes) * 100 : 0;
    const full = percent >= (paused ? markPercent - slack : markPercent);
    if (full === paused) return;
    paused = full;
    if (paused) log.error({ ...memory, markPercent }, 'Redis is nearly full: no jobs are added until some are done; their rows wait');
    else log.info({ ...memory }, 'Redis has room again: jobs are added');
  }

  function tellOfPolicy(now: string): void {
    if (now !== policy && now !== 'noeviction') log.error({ policy: now }, 'Redis may drop queued jobs: set its maxmemory-policy to noeviction');
    policy = now;
  }

  return {
    async hasRoom() {
      asked += 1;
      if (asked > lookJobs || performance.now() - lookedAt > lookMs) {
        looking ??= look().finally(() => (looking = null));
        await looking;
      }
      return !paused;
    },
    state: () => ({ paused, memory }),
  };
}
