// What a filter says about where its tasks can be found, read from the conditions that must all hold.
import { scopeId } from '@taskgraph/shared/scope';
import { openStatuses, textsOf, type Condition, type InstantField } from './conditions.js';

/** The conditions of which each must hold. */
const required = (condition: Condition): Condition[] => (condition.kind === 'all' ? condition.of.flatMap(required) : [condition]);

/**
 * Scopes outside which nothing can match (null where it can be any), and the conditions that remain once only they are looked
 * at: leaving the others out keeps the planner from counting them twice.
 */
export function narrowed(condition: Condition, personalScope: string): { scopes: string[] | null; rest: Condition } {
  let scopes = null as string[] | null;
  const rest: Condition[] = [];
  for (const part of required(condition)) {
    let named: string[];
    if (part.kind === 'id' && part.operator === 'in' && (part.field === 'projectId' || part.field === 'channelId')) {
      named = part.values.map((id) => scopeId(part.field === 'projectId' ? 'project' : 'channel', id));
    } else if (part.kind === 'flag' && part.flag === 'personal' && part.is) named = [personalScope];
    else {
      rest.push(part);
      continue;
    }
    scopes = scopes?.filter((scope) => named.includes(scope)) ?? named;
  }
  return { scopes, rest: { kind: 'all', of: rest } };
}

/** Scopes outside which nothing can match; null where it can be any. */
export const scopesOf = (condition: Condition, personalScope: string): string[] | null => narrowed(condition, personalScope).scopes;

/** Whether everything that matches is still to be done. */
export const onlyOpen = (condition: Condition): boolean =>
  required(condition).some((part) =>
    part.kind === 'status' ? part.values.every((status) => openStatuses.includes(status)) : part.kind === 'flag' && part.flag === 'overdue' && part.is,
  );

/** Whether what matches is found by an index that knows nothing of scopes: then it is looked up once and not per scope. */
export const foundDirectly = (condition: Condition): boolean =>
  required(condition).some(
    (part) =>
      part.kind === 'text' ||
      (part.kind === 'assigned' && part.values !== null) ||
      (part.kind === 'id' && part.operator === 'in' && (part.field === 'id' || part.field === 'parentId')),
  );

/** Whether nothing that lies in the trash matches. */
export const withoutTrash = (condition: Condition): boolean => required(condition).some((part) => part.kind === 'flag' && part.flag === 'deleted' && !part.is);

/** The one full-text query that everything must match, and the rest of the conditions; null where there is none or another one beside it. */
export function soleText(condition: Condition): { query: string; rest: Condition } | null {
  const parts = required(condition);
  const [text] = parts.filter((part) => part.kind === 'text');
  if (!text || textsOf(condition).length > 1) return null;
  return { query: text.query, rest: { kind: 'all', of: parts.filter((part) => part !== text) } };
}

/** Instants that everything that matches has: a list in their order has no end of rows without one. */
export function alwaysSet(condition: Condition): ReadonlySet<InstantField> {
  const set = new Set<InstantField>();
  for (const part of required(condition)) {
    if (part.kind === 'instant' || part.kind === 'within') set.add(part.field);
    else if (part.kind === 'not' && part.of.kind === 'null' && part.of.field.endsWith('At')) set.add(part.of.field as InstantField);
    else if (part.kind === 'flag' && part.flag === 'overdue' && part.is) set.add('dueAt');
    // Commands keep the two together: what is completed says since when.
    else if (part.kind === 'status' && part.values.every((status) => status === 'COMPLETED')) set.add('completedAt');
  }
  return set;
}
