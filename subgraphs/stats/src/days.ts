// Days of a time zone over counts that are kept in quarters of an hour of UTC. Every zone in use is a whole number of quarters
// away from UTC, so a quarter belongs to one day in each of them. Pure.
import { badInput } from '@taskgraph/shared/errors';

const quarterMs = 15 * 60_000;
const quartersPerDay = 96;
const dayMs = 86_400_000;
/** Most days of one question. */
export const mostDays = 366;

/** Number of the quarter of an hour that an instant lies in, counted from 1970. */
export const quarterOf = (instant: Date): number => Math.floor(instant.getTime() / quarterMs);

/** The dates from the first to the last, both included; BAD_USER_INPUT names the argument that is wrong. */
export function datesBetween(from: string, to: string): string[] {
  const [first, last] = [Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`)];
  if (last < first) throw badInput('to', 'must not lie before from');
  if ((last - first) / dayMs >= mostDays) throw badInput('to', `must be so that from and to are at most ${mostDays} days`);
  return Array.from({ length: (last - first) / dayMs + 1 }, (_, day) => new Date(first + day * dayMs).toISOString().slice(0, 10));
}

/** The first quarter of each date in that zone, and as the last element the one behind the last date. */
export function quartersOf(dates: readonly string[], timeZone: string): number[] {
  const dateAt = dateReader(timeZone);
  const last = dates.at(-1) as string;
  const starts = dates.map((date) => firstQuarter(numberOf(date), Date.parse(`${date}T00:00:00Z`), dateAt));
  return [...starts, firstQuarter(numberOf(last) + 1, Date.parse(`${last}T00:00:00Z`) + dayMs, dateAt)];
}

/** A date as a number that grows with it, whose digits are year, month and day. */
const numberOf = (date: string): number => Number(date.replaceAll('-', ''));

/** The first quarter whose date in the zone is this one or a later one: a day may begin at one o'clock, or not exist at all. */
function firstQuarter(date: number, midnightUtc: number, dateAt: (quarter: number) => number): number {
  const around = quarterOf(new Date(midnightUtc));
  // No zone is further from UTC than this.
  let [low, high] = [around - quartersPerDay, around + quartersPerDay];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (dateAt(middle) >= date) high = middle;
    else low = middle + 1;
  }
  return low;
}

function dateReader(timeZone: string): (quarter: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'gregory', numberingSystem: 'latn', year: 'numeric', month: 'numeric', day: 'numeric' });
  return (quarter) => {
    // Written month/day/year.
    const [month = 0, day = 0, year = 0] = format.format(quarter * quarterMs).split('/').map(Number);
    return year * 10_000 + month * 100 + day;
  };
}
