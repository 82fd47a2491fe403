// Occurrences of rules, without a database: the examples of RFC 5545 §3.8.5.3, clock changes, and what is refused.
import { describe, expect, test } from 'vitest';
import { checkRecurrence } from '../src/recurrence/check-recurrence.js';
import { occurrencesAfter, type Series } from '../src/recurrence/occurrences.js';

/** 9:00 on 2 September 1997 in New York, where the examples of the RFC start; those few that start elsewhere there start here too. */
const start = new Date('1997-09-02T13:00:00Z');
const newYork = 'America/New_York';
const local = (date: Date, timeZone: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(date);
const from = (series: Series, count: number, after = new Date(series.start.getTime() - 1)) => occurrencesAfter(series, after, count).map((date) => local(date, series.timeZone));
const days = (text: string, time = '09:00') => text.split(' ').map((day) => `${day} ${time}`);

/** Rule, then its first occurrences as the RFC lists them; a list that the rule ends says so. */
const examples: [rule: string, dates: string[], ends?: 'ends'][] = [
  ['FREQ=DAILY;COUNT=10', days('1997-09-02 1997-09-03 1997-09-04 1997-09-05 1997-09-06 1997-09-07 1997-09-08 1997-09-09 1997-09-10 1997-09-11'), 'ends'],
  ['FREQ=DAILY;INTERVAL=2', days('1997-09-02 1997-09-04 1997-09-06 1997-09-08')],
  ['FREQ=DAILY;INTERVAL=10;COUNT=5', days('1997-09-02 1997-09-12 1997-09-22 1997-10-02 1997-10-12'), 'ends'],
  ['FREQ=WEEKLY;COUNT=10', days('1997-09-02 1997-09-09 1997-09-16 1997-09-23 1997-09-30 1997-10-07 1997-10-14 1997-10-21 1997-10-28 1997-11-04'), 'ends'],
  ['FREQ=WEEKLY;INTERVAL=2;WKST=SU', days('1997-09-02 1997-09-16 1997-09-30 1997-10-14 1997-10-28 1997-11-11 1997-11-25 1997-12-09 1997-12-23')],
  ['FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH', days('1997-09-02 1997-09-04 1997-09-09 1997-09-11 1997-09-16 1997-09-18 1997-09-23 1997-09-25 1997-09-30 1997-10-02'), 'ends'],
  ['FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH', days('1997-09-02 1997-09-04 1997-09-16 1997-09-18 1997-09-30 1997-10-02 1997-10-14 1997-10-16'), 'ends'],
  ['FREQ=MONTHLY;COUNT=10;BYDAY=1FR', days('1997-09-05 1997-10-03 1997-11-07 1997-12-05 1998-01-02 1998-02-06 1998-03-06 1998-04-03 1998-05-01 1998-06-05'), 'ends'],
  ['FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU', days('1997-09-07 1997-09-28 1997-11-02 1997-11-30 1998-01-04 1998-01-25 1998-03-01 1998-03-29 1998-05-03 1998-05-31'), 'ends'],
  ['FREQ=MONTHLY;COUNT=6;BYDAY=-2MO', days('1997-09-22 1997-10-20 1997-11-17 1997-12-22 1998-01-19 1998-02-16'), 'ends'],
  ['FREQ=MONTHLY;BYMONTHDAY=-3', days('1997-09-28 1997-10-29 1997-11-28 1997-12-29 1998-01-29 1998-02-26')],
  ['FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15', days('1997-09-02 1997-09-15 1997-10-02 1997-10-15 1997-11-02 1997-11-15 1997-12-02 1997-12-15 1998-01-02 1998-01-15'), 'ends'],
  ['FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1', days('1997-09-30 1997-10-01 1997-10-31 1997-11-01 1997-11-30 1997-12-01 1997-12-31 1998-01-01 1998-01-31 1998-02-01'), 'ends'],
  ['FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15', days('1997-09-10 1997-09-11 1997-09-12 1997-09-13 1997-09-14 1997-09-15 1999-03-10 1999-03-11 1999-03-12 1999-03-13'), 'ends'],
  ['FREQ=MONTHLY;INTERVAL=2;BYDAY=TU', days('1997-09-02 1997-09-09 1997-09-16 1997-09-23 1997-09-30 1997-11-04 1997-11-11')],
  ['FREQ=YEARLY;COUNT=10;BYMONTH=6,7', days('1998-06-02 1998-07-02 1999-06-02 1999-07-02 2000-06-02 2000-07-02 2001-06-02 2001-07-02 2002-06-02 2002-07-02'), 'ends'],
  ['FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200', days('2000-01-01 2000-04-09 2000-07-18 2003-01-01'), 'ends'],
  ['FREQ=YEARLY;BYDAY=20MO', days('1998-05-18 1999-05-17 2000-05-15')],
  ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', days('1998-05-11 1999-05-17 2000-05-15')],
  ['FREQ=YEARLY;BYMONTH=3;BYDAY=TH', days('1998-03-05 1998-03-12 1998-03-19 1998-03-26 1999-03-04')],
  ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', days('1998-02-13 1998-03-13 1998-11-13 1999-08-13 2000-10-13')],
  ['FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13', days('1997-09-13 1997-10-11 1997-11-08 1997-12-13')],
  ['FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8', days('1997-11-04 2001-11-06 2005-11-08')],
  ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', days('1997-09-04 1997-10-07 1997-11-06'), 'ends'],
  ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2', days('1997-09-29 1997-10-30 1997-11-27 1997-12-30')],
  ['FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z', ['1997-09-02 09:00', '1997-09-02 12:00', '1997-09-02 15:00'], 'ends'],
  ['FREQ=MINUTELY;INTERVAL=90;COUNT=4', ['1997-09-02 09:00', '1997-09-02 10:30', '1997-09-02 12:00', '1997-09-02 13:30'], 'ends'],
  ['FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40', ['1997-09-02 09:00', '1997-09-02 09:20', '1997-09-02 09:40', '1997-09-02 10:00']],
];

test.each(examples)('RFC 5545: %s', (rule, dates, ends) => {
  const series = { rule, timeZone: newYork, start };
  expect(from(series, ends ? 100 : dates.length)).toEqual(dates);
  // Any place inside the series leads on to the same dates.
  const middle = occurrencesAfter(series, new Date(start.getTime() - 1), 2).at(-1) as Date;
  expect(from(series, 1, middle)).toEqual(dates.slice(2, 3));
});

describe('clock changes', () => {
  test.each([
    ['Europe/Berlin', '2027-03-26T08:00:00Z', ['2027-03-27T08:00:00.000Z', '2027-03-28T07:00:00.000Z', '2027-03-29T07:00:00.000Z']],
    ['Europe/Berlin', '2027-10-29T07:00:00Z', ['2027-10-30T07:00:00.000Z', '2027-10-31T08:00:00.000Z', '2027-11-01T08:00:00.000Z']],
    ['America/New_York', '2027-03-12T14:00:00Z', ['2027-03-13T14:00:00.000Z', '2027-03-14T13:00:00.000Z', '2027-03-15T13:00:00.000Z']],
    ['Australia/Lord_Howe', '2027-04-01T22:00:00Z', ['2027-04-02T22:00:00.000Z', '2027-04-03T22:30:00.000Z', '2027-04-04T22:30:00.000Z']],
  ])('09:00 in %s stays 09:00 from %s on', (timeZone, at, expected) => {
    const series = { rule: 'FREQ=DAILY', timeZone, start: new Date(at) };
    expect(local(series.start, timeZone)).toMatch(/09:00$/);
    expect(occurrencesAfter(series, series.start, 3).map((date) => date.toISOString())).toEqual(expected);
  });

  test('a time that the clocks leave out is left out that day and comes back the next; one that comes twice is taken once', () => {
    const spring = { rule: 'FREQ=DAILY', timeZone: 'Europe/Berlin', start: new Date('2027-03-26T01:30:00Z') };
    expect(from(spring, 3)).toEqual(['2027-03-26 02:30', '2027-03-27 02:30', '2027-03-29 02:30']);
    const autumn = { rule: 'FREQ=DAILY', timeZone: 'Europe/Berlin', start: new Date('2027-10-30T00:30:00Z') };
    expect(from(autumn, 3)).toEqual(['2027-10-30 02:30', '2027-10-31 02:30', '2027-11-01 02:30']);
  });
});

describe('what is refused', () => {
  const due = new Date('2027-01-01T09:00:00Z');
  test.each([
    '', 'FREQ', 'DAILY', 'FREQ=', 'FREQ=SOMETIMES', 'INTERVAL=2', 'FREQ=DAILY;', 'FREQ=DAILY;FREQ=WEEKLY', 'FREQ=DAILY;INTERVAL=0', 'FREQ=DAILY;INTERVAL=-1',
    'FREQ=DAILY;INTERVAL=1.5', 'FREQ=DAILY;INTERVAL=99999999', 'FREQ=DAILY;COUNT=0', 'FREQ=DAILY;COUNT=1001', 'FREQ=DAILY;COUNT=3;UNTIL=20300101T000000Z',
    'FREQ=DAILY;UNTIL=tomorrow', 'FREQ=DAILY;UNTIL=20309901T000000Z', 'FREQ=DAILY;BYMONTH=13', 'FREQ=MONTHLY;BYMONTHDAY=32', 'FREQ=MONTHLY;BYMONTHDAY=0', 'FREQ=DAILY;BYHOUR=24',
    'FREQ=WEEKLY;BYDAY=XX', 'FREQ=WEEKLY;BYDAY=1MO', 'FREQ=WEEKLY;WKST=ZZ', 'FREQ=MONTHLY;BYWEEKNO=3', 'FREQ=DAILY;BYSETPOS=1', 'FREQ=DAILY;COLOR=RED',
    'FREQ=SECONDLY', 'FREQ=DAILY;BYSETPOS=9;BYHOUR=1,2', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'DTSTART:20200101T000000Z\nRRULE:FREQ=DAILY', 'FREQ=DAILY\nEXDATE:20270102',
    'constructor=1', `FREQ=DAILY;BYHOUR=${Array.from({ length: 300 }, () => '1').join(',')}`, 'FREQ=DAILY;UNTIL=20200101T000000Z',
  ])('%j is no rule', (rule) => {
    const refusal = refusalOf(() => checkRecurrence({ rule, timeZone: 'Europe/Berlin' }, due));
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', details: { fields: [{ path: 'input.recurrence.rule' }] } });
  });

  test.each(['', 'Mars/Olympus', '+01:00', 'local', 'Europe/Berlin]', 'x'.repeat(100)])('%j is no time zone', (timeZone) => {
    const refusal = refusalOf(() => checkRecurrence({ rule: 'FREQ=DAILY', timeZone }, due));
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', details: { fields: [{ path: 'input.recurrence.timeZone' }] } });
  });

  test('lower case, a leading RRULE: and a date as UNTIL are taken', () => {
    expect(checkRecurrence({ rule: 'rrule:freq=weekly;until=20270301', timeZone: 'Europe/Berlin' }, due)).toMatchObject({ recurrenceRule: 'FREQ=WEEKLY;UNTIL=20270301' });
  });
});

function refusalOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
}
