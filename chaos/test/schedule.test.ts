import { expect, test } from 'vitest';
import { describeFault, makeSchedule, processNames } from '../src/schedule.js';

test('the same seed plans the same faults, another one others', () => {
  const plan = (seed: number) => makeSchedule(seed, 'redis', 600_000).map(describeFault);
  expect(plan(7)).toEqual(plan(7));
  expect(plan(7)).not.toEqual(plan(8));
});

test('thirty minutes hold at least two hundred kills, each process as often as the others, on either backend', () => {
  for (const backend of ['postgres', 'redis'] as const) {
    const kills = makeSchedule(1, backend, 1_800_000).filter(({ kind }) => kind === 'kill' || kind === 'redis-kill' || kind === 'redis-wipe');
    expect(kills.length).toBeGreaterThanOrEqual(200);
    const counts = [...processNames, 'postgres'].map((name) => kills.filter(({ target }) => target === name).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(20);
  }
});
