import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from './child.js';

/**
 * Stops the groups one after the other. A group has `groupMs` before the next one is told as well; what
 * is left `killAfterMs` after the beginning is killed.
 */
export async function stopInOrder(groups: Child[][], { groupMs, killAfterMs }: { groupMs: number; killAfterMs: number }): Promise<void> {
  const deadline = performance.now() + killAfterMs;
  const all: Promise<void>[] = [];
  for (const group of groups) {
    const gone = Promise.all(group.map((child) => child.stop())).then(() => {});
    all.push(gone);
    if (group !== groups.at(-1)) await atMost(gone, groupMs);
  }
  const everyone = Promise.all(all);
  await atMost(everyone, deadline - performance.now());
  for (const child of groups.flat()) child.kill();
  await everyone;
}

async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  const timer = new AbortController();
  await Promise.race([work, delay(Math.max(0, ms), undefined, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
}
