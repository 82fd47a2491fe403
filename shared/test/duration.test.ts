import { describe, expect, test } from 'vitest';
import { addDuration, parseDuration, type Duration } from '../src/duration.js';

const plus = (from: string, duration: string) => addDuration(new Date(from), parseDuration(duration) as Duration).toISOString();

describe('ISO 8601 durations', () => {
  test.each([
    ['2026-11-20T09:00:00Z', 'P7D', '2026-11-27T09:00:00.000Z'],
    ['2026-11-20T09:00:00Z', '-P7D', '2026-11-13T09:00:00.000Z'],
    ['2026-11-20T09:00:00Z', 'P2W1D', '2026-12-05T09:00:00.000Z'],
    ['2026-11-20T09:00:00Z', 'PT36H30M1.5S', '2026-11-21T21:30:01.500Z'],
    ['2026-01-31T09:00:00Z', 'P1M', '2026-02-28T09:00:00.000Z'],
    ['2024-02-29T00:00:00Z', 'P1Y', '2025-02-28T00:00:00.000Z'],
    ['2026-03-31T00:00:00Z', '-P1M', '2026-02-28T00:00:00.000Z'],
    ['2026-11-20T09:00:00Z', 'PT0S', '2026-11-20T09:00:00.000Z'],
    ['2026-11-20T09:00:00Z', 'P999999999999Y', '9999-12-31T23:59:59.999Z'],
    ['2026-11-20T09:00:00Z', '-P365D', '2025-11-20T09:00:00.000Z'],
    ['2026-11-20T09:00:00Z', '-P5000Y', '0001-01-01T00:00:00.000Z'],
  ])('%s and %s is %s', (from, duration, expected) => expect(plus(from, duration)).toBe(expected));

  test.each(['', 'P', 'PT', 'P1', '7D', 'P-7D', 'P7DT', 'P1.5D', 'P1D2M', 'PT1S1H', '--P1D', 'P7D ', 'p7d', `P${'9'.repeat(80)}D`])('%j is none', (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});
