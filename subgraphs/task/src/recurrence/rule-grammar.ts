// What an RRULE may say (RFC 5545 §3.3.10), checked before the library sees it: that one lets numbers out of range pass and
// would work for seconds on a rule that asks for millions of candidates.

/** Characters of a rule. */
const lengthLimit = 500;
/** Largest COUNT: each occurrence before the wanted one is counted. */
const countLimit = 1_000;
/** Longest step between two periods: ten years in each unit. */
const intervalLimits: Record<string, number> = { YEARLY: 10, MONTHLY: 120, WEEKLY: 520, DAILY: 3_650, HOURLY: 87_600, MINUTELY: 5_256_000 };
/** Most days in one period. */
const daysOf: Record<string, number> = { YEARLY: 366, MONTHLY: 31, WEEKLY: 7 };
/** Largest number of times of day that BYHOUR, BYMINUTE and BYSECOND may name together. */
const timesLimit = 200;

/** Smallest and largest value of each list; negative ones count from the end where the second flag says so. */
const lists: Record<string, { min: number; max: number; fromEnd: boolean }> = {
  BYSECOND: { min: 0, max: 59, fromEnd: false },
  BYMINUTE: { min: 0, max: 59, fromEnd: false },
  BYHOUR: { min: 0, max: 23, fromEnd: false },
  BYMONTHDAY: { min: 1, max: 31, fromEnd: true },
  BYYEARDAY: { min: 1, max: 366, fromEnd: true },
  BYWEEKNO: { min: 1, max: 53, fromEnd: true },
  BYMONTH: { min: 1, max: 12, fromEnd: false },
  BYSETPOS: { min: 1, max: 366, fromEnd: true },
};

const weekday = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/;
const until = /^\d{8}(T\d{6}Z)?$/;

/** The parts of a rule by name, in upper case and without `RRULE:`; or what is wrong with it. */
export function parseRule(text: string): { rule: string; parts: Map<string, string> } | { problem: string } {
  const rule = text.trim().toUpperCase().replace(/^RRULE:/, '');
  if (rule.length > lengthLimit) return { problem: `must have at most ${lengthLimit} characters` };
  const parts = new Map<string, string>();
  for (const part of rule.split(';')) {
    const [name = '', value = '', ...rest] = part.split('=');
    if (value === '' || rest.length > 0) return { problem: 'must be an RFC 5545 rule such as FREQ=WEEKLY;BYDAY=MO' };
    if (parts.has(name)) return { problem: `names ${printable(name)} twice` };
    const problem = problemOf(name, value);
    if (problem) return { problem };
    parts.set(name, value);
  }
  const problem = problemTogether(parts);
  return problem ? { problem } : { rule, parts };
}

/** Input comes back in the message only as far as it is a name. */
const printable = (name: string): string => (/^[A-Z-]{1,20}$/.test(name) ? name : 'a part');

function problemOf(name: string, value: string): string | null {
  const list = lists[name];
  if (list) {
    const { min, max, fromEnd } = list;
    const fits = (item: string) => /^[+-]?\d{1,3}$/.test(item) && within(fromEnd ? Math.abs(Number(item)) : Number(item), min, max);
    return value.split(',').every(fits) ? null : `has a ${name} outside ${fromEnd ? '±' : ''}${min} to ${max}`;
  }
  switch (name) {
    case 'FREQ':
      return value in intervalLimits ? null : `needs a FREQ out of ${Object.keys(intervalLimits).join(', ')}`;
    case 'INTERVAL':
      return /^\d{1,8}$/.test(value) && Number(value) > 0 ? null : 'has an INTERVAL that is no positive number';
    case 'COUNT':
      return /^\d{1,4}$/.test(value) && within(Number(value), 1, countLimit) ? null : `has a COUNT outside 1 to ${countLimit}`;
    case 'UNTIL':
      return until.test(value) ? null : 'has an UNTIL that is neither a date nor an instant in UTC';
    case 'WKST':
      return /^(MO|TU|WE|TH|FR|SA|SU)$/.test(value) ? null : 'has a WKST that is no weekday';
    case 'BYDAY':
      return value.split(',').every(isWeekday) ? null : 'has a BYDAY that names no weekday';
    default:
      return `has an unknown part ${printable(name)}`;
  }
}

const within = (value: number, min: number, max: number): boolean => value >= min && value <= max;

function isWeekday(item: string): boolean {
  const match = weekday.exec(item);
  return match !== null && (match[1] === undefined || within(Math.abs(Number(match[1])), 1, 53));
}

/** Rules between the parts. */
function problemTogether(parts: Map<string, string>): string | null {
  const frequency = parts.get('FREQ');
  if (frequency === undefined) return 'needs a FREQ';
  if (parts.has('COUNT') && parts.has('UNTIL')) return 'must not have both COUNT and UNTIL';
  if (Number(parts.get('INTERVAL') ?? 1) > (intervalLimits[frequency] ?? 0)) return 'has an INTERVAL of more than ten years';
  const times = ['BYHOUR', 'BYMINUTE', 'BYSECOND'].reduce((product, name) => product * (parts.get(name)?.split(',').length ?? 1), 1);
  if (times > timesLimit) return `names more than ${timesLimit} times of day`;
  const positions = (parts.get('BYSETPOS') ?? '1').split(',').map((position) => Math.abs(Number(position)));
  // Such a rule never occurs, and finding that out by looking takes long.
  return Math.min(...positions) > times * (daysOf[frequency] ?? 1) ? 'has a BYSETPOS that no period reaches' : null;
}
