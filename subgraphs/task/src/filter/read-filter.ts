// Reads a TaskFilter as it comes from a client. What GraphQL cannot check is refused here with BAD_USER_INPUT and its path.
import { taskStatus } from '@taskgraph/shared/contracts/task-events';
import { parseDuration, type Duration } from '@taskgraph/shared/duration';
import { badInput } from '@taskgraph/shared/errors';
import { isUuid } from '@taskgraph/shared/ids';
import { checkText } from '@taskgraph/shared/text';
import type { DateTimeFilter, IdFilter, IntFilter, StringFilter, TaskFilter, TaskStatusFilter } from '../generated/resolver-types.js';
import { never, type Condition, type TextTest } from './conditions.js';
import { fold } from './fold.js';

/** Levels of `and`, `or` and `not` inside each other. */
const depthLimit = 5;
/** Nested filters and comparisons in all: each is a piece of the statement, and planning takes time. */
const pieceLimit = 200;
const listLimit = 1_000;
const textLimit = 1_000;
/** Each search is a look into the index, and into each page of the log that a subscription reads. */
const searchLimit = 5;

/** `filter` absent is the empty one: every task that is not in the trash. */
export function readFilter(filter: TaskFilter | null | undefined, path = 'filter'): Condition {
  let pieces = 0;
  let searches = 0;
  let mentionsDeleted = false;

  function read(input: TaskFilter, at: string, depth: number): Condition {
    const count = (more: number) => {
      pieces += more;
      if (pieces > pieceLimit) throw badInput(path, `must hold at most ${pieceLimit} conditions`);
    };
    count(1);
    const of: Condition[] = [];
    const nested = (inner: TaskFilter, place: string): Condition => {
      if (depth === depthLimit) throw badInput(place, `must not be nested deeper than ${depthLimit} levels`);
      return read(inner, place, depth + 1);
    };
    if (input.and) of.push(...input.and.map((inner, index) => nested(inner, `${at}.and.${index}`)));
    if (input.or) of.push({ kind: 'any', of: input.or.map((inner, index) => nested(inner, `${at}.or.${index}`)) });
    if (input.not) of.push({ kind: 'not', of: nested(input.not, `${at}.not`) });
    const nestedOnes = of.length;

    for (const field of ['id', 'projectId', 'channelId', 'parentId', 'creatorId'] as const) {
      const given = input[field];
      if (given) of.push(...readIds(given, `${at}.${field}`, (operator, values) => ({ kind: 'id', field, operator, values }), { kind: 'null', field }));
    }
    if (input.assigneeId) {
      const assigned = (values: string[] | null): Condition => ({ kind: 'assigned', values });
      of.push(...readIds(input.assigneeId, `${at}.assigneeId`, (operator, values) => (operator === 'in' ? assigned(values) : not(assigned(values))), not(assigned(null))));
    }
    for (const field of ['dueAt', 'startAt', 'createdAt', 'updatedAt', 'completedAt'] as const) {
      const given = input[field];
      if (given) of.push(...readInstants(given, field));
    }
    if (input.text != null) {
      searches += 1;
      if (searches > searchLimit) throw badInput(`${at}.text`, `must not occur more than ${searchLimit} times`);
      if (input.text.trim() === '') throw badInput(`${at}.text`, 'must not be empty');
      of.push({ kind: 'text', query: checkText(`${at}.text`, input.text, { max: textLimit }) });
    }
    if (input.title) of.push(...readTexts(input.title, `${at}.title`).map((test): Condition => ({ kind: 'title', test })));
    if (input.label) {
      const tests = readTexts(input.label, `${at}.label`);
      if (tests.length > 0) of.push({ kind: 'label', tests });
    }
    if (input.status) of.push(...readStatus(input.status));
    if (input.priority) of.push(...readNumbers(input.priority, `${at}.priority`));
    for (const flag of ['overdue', 'blocked', 'personal', 'deleted'] as const) {
      const is = input[flag];
      if (is == null) continue;
      mentionsDeleted ||= flag === 'deleted';
      of.push({ kind: 'flag', flag, is });
    }
    count(of.length - nestedOnes);
    return { kind: 'all', of };
  }

  const given = filter ? read(filter, path, 0) : null;
  if (mentionsDeleted && given) return given;
  return { kind: 'all', of: [{ kind: 'flag', flag: 'deleted', is: false }, ...(given ? [given] : [])] };
}

const not = (of: Condition): Condition => ({ kind: 'not', of });

function checkList<T>(list: readonly T[], path: string): readonly T[] {
  if (list.length > listLimit) throw badInput(path, `must hold at most ${listLimit} values`);
  return list;
}

/** A text that is no UUID is nobody's id: it cannot be compared with one and matches nothing. */
const idsOf = (list: readonly string[]): string[] => [...new Set(list.filter(isUuid).map((id) => id.toLowerCase()))];

function readIds(filter: IdFilter, path: string, compare: (operator: 'in' | 'notIn', values: string[]) => Condition, isNull: Condition): Condition[] {
  const of: Condition[] = [];
  if (filter.eq !== undefined) of.push(compare('in', idsOf(filter.eq === null ? [] : [filter.eq])));
  if (filter.in !== undefined) of.push(compare('in', idsOf(checkList(filter.in ?? [], `${path}.in`))));
  if (filter.notIn !== undefined) of.push(compare('notIn', idsOf(checkList(filter.notIn ?? [], `${path}.notIn`))));
  if (filter.isNull != null) of.push(filter.isNull ? isNull : not(isNull));
  return of;
}

function readTexts(filter: StringFilter, path: string): TextTest[] {
  const text = (value: string, at: string) => fold(checkText(at, value, { max: textLimit }));
  const tests: TextTest[] = [];
  if (filter.in !== undefined) tests.push({ operator: 'is', values: checkList(filter.in ?? [], `${path}.in`).map((value, index) => text(value, `${path}.in.${index}`)) });
  for (const [name, operator] of [['eq', 'is'], ['contains', 'contains'], ['startsWith', 'startsWith']] as const) {
    const value = filter[name];
    if (value !== undefined) tests.push({ operator, values: value === null ? [] : [text(value, `${path}.${name}`)] });
  }
  return tests;
}

function readNumbers(filter: IntFilter, path: string): Condition[] {
  const of: Condition[] = [];
  if (filter.eq !== undefined) of.push({ kind: 'priority', values: filter.eq === null ? [] : [filter.eq] });
  if (filter.in !== undefined) of.push({ kind: 'priority', values: [...checkList(filter.in ?? [], `${path}.in`)] });
  for (const operator of ['gt', 'gte', 'lt', 'lte'] as const) {
    const value = filter[operator];
    if (value !== undefined) of.push(value === null ? never : { kind: 'priorityOrder', operator, value });
  }
  return of;
}

/** A status is never null, so `notIn` is the `in` of all others; each becomes one list that an index can be chosen for. */
function readStatus(filter: TaskStatusFilter): Condition[] {
  const all = taskStatus.options;
  const of: Condition[] = [];
  if (filter.eq !== undefined) of.push({ kind: 'status', values: all.filter((status) => status === filter.eq) });
  if (filter.in !== undefined) of.push({ kind: 'status', values: all.filter((status) => filter.in?.includes(status)) });
  if (filter.notIn !== undefined) of.push({ kind: 'status', values: all.filter((status) => !filter.notIn?.includes(status)) });
  return of;
}

function readInstants(filter: DateTimeFilter, field: 'dueAt' | 'startAt' | 'createdAt' | 'updatedAt' | 'completedAt'): Condition[] {
  const of: Condition[] = [];
  for (const operator of ['eq', 'gt', 'gte', 'lt', 'lte'] as const) {
    const value = filter[operator];
    if (value !== undefined) of.push(value === null ? never : { kind: 'instant', field, operator, value });
  }
  // The scalar has checked the text.
  if (filter.within !== undefined) of.push(filter.within === null ? never : { kind: 'within', field, duration: parseDuration(filter.within) as Duration });
  if (filter.isNull != null) of.push(filter.isNull ? { kind: 'null', field } : not({ kind: 'null', field }));
  return of;
}
