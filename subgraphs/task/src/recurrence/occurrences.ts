// Occurrences of a rule, counted in local time: 09:00 stays 09:00 over clock changes. The library is rrule-temporal
// (docs/decisions/0011-recurrence-library.md); nothing else knows of it.
import { RRuleTemporal } from 'rrule-temporal';
import { parseRule } from './rule-grammar.js';

export interface Series {
  rule: string;
  /** IANA name. */
  timeZone: string;
  /** DTSTART: where COUNT and INTERVAL are counted from, and what gives the time of day. */
  start: Date;
}

/** How far ahead of the start or of now a rule is looked through, in years: past that it counts as having no further occurrence. */
const horizonYears = 50;
/** Bounds on one search; a rule that needs more has no occurrence as far as anybody will see. */
const bounds = { maxIterations: 2_000, maxCandidateEvaluations: 20_000 };

/** The first `count` occurrences after an instant; fewer where the rule ends. */
export function occurrencesAfter(series: Series, after: Date, count: number): Date[] {
  const { start } = series;
  const from = new Date(Math.max(after.getTime(), start.getTime()));
  const found: Date[] = [];
  const rule = open(series, earlier(horizonOf(from), countedUntil(series)));
  try {
    for (let last = after; found.length < count; ) {
      const next = rule.next(last);
      if (!next) break;
      last = toDate(next);
      found.push(last);
    }
  } catch (error) {
    if (!isBound(error)) throw error;
  }
  return found;
}

const toDate = (occurrence: { epochMilliseconds: number }): Date => new Date(occurrence.epochMilliseconds);

const earlier = (a: Date, b: Date | null): Date => (b && b < a ? b : a);

const isBound = (error: unknown): boolean => /exceeded|out-of-bounds/i.test((error as Error).message);

function horizonOf(from: Date): Date {
  const horizon = new Date(from);
  horizon.setUTCFullYear(horizon.getUTCFullYear() + horizonYears);
  return horizon;
}

/** Last occurrences of series with a COUNT, which takes all the occurrences to find out; oldest entries go first. */
const ends = new Map<string, Date>();
const endsLimit = 5_000;

/** Where COUNT ends a series; null without one. */
function countedUntil(series: Series): Date | null {
  if (!/;COUNT=|^COUNT=/.test(series.rule)) return null;
  const key = `${series.rule} ${series.timeZone} ${series.start.getTime()}`;
  const known = ends.get(key);
  if (known) return known;
  let last: Date | undefined;
  try {
    last = open(series, horizonOf(series.start), true).all().map(toDate).at(-1);
  } catch (error) {
    if (!isBound(error)) throw error;
  }
  const end = last ?? new Date(0);
  if (ends.size >= endsLimit) ends.delete(ends.keys().next().value as string);
  ends.set(key, end);
  return end;
}

/** Throws for a rule that the library refuses. */
export function checkRule({ rule, timeZone, start }: Series): void {
  // RFC 5545 wants UNTIL in UTC; a plain date is common and means the whole day there.
  new RRuleTemporal({ rruleString: `RRULE:${rule}`, dtstart: zoned(start, timeZone), strict: !/UNTIL=\d{8}(;|$)/.test(rule) }).options();
}

/** The rule up to an instant, which ends it in any case; with its own COUNT only where that is asked for. */
function open({ rule, timeZone, start }: Series, end: Date, counted = false): RRuleTemporal {
  const parsed = parseRule(rule);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const { parts } = parsed;
  if (!counted) parts.delete('COUNT');
  const latest = end.toISOString().replace(/\.\d+|[-:]/g, '');
  // Compared as text: both are digits from the year down.
  if ((parts.get('UNTIL') ?? latest) >= latest) parts.set('UNTIL', latest);
  // Not strict: that refuses COUNT together with UNTIL.
  const rruleString = `RRULE:${[...parts].map(([name, value]) => `${name}=${value}`).join(';')}`;
  return new RRuleTemporal({ rruleString, dtstart: zoned(start, timeZone), cache: false, ...bounds });
}

/** An instant with its zone, as the library reads it; occurrences have whole seconds. */
const zoned = (date: Date, timeZone: string) => ({ timeZoneId: timeZone, toString: () => `${toSecond(date).toISOString()}[${timeZone}]` });

const toSecond = (date: Date): Date => new Date(Math.floor(date.getTime() / 1_000) * 1_000);
