// How long tasks took, kept as counts in fixed buckets: percentiles cost the same at any number of tasks, and a task that is
// counted no longer is taken out of its bucket again. Pure; whole milliseconds throughout.

/** Longest time told apart from longer ones: a hundred years. */
const longest = 100 * 366 * 86_400_000;

/**
 * First millisecond of each bucket. Each is 3 % wider than the one before, and at least one millisecond; a value lies at most
 * 1.5 % from the middle of its bucket. Made of whole numbers only, so that every machine has the same.
 */
const starts: readonly number[] = (() => {
  const found = [0];
  for (let next = 1; next <= longest; next = Math.max(next + 1, Math.floor(next * 1.03))) found.push(next);
  return found;
})();

/** Number of the bucket of a time in milliseconds; one below zero, where two clocks disagree, counts as zero. */
export function bucketOf(ms: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] as number) <= ms) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The time that stands for all of a bucket, in milliseconds. */
export function middleOf(bucket: number): number {
  const start = starts[bucket] ?? longest;
  return Math.floor((start + (starts[bucket + 1] ?? start + 1) - 1) / 2);
}

export interface DurationPercentiles {
  p50: string;
  p85: string;
  p95: string;
  samples: number;
}

/** Percentiles by nearest rank, each at most 2 % off; null without a sample. `counts` are pairs of bucket and number. */
export function percentilesOf(counts: readonly (readonly [bucket: number, n: number])[]): DurationPercentiles | null {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const samples = sorted.reduce((sum, [, n]) => sum + n, 0);
  if (samples === 0) return null;
  const at = (percent: number) => {
    let left = Math.ceil((samples * percent) / 100);
    const [bucket] = sorted.find(([, n]) => (left -= n) <= 0) ?? [0];
    return formatDuration(middleOf(bucket));
  };
  return { p50: at(50), p85: at(85), p95: at(95), samples };
}

/** Milliseconds as ISO 8601, with days of 24 hours: P2DT3H4M5.006S. */
export function formatDuration(ms: number): string {
  const [days, hours, minutes] = [Math.floor(ms / 86_400_000), Math.floor(ms / 3_600_000) % 24, Math.floor(ms / 60_000) % 60];
  const seconds = (ms % 60_000) / 1_000;
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${seconds ? `${seconds}S` : ''}`;
  if (days === 0 && time === '') return 'PT0S';
  return `P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`;
}
