import { badInput, DomainError } from '@taskgraph/shared/errors';
import type { Context } from '../context.js';
import type { RecurrenceResolvers } from '../generated/resolver-types.js';
import { nextDueDates } from '../recurrence/check-recurrence.js';

/** Most due dates told ahead of one task, and of all tasks of a request: working each out takes about a millisecond. */
const nextLimit = 100;
const requestLimit = 5_000;

const asked = new WeakMap<Context, number>();

/** Its parent is the task, of which only what recurs gets here. */
export const Recurrence: RecurrenceResolvers = {
  rule: (task) => task.recurrenceRule ?? '',
  timeZone: (task) => task.recurrenceTimeZone ?? '',
  async next(task, { first }, context) {
    const count = first ?? 5;
    if (count < 1 || count > nextLimit) throw badInput('first', `must lie between 1 and ${nextLimit}`);
    const total = (asked.get(context) ?? 0) + count;
    asked.set(context, total);
    if (total > requestLimit) throw new DomainError('QUERY_TOO_COMPLEX', `At most ${requestLimit} due dates are worked out in one request.`);
    // Other requests get their turn between two tasks.
    await new Promise((resolve) => setImmediate(resolve));
    return nextDueDates(task, new Date(), count);
  },
};
