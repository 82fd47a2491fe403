// ISO 8601 durations: P1Y2M3W4DT5H6M7.5S, with a sign in front. Years and months are counted on the calendar, in UTC.

export interface Duration {
  sign: 1 | -1;
  months: number;
  days: number;
  milliseconds: number;
}

const iso8601 = /^([+-]?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d{1,9}))?S)?)?$/;

/** Longest text looked at: more digits mean no time that a date can hold. */
const longest = 64;

/** Null for anything that is no ISO 8601 duration of whole units (seconds may have a fraction). */
export function parseDuration(text: string): Duration | null {
  const match = text.length <= longest ? iso8601.exec(text) : null;
  if (!match) return null;
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(2, 9).map((digits) => Number(digits ?? 0)) as [
    number, number, number, number, number, number, number,
  ];
  return {
    sign: match[1] === '-' ? -1 : 1,
    months: years * 12 + months,
    days: weeks * 7 + days,
    milliseconds: (hours * 3_600 + minutes * 60 + seconds) * 1_000 + Math.round(Number(`0.${match[9] ?? 0}`) * 1_000),
  };
}

/** First and last instant that timestamps of the API can write. */
const [first, last] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];

/** Months first, a day that the month does not have becoming its last one; then days and time. Held inside the years 1 to 9999. */
export function addDuration(from: Date, { sign, months, days, milliseconds }: Duration): Date {
  const edge = new Date(sign === 1 ? last : first);
  const result = new Date(from);
  result.setUTCDate(1);
  result.setUTCMonth(result.getUTCMonth() + sign * months);
  if (Number.isNaN(result.getTime())) return edge;
  const lastDay = new Date(Date.UTC(2000, result.getUTCMonth() + 1, 0));
  lastDay.setUTCFullYear(result.getUTCFullYear(), result.getUTCMonth() + 1, 0);
  result.setUTCDate(Math.min(from.getUTCDate(), lastDay.getUTCDate()));
  const time = result.getTime() + sign * (days * 86_400_000 + milliseconds);
  return time >= first && time <= last ? new Date(time) : edge;
}
