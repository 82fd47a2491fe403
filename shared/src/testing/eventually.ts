import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  timeoutMs?: number;
  intervalMs?: number;
}

/**
 * Runs `check` until it neither throws nor returns false, null, 0 or ''. After the time is up the last
 * error is thrown. `undefined` counts as success, because a block of expectations returns nothing: to
 * wait for a find(), return `?? null`. The default is far above every period of the product (5 s for a yes of an owner, a
 * sweep, a silent feed) and still below a test's own limit: what takes long is red, a slow machine is not.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 30_000, intervalMs = 20 }: EventuallyOptions = {},
): Promise<Exclude<T, false | null | 0 | ''>> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await check();
      if (value === undefined || value) return value as Exclude<T, false | null | 0 | ''>;
      last = new Error(`still ${JSON.stringify(value)} after ${timeoutMs} ms`);
    } catch (error) {
      last = error;
    }
    if (performance.now() + intervalMs > deadline) throw last;
    await delay(intervalMs);
  }
}
