// The evaluator in Postgres: a boolean expression over `tasks t` that is never null. matches.ts means the same.
import type { Condition, Flag, IdField, InstantField, Order, TextTest } from './conditions.js';
import { openStatuses } from './conditions.js';
import { windowOf } from './matches.js';

/** Adds a value to the statement's parameters and answers its placeholder with a cast: `$3::uuid[]`. */
export type Bind = (value: unknown, type: string) => string;

/** Collects the parameters of one statement. */
export function createBinder(): { bind: Bind; parameters: unknown[] } {
  const parameters: unknown[] = [];
  return { parameters, bind: (value, type) => `$${parameters.push(value)}::${type}` };
}

const columns: Record<IdField | InstantField, string> = {
  id: 't.id', projectId: 't.project_id', channelId: 't.channel_id', parentId: 't.parent_id', creatorId: 't.creator_id',
  dueAt: 't.due_at', startAt: 't.start_at', createdAt: 't.created_at', updatedAt: 't.updated_at', completedAt: 't.completed_at',
};
/** Columns in which null does not occur: what is compared with them needs no guard. */
const alwaysSet = new Set<IdField | InstantField>(['id', 'creatorId', 'createdAt', 'updatedAt']);
const operators: Record<Order | 'eq', string> = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** Written out, so that the planner knows the partial indexes over open tasks to be enough. */
const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');

export const open = `t.status in (${quoted(openStatuses)})`;

/** `scopes` binds the words of the scopes in question (see search-repository.ts), which the search index is narrowed to. */
export function toSql(condition: Condition, now: Date, bind: Bind, scopes: (() => string) | null = null): string {
  const inner = (nested: Condition) => toSql(nested, now, bind, scopes);
  switch (condition.kind) {
    case 'all':
      return condition.of.length === 0 ? 'true' : condition.of.map(inner).join(' and ');
    case 'any':
      return condition.of.length === 0 ? 'false' : `(${condition.of.map((nested) => `(${inner(nested)})`).join(' or ')})`;
    case 'not':
      return negated(condition.of, inner);
    case 'id': {
      const { field, operator, values } = condition;
      if (operator === 'in' && values.length === 0) return 'false';
      const list = `${columns[field]} ${operator === 'in' ? '= any' : '<> all'} (${bind(values, 'uuid[]')})`;
      return guarded(field, list);
    }
    case 'null':
      return `${columns[condition.field]} is null`;
    case 'assigned':
      if (condition.values === null) return `t.assignee_ids <> '{}'`;
      if (condition.values.length === 0) return 'false';
      return `t.id in (select a.task_id from task_assignees a where a.user_id = any (${bind(condition.values, 'uuid[]')}))`;
    case 'title':
      return textTest('t.title_key', condition.test, bind);
    case 'label':
      return `t.id in (select tl.task_id from task_labels tl join labels l on l.id = tl.label_id where ${condition.tests.map((test) => textTest('l.name_key', test, bind)).join(' and ')})`;
    case 'status':
      return condition.values.length === 0 ? 'false' : condition.values.length === 1 ? `t.status = ${quoted(condition.values)}` : `t.status in (${quoted(condition.values)})`;
    case 'priority':
      return condition.values.length === 0 ? 'false' : `t.priority = any (${bind(condition.values, 'int[]')})`;
    case 'priorityOrder':
      return `t.priority ${operators[condition.operator]} ${bind(condition.value, 'int')}`;
    case 'instant':
      return guarded(condition.field, `${columns[condition.field]} ${operators[condition.operator]} ${bind(condition.value, 'timestamptz')}`);
    case 'within': {
      const [from, to] = windowOf(now, condition.duration);
      return guarded(condition.field, `${columns[condition.field]} between ${bind(from, 'timestamptz')} and ${bind(to, 'timestamptz')}`);
    }
    case 'flag':
      return flag(condition.flag, condition.is, now, bind);
    case 'text': {
      // Two matches instead of one joined query: a text without any word finds nothing, not everything in the scopes.
      const narrowed = scopes === null ? '' : ` and s.document @@ ${scopes()}`;
      return `t.id in (select s.task_id from task_search s where s.document @@ websearch_to_tsquery('simple', ${bind(condition.query, 'text')})${narrowed})`;
    }
  }
}

/** Two values only: where the column can be null the comparison is false instead of unknown. */
const guarded = (field: IdField | InstantField, comparison: string): string =>
  alwaysSet.has(field) ? comparison : `(${columns[field]} is not null and ${comparison})`;

function negated(condition: Condition, inner: (condition: Condition) => string): string {
  // `x is not null` is a range of an index where `not (x is null)` is only a check.
  return condition.kind === 'null' ? `${columns[condition.field]} is not null` : `not (${inner(condition)})`;
}

function textTest(column: string, { operator, values }: TextTest, bind: Bind): string {
  if (values.length === 0) return 'false';
  if (operator === 'is') return `${column} = any (${bind(values, 'text[]')})`;
  const name = operator === 'contains' ? 'strpos' : 'starts_with';
  return values.map((value) => `${name}(${column}, ${bind(value, 'text')})${operator === 'contains' ? ' > 0' : ''}`).join(' or ');
}

function flag(name: Flag, is: boolean, now: Date, bind: Bind): string {
  switch (name) {
    case 'deleted':
      return is ? 't.deleted_at is not null' : 't.deleted_at is null';
    case 'personal':
      return is ? 't.owner_id is not null' : 't.owner_id is null';
    case 'blocked':
      return is ? 't.blocked' : 'not t.blocked';
    case 'overdue': {
      const overdue = `(t.due_at is not null and t.due_at < ${bind(now, 'timestamptz')} and ${open})`;
      return is ? overdue : `not ${overdue}`;
    }
  }
}
