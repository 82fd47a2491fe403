// Whether this process still keeps up. New work is refused before the event loop stands still or the memory is gone, so that what is
// under way ends well; probes go on answering.
import { getHeapStatistics } from 'node:v8';
import { overloaded } from '@taskgraph/shared/errors';
import type { Logger } from 'pino';

export interface LoadSettings {
  /** Lateness of the event loop beyond which new work is refused, in milliseconds; 0 never refuses. */
  lagMs: number;
  /** Share of the memory that may be in use, in percent; 0 never refuses. */
  memoryPercent: number;
}

export interface LoadSample {
  lagMs: number;
  memoryPercent: number;
}

export type LoadReason = 'lag' | 'memory';

export interface LoadWatch {
  /** Throws OVERLOADED while this process does not keep up. */
  check(): void;
  reason(): LoadReason | null;
  /** What was measured last. */
  sample(): LoadSample;
  refusals(): number;
  stop(): void;
}

const everyMs = 200;
/** One long planning or collection is no overload: only what lasts is. */
const inARow = 3;
/** Seconds after which those that are refused may come again. */
const retryAfter = 2;

/** Judges samples: begins to refuse after three in a row beyond a limit, ends with the first below. */
export function createLoadJudge({ lagMs, memoryPercent }: LoadSettings): (sample: LoadSample) => LoadReason | null {
  let late = 0;
  let full = 0;
  return (sample) => {
    late = lagMs > 0 && sample.lagMs > lagMs ? late + 1 : 0;
    full = memoryPercent > 0 && sample.memoryPercent > memoryPercent ? full + 1 : 0;
    if (late >= inARow) return 'lag';
    return full >= inARow ? 'memory' : null;
  };
}

export function watchLoad({ settings, logger }: { settings: LoadSettings; logger: Logger }): LoadWatch {
  const judge = createLoadJudge(settings);
  let sample: LoadSample = { lagMs: 0, memoryPercent: 0 };
  let reason: LoadReason | null = null;
  let refusals = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    sample = { lagMs: Math.max(0, now - last - everyMs), memoryPercent: memoryInUse() };
    last = now;
    const before = reason;
    reason = judge(sample);
    if (reason && !before) logger.warn({ reason, ...sample }, 'new work is refused until this process keeps up again');
    else if (before && !reason) logger.info('new work is taken again');
  }, everyMs);
  timer.unref();

  return {
    check() {
      if (!reason) return;
      refusals += 1;
      throw overloaded(retryAfter);
    },
    reason: () => reason,
    sample: () => sample,
    refusals: () => refusals,
    stop: () => clearInterval(timer),
  };
}

/** Of the heap, beyond which V8 ends the process; or of what the container may have, beyond which the kernel does. In percent. */
function memoryInUse(): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  // 0 or beyond all bounds where there is no limit.
  const allowed = process.constrainedMemory();
  return 100 * Math.max(used / limit, allowed > 0 ? process.memoryUsage.rss() / allowed : 0);
}
