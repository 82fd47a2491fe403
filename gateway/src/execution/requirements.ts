// What an `_entities` fetch tells of an entity: its representation, as JSON text, by which equal ones are known.
import type { GraphQLSchema } from 'graphql';
import { own, rewrite, type Data } from './data-tree.js';
import type { PlannedFetch, RequiredSelection } from './plan.js';
import { isOfType } from './types-of-data.js';

/** Null for an entity of another type, and for one that misses what is needed: why it is missing was told when it went missing. */
export type Represent = (entity: Data) => string | null;

interface Leaf {
  name: string;
  /** `"name":`, with the brace or comma before it. */
  label: string;
}

export function createRepresent(schema: GraphQLSchema, { requires = [], inputRewrites }: Pick<PlannedFetch, 'requires' | 'inputRewrites'>): Represent {
  const leavesOf = new Map<unknown, Leaf[] | null>();

  function general(entity: Data): string | null {
    const representation = select(schema, entity, requires);
    if (!representation?.['__typename']) return null;
    rewrite(schema, inputRewrites, representation);
    return JSON.stringify(representation);
  }

  return (entity) => {
    const typename = entity['__typename'];
    let leaves = leavesOf.get(typename);
    if (leaves === undefined) {
      leaves = inputRewrites ? null : onlyLeaves(schema, typename, requires);
      // What is no type came from data (`__typename: title`): kept, it would stay as long as the plan.
      if (typeof typename === 'string' && schema.getType(typename)) leavesOf.set(typename, leaves);
    }
    if (!leaves) return general(entity);
    let text = '';
    for (const { name, label } of leaves) {
      const value = own(entity, name);
      if (value === undefined) return null;
      text += label + JSON.stringify(value);
    }
    return `${text}}`;
  };
}

const nameOf = ({ alias, name }: { alias?: string; name: string }): string => alias ?? name;

/** Most fetches need a type's name and the fields of one key: those are written without an object in between. Null for all others. */
function onlyLeaves(schema: GraphQLSchema, typename: unknown, requires: readonly RequiredSelection[]): Leaf[] | null {
  const matching = requires.filter((node) => node.kind === 'InlineFragment' && node.typeCondition && isOfType(schema, typename, node.typeCondition));
  const [only] = matching;
  if (matching.length !== 1 || only?.kind !== 'InlineFragment' || requires.some(({ kind }) => kind !== 'InlineFragment')) return null;
  const names = new Set<string>();
  for (const node of only.selections) {
    if (node.kind !== 'Field' || node.selections) return null;
    names.add(nameOf(node));
  }
  if (!names.has('__typename')) return null;
  return [...names].map((name, index) => ({ name, label: `${index === 0 ? '{' : ','}${JSON.stringify(name)}:` }));
}

function select(schema: GraphQLSchema, source: Data, selections: readonly RequiredSelection[]): Data | null {
  const selected: Data = Object.create(null) as Data;
  for (const node of selections) {
    if (node.kind === 'InlineFragment') {
      if (node.typeCondition && isOfType(schema, source['__typename'], node.typeCondition)) combine(selected, select(schema, source, node.selections));
      continue;
    }
    const name = nameOf(node);
    const value = own(source, name);
    if (value === undefined) return null;
    selected[name] = node.selections ? selectFrom(schema, value, node.selections) : value;
  }
  return selected;
}

function selectFrom(schema: GraphQLSchema, value: unknown, selections: readonly RequiredSelection[]): unknown {
  if (Array.isArray(value)) return value.map((item) => selectFrom(schema, item, selections));
  return value === null ? null : select(schema, value as Data, selections);
}

/** Both are made here: neither holds what hangs elsewhere, except values that are not looked into. */
function combine(target: Data, source: Data | null): void {
  for (const [name, value] of Object.entries(source ?? {})) {
    const there = target[name];
    if (typeof there === 'object' && there !== null && typeof value === 'object' && value !== null && !Array.isArray(there) && !Array.isArray(value)) combine(there as Data, value as Data);
    else if (Array.isArray(there) && Array.isArray(value) && there.length === value.length) {
      value.forEach((item: unknown, index) => {
        const before = there[index] as unknown;
        if (typeof before === 'object' && before !== null && typeof item === 'object' && item !== null) combine(before as Data, item as Data);
        else there[index] = item;
      });
    } else target[name] = value;
  }
}
