// The evaluator for one task in memory. to-sql.ts means the same; a property test holds the two together.
import { addDuration } from '@taskgraph/shared/duration';
import { openStatuses, type Condition, type Order, type TextTest } from './conditions.js';
import type { TaskFacts } from './facts.js';

/** Answers a full-text query about the task; in memory nobody can. */
export type TextAnswer = (query: string) => boolean;

const orders: Record<Order | 'eq', (a: number, b: number) => boolean> = {
  eq: (a, b) => a === b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
};

const fits = (text: string, { operator, values }: TextTest): boolean =>
  values.some((value) => (operator === 'is' ? text === value : operator === 'contains' ? text.includes(value) : text.startsWith(value)));

/** `now` is what `within` and `overdue` count from. */
export function matches(condition: Condition, task: TaskFacts, now: Date, text: TextAnswer): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.of.every((inner) => matches(inner, task, now, text));
    case 'any':
      return condition.of.some((inner) => matches(inner, task, now, text));
    case 'not':
      return !matches(condition.of, task, now, text);
    case 'id': {
      const id = task[condition.field];
      return id !== null && condition.values.includes(id) === (condition.operator === 'in');
    }
    case 'null':
      return task[condition.field] === null;
    case 'assigned':
      return condition.values === null ? task.assigneeIds.length > 0 : task.assigneeIds.some((id) => condition.values?.includes(id));
    case 'title':
      return fits(task.titleKey, condition.test);
    case 'label':
      return task.labels.some((label) => condition.tests.every((test) => fits(label, test)));
    case 'status':
      return condition.values.includes(task.status);
    case 'priority':
      return condition.values.includes(task.priority);
    case 'priorityOrder':
      return orders[condition.operator](task.priority, condition.value);
    case 'instant': {
      const instant = task[condition.field];
      return instant !== null && orders[condition.operator](instant.getTime(), condition.value.getTime());
    }
    case 'within': {
      const instant = task[condition.field];
      const [from, to] = windowOf(now, condition.duration);
      return instant !== null && instant >= from && instant <= to;
    }
    case 'flag': {
      const { flag, is } = condition;
      return is === (flag === 'overdue' ? task.dueAt !== null && task.dueAt < now && openStatuses.includes(task.status) : task[flag]);
    }
    case 'text':
      return text(condition.query);
  }
}

/** Earliest and latest instant of a `within`, both included. */
export function windowOf(now: Date, duration: Parameters<typeof addDuration>[1]): [Date, Date] {
  const far = addDuration(now, duration);
  return far < now ? [far, now] : [now, far];
}
