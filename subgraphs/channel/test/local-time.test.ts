// Quiet hours against the naive definition: walk on minute by minute until the clock on the wall lies outside.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { departureOf, defaultSettings } from '../src/delivery-plan.js';
import { minuteOfDay, nextDigest, quietUntil, type QuietHours } from '../src/local-time.js';

const minuteMs = 60_000;
const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const inside = (at: number, zone: string, { from, to }: QuietHours) => {
  const [now, first, last] = [minuteOfDay(at, zone), minutes(from), minutes(to)];
  return first < last ? now >= first && now < last : now >= first || now < last;
};

function walk(now: Date, zone: string, quiet: QuietHours): Date | null {
  let at = Math.floor(now.getTime() / minuteMs) * minuteMs;
  if (!inside(at, zone, quiet)) return null;
  while (inside(at, zone, quiet)) at += minuteMs;
  return new Date(at);
}

const zones = ['UTC', 'Europe/Vienna', 'America/New_York', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Chatham', 'Africa/Casablanca', 'America/Santiago', 'Pacific/Apia'];
const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
/** Nights on which clocks are changed somewhere come up as often as all others. */
const changes = ['2026-03-29T00:00:00Z', '2026-10-25T00:00:00Z', '2026-03-08T06:00:00Z', '2026-11-01T05:00:00Z', '2026-04-04T14:00:00Z', '2026-10-03T15:00:00Z', '2026-04-05T03:00:00Z', '2026-09-06T03:00:00Z'];
const instant = fc.oneof(
  fc.integer({ min: Date.parse('2024-01-01'), max: Date.parse('2030-01-01') }),
  fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -20 * 60, max: 4 * 60 })).map(([change, ahead]) => Date.parse(change) + ahead * minuteMs),
);

describe('quiet hours (RULES §7)', () => {
  test('end where a walk minute by minute ends, in every zone and over changes of the clock', () => {
    fc.assert(
      fc.property(instant, fc.constantFrom(...zones), time, time, (at, zone, from, to) => {
        fc.pre(from !== to);
        expect(quietUntil(new Date(at), zone, { from, to })).toEqual(walk(new Date(at), zone, { from, to }));
      }),
      { numRuns: 500, verbose: true },
    );
  });

  test('over midnight, and where the clock is put forward or back during them', () => {
    const night = { from: '22:00', to: '07:00' };
    expect(quietUntil(new Date('2026-07-01T21:30:00Z'), 'Europe/Vienna', night)).toEqual(new Date('2026-07-02T05:00:00Z'));
    expect(quietUntil(new Date('2026-07-01T12:00:00Z'), 'Europe/Vienna', night)).toBeNull();
    expect(quietUntil(new Date('2026-03-28T22:30:00Z'), 'Europe/Vienna', night)).toEqual(new Date('2026-03-29T05:00:00Z'));
    expect(quietUntil(new Date('2026-10-24T22:30:00Z'), 'Europe/Vienna', night)).toEqual(new Date('2026-10-25T06:00:00Z'));
    // 02:30 does not come on that night: they end when the clock jumps over it.
    expect(quietUntil(new Date('2026-03-29T00:10:00Z'), 'Europe/Vienna', { from: '00:00', to: '02:30' })).toEqual(new Date('2026-03-29T01:00:00Z'));
    expect(quietUntil(new Date('2026-07-01T23:30:00Z'), 'Nowhere/Unknown', night)).toEqual(new Date('2026-07-02T07:00:00Z'));
  });
});

describe('when e-mail leaves (RULES §7)', () => {
  const now = new Date('2026-07-01T09:17:31Z');

  test('digests leave at the full hour or at 8 in the morning of the person\'s zone', () => {
    expect(nextDigest(now, 'Europe/Vienna', 'HOURLY')).toEqual(new Date('2026-07-01T10:00:00Z'));
    expect(nextDigest(now, 'Asia/Kathmandu', 'HOURLY')).toEqual(new Date('2026-07-01T10:15:00Z'));
    expect(nextDigest(now, 'Europe/Vienna', 'DAILY')).toEqual(new Date('2026-07-02T06:00:00Z'));
    expect(nextDigest(new Date('2026-07-01T06:00:10Z'), 'Europe/Vienna', 'DAILY')).toEqual(new Date('2026-07-02T06:00:00Z'));
    expect(nextDigest(new Date('2026-10-24T20:00:00Z'), 'Europe/Vienna', 'DAILY')).toEqual(new Date('2026-10-25T07:00:00Z'));
  });

  test('a mention leaves at once, changes of a task after 5 minutes, all else as the digest has it', () => {
    const daily = { ...defaultSettings, digest: 'DAILY' as const };
    expect(departureOf(defaultSettings, 'TASK_ASSIGNED', 'UTC', now)).toEqual({ at: now, hold: null });
    expect(departureOf(defaultSettings, 'TASK_UPDATED', 'UTC', now)).toEqual({ at: new Date('2026-07-01T09:22:31Z'), hold: 'GROUP' });
    expect(departureOf(daily, 'MENTIONED', 'UTC', now)).toEqual({ at: now, hold: null });
    expect(departureOf(daily, 'TASK_UPDATED', 'UTC', now)).toEqual({ at: new Date('2026-07-02T08:00:00Z'), hold: 'DIGEST' });
  });
});
