// What a client says about recurrence becomes columns of the task; what is wrong is BAD_USER_INPUT.
import { badInput } from '@taskgraph/shared/errors';
import { newId } from '@taskgraph/shared/ids';
import type { TaskRow } from '../entities/task.js';
import type { RecurrenceInput, UpdateTaskInput } from '../generated/resolver-types.js';
import { checkRule, occurrencesAfter } from './occurrences.js';
import { parseRule } from './rule-grammar.js';

export type RecurrenceFields = Pick<TaskRow, 'recurrenceRule' | 'recurrenceTimeZone' | 'recurrenceStart' | 'seriesId'>;

export const noRecurrence: RecurrenceFields = { recurrenceRule: null, recurrenceTimeZone: null, recurrenceStart: null, seriesId: null };

/** Rule and zone of a new series that starts at the task's due date, or now where there is none. */
export function checkRecurrence(input: RecurrenceInput | null | undefined, dueAt: Date | null): RecurrenceFields {
  if (input == null) return noRecurrence;
  const parsed = parseRule(input.rule);
  if ('problem' in parsed) throw badInput('input.recurrence.rule', parsed.problem);
  const timeZone = checkTimeZone(input.timeZone);
  const start = dueAt ?? new Date();
  const series = { rule: parsed.rule, timeZone, start };
  try {
    checkRule(series);
  } catch (error) {
    throw badInput('input.recurrence.rule', `is no RFC 5545 rule: ${(error as Error).message}`);
  }
  if (occurrencesAfter(series, new Date(start.getTime() - 1_000), 1).length === 0) throw badInput('input.recurrence.rule', 'never occurs');
  return { recurrenceRule: parsed.rule, recurrenceTimeZone: timeZone, recurrenceStart: start, seriesId: newId() };
}

/**
 * Recurrence in a patch. The rule that the task has already, sent again without another due date, goes on with its series;
 * another due date alone moves this instance and not the series, unless the task had none.
 */
export function patchRecurrence(task: TaskRow, input: Pick<UpdateTaskInput, 'dueAt' | 'recurrence'>): Partial<RecurrenceFields> {
  const dueAt = input.dueAt === undefined ? task.dueAt : input.dueAt;
  if (input.recurrence === undefined) return task.recurrenceRule !== null && task.dueAt === null && dueAt ? { recurrenceStart: dueAt } : {};
  const given = checkRecurrence(input.recurrence, dueAt);
  const goesOn = given.recurrenceRule === task.recurrenceRule && given.recurrenceTimeZone === task.recurrenceTimeZone && dueAt?.getTime() === task.dueAt?.getTime();
  return goesOn ? {} : given;
}

/** IANA names only: what Intl takes, without the offsets such as +01:00 that it takes too, which know no clock changes. */
function checkTimeZone(name: string): string {
  const problem = badInput('input.recurrence.timeZone', 'must be an IANA time zone such as Europe/Berlin');
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/.test(name)) throw problem;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone === 'UTC' ? 'UTC' : name;
  } catch {
    throw problem;
  }
}

/** First occurrence after both the due date and now (RULES §6); null where the task does not recur or the rule has ended. */
export function nextDueDates(task: RecurrenceFields & Pick<TaskRow, 'dueAt'>, now: Date, count: number): Date[] {
  const { recurrenceRule: rule, recurrenceTimeZone: timeZone, recurrenceStart: start } = task;
  if (rule === null || timeZone === null || start === null) return [];
  const after = task.dueAt && task.dueAt > now ? task.dueAt : now;
  return occurrencesAfter({ rule, timeZone, start }, after, count);
}
