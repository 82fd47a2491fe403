// What of an operation's price can be known from its document, worked out once: a tree of its fields, merged as execution merges
// them. What depends on variables (sizes of pages, @skip and @include, input) is left open; see price.ts.
import {
  getNamedType,
  isCompositeType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import type { CostModel, ListSize } from './cost-model.js';

export type Variables = Readonly<Record<string, unknown>>;

/** Rows, as the document and the variables say. */
export interface Rows {
  assumed: number;
  /** What the document gives for the arguments that say how many. */
  slices: { argument: string; value: number | ((variables: Variables) => unknown) }[];
  /** Whether a smaller page can be asked for. */
  paged: boolean;
}

export interface CostNode {
  path: string;
  weight: number;
  rows: Rows | undefined;
  /** Points of what is given to its arguments. */
  inputs: (variables: Variables) => number;
  /** Whether any of it waits for variables. */
  open: boolean;
  /** It counts if all conditions of one of these hold. */
  when: Condition[][];
  children: CostNode[];
}

export interface Condition {
  variable: (variables: Variables) => unknown;
  is: boolean;
}

export interface CostTree {
  roots: CostNode[];
  /** What is given for arguments that say how many rows. */
  pages: { slice: Rows['slices'][number]; when: Condition[][] }[];
}

interface Occurrence {
  node: FieldNode;
  conditions: Condition[];
}


/** The document must be valid and within its bounds: fragments are walked as often as they are spread. */
export function createCostTree(model: CostModel, document: DocumentNode, operation: OperationDefinitionNode): CostTree {
  const fragments = new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as [string, FragmentDefinitionNode]] : [])));
  const defaults = new Map((operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) => (defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [])));
  const pages: CostTree['pages'] = [];

  function valueOf(node: ValueNode): unknown {
    if (node.kind !== Kind.VARIABLE) return valueFromASTUntyped(node);
    const name = node.name.value;
    return (variables: Variables) => (Object.hasOwn(variables, name) && variables[name] !== undefined ? variables[name] : defaults.get(name));
  }

  /** Null where it never counts. */
  function conditionsOf(directives: readonly DirectiveNode[] = []): Condition[] | null {
    const conditions: Condition[] = [];
    for (const { name, arguments: given } of directives) {
      const argument = given?.find((candidate) => candidate.name.value === 'if');
      if (!argument || (name.value !== 'skip' && name.value !== 'include')) continue;
      const is = name.value === 'include';
      const value = valueOf(argument.value);
      if (typeof value === 'function') conditions.push({ variable: value as Condition['variable'], is });
      else if (value !== is) return null;
    }
    return conditions;
  }

  /** The fields of one level under the type and name by which they are merged. */
  function collect(type: GraphQLCompositeType, { selections }: SelectionSetNode, above: Condition[], into: Map<string, { type: GraphQLCompositeType; found: Occurrence[] }>): void {
    for (const selection of selections) {
      const own = conditionsOf(selection.directives);
      if (!own) continue;
      const conditions = own.length > 0 ? [...above, ...own] : above;
      if (selection.kind === Kind.FIELD) {
        const key = `${type.name}.${selection.alias?.value ?? selection.name.value}`;
        const entry = into.get(key) ?? { type, found: [] };
        entry.found.push({ node: selection, conditions });
        into.set(key, entry);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      if (!fragment) continue;
      const on = fragment.typeCondition ? model.schema.getType(fragment.typeCondition.name.value) : type;
      if (on && isCompositeType(on)) collect(on, fragment.selectionSet, conditions, into);
    }
  }

  function inputsOf(type: GraphQLCompositeType, node: FieldNode): Pick<CostNode, 'inputs' | 'open'> {
    const field = isObjectType(type) ? type.getFields()[node.name.value] : undefined;
    const parts: CostNode['inputs'][] = [];
    let open = false;
    for (const argument of field?.args ?? []) {
      const given = node.arguments?.find(({ name }) => name.value === argument.name);
      if (!given) continue;
      const weight = model.argumentWeight(type, node.name.value, argument.name);
      if (weight === 0 && !model.inputWeights(argument.type)) continue;
      if (hasVariables(given.value)) open = true;
      parts.push((variables) => {
        const value: unknown = valueFromASTUntyped(given.value, Object.assign(Object.create(null), Object.fromEntries([...defaults, ...Object.entries(variables)])));
        return value == null ? 0 : weight + weigh(model, argument.type, value);
      });
    }
    const inputs: CostNode['inputs'] = (variables) => parts.reduce((sum, part) => sum + part(variables), 0);
    return { inputs, open };
  }

  function rowsOf({ assumed, slices }: ListSize, node: FieldNode): Rows {
    const given = slices.flatMap(({ name, otherwise }) => {
      const argument = node.arguments?.find((candidate) => candidate.name.value === name);
      const value = argument ? valueOf(argument.value) : otherwise;
      return typeof value === 'number' || typeof value === 'function' ? [{ argument: name, value: value as Rows['slices'][number]['value'] }] : [];
    });
    return { assumed, slices: given, paged: slices.length > 0 };
  }

  function nodesOf(occurrences: { type: GraphQLCompositeType; sets: { set: SelectionSetNode; conditions: Condition[] }[] }, path: string, sized: ReadonlyMap<string, Rows>): CostNode[] {
    const merged = new Map<string, { type: GraphQLCompositeType; found: Occurrence[] }>();
    for (const { set, conditions } of occurrences.sets) collect(occurrences.type, set, conditions, merged);
    return [...merged.values()].flatMap(({ type, found }) => {
      const first = found[0]?.node as FieldNode;
      const field = 'getFields' in type ? type.getFields()[first.name.value] : undefined;
      // What belongs to introspection costs nothing: graphql-js bounds it, and production has none.
      if (!field) return [];
      const price = model.priceOf(type, field);
      const own = price.size && rowsOf(price.size, first);
      const here = `${path}${path === '' ? '' : '.'}${first.alias?.value ?? first.name.value}`;
      const below = getNamedType(field.type);
      const sets = found.flatMap(({ node, conditions }) => (node.selectionSet ? [{ set: node.selectionSet, conditions }] : []));
      const when = found.some(({ conditions }) => conditions.length === 0) ? [] : found.map(({ conditions }) => conditions);
      for (const slice of own?.slices ?? []) pages.push({ slice, when });
      const sizedBelow = new Map(own && price.sized.size > 0 ? [...price.sized].map((name) => [name, own]) : []);
      const rows = price.isList ? (sized.get(first.name.value) ?? own) : undefined;
      const children = isCompositeType(below) ? nodesOf({ type: below, sets }, here, sizedBelow) : [];
      const { inputs, open } = inputsOf(type, first);
      const waits = open || when.length > 0 || children.some((child) => child.open) || (rows?.slices.some(({ value }) => typeof value === 'function') ?? false);
      return [{ path: here, weight: price.weight, rows, inputs, open: waits, when, children }];
    });
  }

  const root = model.schema.getRootType(operation.operation);
  const roots = root ? nodesOf({ type: root, sets: [{ set: operation.selectionSet, conditions: [] }] }, '', new Map()) : [];
  return { roots, pages };
}

function weigh(model: CostModel, type: GraphQLInputType, value: unknown): number {
  const weights = model.inputWeights(type);
  if (!weights || value == null) return 0;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + weigh(model, type, item), 0);
  if (typeof value !== 'object') return 0;
  const fields = (getNamedType(type) as unknown as { getFields(): Record<string, { type: GraphQLInputType }> }).getFields();
  let sum = 0;
  for (const [name, given] of Object.entries(value)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field && given != null) sum += (weights.get(name) ?? 0) + weigh(model, field.type, given);
  }
  return sum;
}

function hasVariables(node: ValueNode): boolean {
  if (node.kind === Kind.VARIABLE) return true;
  if (node.kind === Kind.LIST) return node.values.some(hasVariables);
  return node.kind === Kind.OBJECT && node.fields.some(({ value }) => hasVariables(value));
}
