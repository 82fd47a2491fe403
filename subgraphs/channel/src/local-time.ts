// Times of day in a person's own zone, over changes of the clock. Pure.

export interface QuietHours {
  /** HH:MM; the first quiet minute. */
  from: string;
  /** HH:MM; the first minute that is not quiet. Before `from` where the night lies between. */
  to: string;
}

const minuteMs = 60_000;
const dayMinutes = 1_440;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const make = (timeZone: string) => new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' });
  let made: Intl.DateTimeFormat;
  try {
    made = make(zone);
  } catch {
    // A zone that this Node does not know, as after a change of the zone database.
    made = make('UTC');
  }
  formatters.set(zone, made);
  return made;
}

/** Minutes since local midnight, as a clock on the wall shows them. */
export function minuteOfDay(at: number, zone: string): number {
  const parts = formatterOf(zone).formatToParts(at);
  const part = (type: string) => Number(parts.find((entry) => entry.type === type)?.value);
  return part('hour') * 60 + part('minute');
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Whole minutes between wall clock and UTC, modulo a day. */
const offsetOf = (at: number, zone: string): number => (minuteOfDay(at, zone) - (Math.floor(at / minuteMs) % dayMinutes) + dayMinutes) % dayMinutes;

const isQuiet = (minute: number, from: number, to: number): boolean => (from < to ? minute >= from && minute < to : minute >= from || minute < to);

/**
 * The first whole minute after `now` whose wall clock lies outside the quiet hours; null where `now` itself does. Where the
 * clock is put back over `to`, the hours end at the first time it shows `to`; where it is put forward over it, right then.
 */
export function quietUntil(now: Date, zone: string, quiet: QuietHours): Date | null {
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  let at = Math.floor(now.getTime() / minuteMs) * minuteMs;
  if (!isQuiet(minuteOfDay(at, zone), from, to)) return null;
  for (;;) {
    const minute = minuteOfDay(at, zone);
    if (!isQuiet(minute, from, to)) return new Date(at);
    const end = at + ((to - minute + dayMinutes) % dayMinutes) * minuteMs;
    const change = firstChange(at, end, zone);
    if (change === null) return new Date(end);
    at = change;
  }
}

/** The minute in (from, until] at which the clock is changed, if it is; at most one change lies in a day. */
function firstChange(from: number, until: number, zone: string): number | null {
  const offset = offsetOf(from, zone);
  if (offsetOf(until, zone) === offset) return null;
  let [before, after] = [from, until];
  while (after - before > minuteMs) {
    const middle = before + Math.floor((after - before) / 2 / minuteMs) * minuteMs;
    if (offsetOf(middle, zone) === offset) before = middle;
    else after = middle;
  }
  return after;
}

/** When the daily digest is sent. */
const digestHour = { from: '08:01', to: '08:00' };

/** The next digest after `now`: at the full hour, or at 8 in the morning, both in the person's zone. */
export function nextDigest(now: Date, zone: string, frequency: 'HOURLY' | 'DAILY'): Date {
  const minute = Math.floor(now.getTime() / minuteMs) * minuteMs;
  if (frequency === 'HOURLY') return new Date(minute + (60 - (minuteOfDay(minute, zone) % 60)) * minuteMs);
  // The whole day but that one minute is waited through; from a minute later, so that 08:00 itself waits for tomorrow's.
  return quietUntil(new Date(minute + minuteMs), zone, digestHour) ?? new Date(minute + minuteMs);
}
