import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPace } from '../src/jobs/pace.js';

/** Runs full batches until the pace is settled; answers the last one's time. */
function run(pace: ReturnType<typeof createPace>, fixedMs: number, msPerRow: number, batches = 100): number {
  let ms = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    ms = fixedMs + pace.rows() * msPerRow;
    pace.took(pace.rows(), ms);
  }
  return ms;
}

describe('the rows of one transaction of work in batches (RULES §4)', () => {
  test('are 200 at most on a quiet server, and take far less than 200 ms on a busy one, also right after it became busy', () => {
    const pace = createPace({ first: 25, most: 200 });
    run(pace, 5, 0.1);
    expect(pace.rows()).toBe(200);
    // Ten times slower from one batch to the next: the one batch that finds out is the only long one.
    pace.took(200, 5 + 200);
    expect(run(pace, 5, 1, 1)).toBeLessThan(100);
    expect(run(pace, 5, 1)).toBeLessThanOrEqual(90);
  });

  test('whatever the times are there are never too many of them and always some', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.array(fc.record({ part: fc.double({ min: 0, max: 1, noNaN: true }), ms: fc.nat(5_000) })), (most, steps) => {
        const pace = createPace({ first: Math.min(10, most), most });
        for (const { part, ms } of steps) {
          pace.took(Math.floor(pace.rows() * part), ms);
          expect(pace.rows()).toBeGreaterThanOrEqual(1);
          expect(pace.rows()).toBeLessThanOrEqual(most);
        }
      }),
    );
  });

  test('a batch that was not full says nothing about a larger one, and an empty one nothing at all', () => {
    const pace = createPace({ first: 10, most: 40 });
    pace.took(3, 1);
    pace.took(0, 5_000);
    expect(pace.rows()).toBe(10);
  });
});
