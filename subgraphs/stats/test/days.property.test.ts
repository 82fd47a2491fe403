// RULES §9: days are those of a person's time zone, and durations are at most 2 % off.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { datesBetween, quarterOf, quartersOf } from '../src/days.js';
import { bucketOf, formatDuration, middleOf, percentilesOf } from '../src/durations.js';

/** Days of 23 and 25 hours, of 23.5 and 24.5 hours, that begin at one o'clock, at odd quarters, and one that does not exist. */
const zones = ['UTC', 'Europe/Vienna', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Asia/Kathmandu', 'Asia/Kolkata', 'America/Havana', 'America/St_Johns', 'Pacific/Chatham', 'Pacific/Apia', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Beirut', 'America/Asuncion', 'Africa/Casablanca'];
const hours = (days: number) => days * 24 * 3_600_000;

/** The date on the wall there, in another way than the code under test. */
const dateIn = (timeZone: string, instant: Date) => {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(instant);
  const part = (type: string) => parts.find((one) => one.type === type)?.value;
  return `${part('year')}-${part('month')}-${part('day')}`;
};

const history = fc.record({
  zone: fc.constantFrom(...zones),
  // Around the ends of 2011 (a day that Samoa left out) and changes of the clock from 2024 to 2028.
  first: fc.oneof(fc.date({ min: new Date('2024-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }), fc.constantFrom(...['2011-12-28', '2026-03-28', '2026-10-24', '2026-04-04', '2025-04-23', '2026-03-07'].map((day) => new Date(day)))),
  length: fc.integer({ min: 1, max: 10 }),
  offsets: fc.array(fc.integer({ min: -hours(2), max: hours(12) }), { maxLength: 60 }),
});

test('sums of quarters of an hour over the days of a zone are those of a naive recount by the date on the wall, whenever clocks are changed (RULES §9)', () => {
  fc.assert(
    fc.property(history, ({ zone, first, length, offsets }) => {
      const from = first.toISOString().slice(0, 10);
      const to = new Date(Date.parse(from) + hours(length - 1)).toISOString().slice(0, 10);
      const dates = datesBetween(from, to);
      expect(dates).toHaveLength(length);
      const bounds = quartersOf(dates, zone);
      const instants = offsets.map((offset) => new Date(Date.parse(from) + offset));
      const summed = dates.map((_, day) => instants.filter((instant) => quarterOf(instant) >= (bounds[day] as number) && quarterOf(instant) < (bounds[day + 1] as number)).length);
      const naive = dates.map((date) => instants.filter((instant) => dateIn(zone, instant) === date).length);
      expect(summed).toEqual(naive);
    }),
    { numRuns: 1_500, interruptAfterTimeLimit: 4_000 },
  );
});

test('a day of 23, 25 or no hours has as many quarters', () => {
  const length = (date: string, zone: string) => {
    const [start = 0, end = 0] = quartersOf([date], zone);
    return (end - start) / 4;
  };
  expect([length('2026-03-29', 'Europe/Vienna'), length('2026-10-25', 'Europe/Vienna'), length('2026-06-01', 'Europe/Vienna')]).toEqual([23, 25, 24]);
  expect([length('2026-04-05', 'Australia/Lord_Howe'), length('2011-12-30', 'Pacific/Apia')]).toEqual([24.5, 0]);
});

test('from after to, and more than 366 days, are refused with the argument that is wrong', () => {
  expect(datesBetween('2024-01-01', '2024-12-31')).toHaveLength(366);
  for (const [from, to] of [['2026-01-02', '2026-01-01'], ['2024-01-01', '2025-01-01']] as const) {
    expect(() => datesBetween(from, to)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT', details: { fields: [{ path: 'to', message: expect.any(String) }] } }));
  }
});

const anHour = 3_600_000;
const duration = fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: anHour }), fc.integer({ min: 0, max: 5 * 365 * 24 * anHour }));

test('a duration stands in a bucket whose middle is at most 2 % away, and none below zero', () => {
  fc.assert(fc.property(duration, (ms) => Math.abs(middleOf(bucketOf(ms)) - ms) <= 0.02 * ms));
  expect([middleOf(bucketOf(-5)), bucketOf(Number.MAX_SAFE_INTEGER) < 1_000]).toEqual([0, true]);
});

test('p50, p85 and p95 are at most 2 % from the nearest ranks of the durations themselves (RULES §9)', () => {
  fc.assert(
    fc.property(fc.array(duration, { minLength: 1, maxLength: 200 }), (durations) => {
      const counts = new Map<number, number>();
      for (const ms of durations) counts.set(bucketOf(ms), (counts.get(bucketOf(ms)) ?? 0) + 1);
      const found = percentilesOf([...counts]);
      const sorted = durations.toSorted((a, b) => a - b);
      expect(found?.samples).toBe(durations.length);
      for (const percent of [50, 85, 95] as const) {
        const exact = sorted[Math.ceil((durations.length * percent) / 100) - 1] as number;
        expect(Math.abs(inMs(found?.[`p${percent}`] ?? '') - exact)).toBeLessThanOrEqual(0.02 * exact + 1e-6);
      }
    }),
  );
  expect(percentilesOf([])).toBeNull();
});

test('durations are written in ISO 8601', () => {
  expect([0, 5, 1_500, 60_000, 86_400_000, 93_784_005].map(formatDuration)).toEqual(['PT0S', 'PT0.005S', 'PT1.5S', 'PT1M', 'P1D', 'P1DT2H3M4.005S']);
});

function inMs(text: string): number {
  const [, days = 0, h = 0, minutes = 0, seconds = 0] = (/^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text) ?? []).map((part) => Number(part ?? 0));
  return ((days * 24 + h) * 60 + minutes) * 60_000 + seconds * 1_000;
}
