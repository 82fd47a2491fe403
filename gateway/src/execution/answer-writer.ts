// Writes what an operation answers, as JSON text, from the data that its fetches brought: the selected fields in the order of the
// document, nulls where they belong. What stands at several places (see data-tree.ts) is written once.
import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLLeafType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { own, type Tree } from './data-tree.js';

/** One answer being written. */
export interface Writing {
  tree: Tree;
  /** JSON of a field of the schema's own (`__schema`, `__type`), asked for by these nodes. */
  introspect: (nodes: FieldNode[]) => string;
  /** What was written of shared values, by writer. */
  memos: Map<number, Map<object, string | undefined>>;
}

/** Answers the text of the whole data; `null` where a null reached the top. */
export type AnswerWriter = (writing: Writing) => string;

/** Undefined is a null that may not stand where the value was wanted: it goes up. */
type Complete = (value: unknown, writing: Writing) => string | undefined;

interface Field {
  /** `"name":` with the comma before it, where it is not the first. */
  label: string;
  name: string;
  write: (object: Record<string, unknown>, writing: Writing) => string | undefined;
}

interface Wanted {
  node: FieldNode;
  parent: GraphQLCompositeType;
  nodes: FieldNode[];
}

interface Scope {
  schema: GraphQLSchema;
  variables: Record<string, unknown>;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  writers: { count: number };
}

/** `variables` are read for @skip and @include only, so the writer serves all values that agree in those. */
export function createAnswerWriter(schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>, variables: Record<string, unknown>): AnswerWriter {
  const scope: Scope = { schema, variables, fragments, writers: { count: 0 } };
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`the schema has no ${operation.operation}`);
  const fields = fieldsOf(scope, [operation.selectionSet], root);
  return (writing) => writeFields(fields, writing.tree.root, writing) ?? 'null';
}

const nullable = (bare: Complete): Complete => (value, writing) => (value === null || value === undefined ? 'null' : (bare(value, writing) ?? 'null'));
const required = (bare: Complete): Complete => (value, writing) => (value === null || value === undefined ? undefined : bare(value, writing));

function completer(scope: Scope, type: GraphQLOutputType, selections: SelectionSetNode[]): Complete {
  return isNonNullType(type) ? required(bare(scope, type.ofType, selections)) : nullable(bare(scope, type, selections));
}

function bare(scope: Scope, type: GraphQLOutputType, selections: SelectionSetNode[]): Complete {
  if (isListType(type)) return list(completer(scope, type.ofType as GraphQLOutputType, selections));
  return isLeafType(type) ? leaf(type) : composite(scope, type as GraphQLCompositeType, selections);
}

function list(item: Complete): Complete {
  return (value, writing) => {
    if (!Array.isArray(value)) throw new Error('a subgraph answered something else where a list was wanted');
    let text = '[';
    for (let index = 0; index < value.length; index += 1) {
      const one = item(value[index], writing);
      if (one === undefined) return undefined;
      text += index === 0 ? one : `,${one}`;
    }
    return `${text}]`;
  };
}

const quoted = (value: string): string => JSON.stringify(value);
const isWhole = (value: number) => Number.isInteger(value) && Math.abs(value) < 1e21;
const scalars: Record<string, Complete> = {
  Boolean: (value) => (value === true ? 'true' : value === false ? 'false' : undefined),
  Int: (value) => (typeof value === 'number' && isWhole(value) ? String(value) : undefined),
  Float: (value) => (typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined),
  String: (value) => (typeof value === 'string' ? quoted(value) : undefined),
  ID: (value) => (typeof value === 'string' ? quoted(value) : typeof value === 'number' && isWhole(value) ? String(value) : undefined),
};

function leaf(type: GraphQLLeafType): Complete {
  if (isEnumType(type)) return (value) => (typeof value === 'string' && type.getValue(value) ? quoted(value) : undefined);
  const own = isSpecifiedScalarType(type) ? scalars[type.name] : undefined;
  return own ?? ((value) => (typeof value === 'string' ? quoted(value) : JSON.stringify(value)));
}

function composite(scope: Scope, type: GraphQLCompositeType, selections: SelectionSetNode[]): Complete {
  const id = (scope.writers.count += 1);
  // Made when such an object is first met: a document names more than an answer holds.
  const byType = new Map<unknown, Field[]>();
  const fieldsFor = (typename: unknown): Field[] | null => {
    const found = typename === undefined ? type : typeof typename === 'string' ? scope.schema.getType(typename) : undefined;
    const fields = isCompositeType(found) ? fieldsOf(scope, selections, found) : null;
    // Whatever else stands there came from data (`__typename: title`): kept, it would stay as long as the plan.
    if (fields) byType.set(typename, fields);
    return fields;
  };
  const write = (value: object, writing: Writing): string | undefined => {
    const object = value as Record<string, unknown>;
    const typename = object['__typename'] ?? undefined;
    const fields = byType.get(typename) ?? fieldsFor(typename);
    // Of a type that clients may not see.
    return fields === null ? undefined : writeFields(fields, object, writing);
  };
  return (value, writing) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('a subgraph answered something else where an object was wanted');
    if (!writing.tree.shared?.has(value)) return write(value, writing);
    let memo = writing.memos.get(id);
    if (!memo) writing.memos.set(id, (memo = new Map()));
    if (memo.has(value)) return memo.get(value);
    const text = write(value, writing);
    memo.set(value, text);
    return text;
  };
}

function writeFields(fields: Field[], object: Record<string, unknown>, writing: Writing): string | undefined {
  let text = '{';
  for (const field of fields) {
    const value = field.write(object, writing);
    if (value === undefined) return undefined;
    text += field.label + value;
  }
  return `${text}}`;
}

/** What is to be written of an object of this type, the same name once. */
function fieldsOf(scope: Scope, selections: SelectionSetNode[], type: GraphQLCompositeType): Field[] {
  const wanted = new Map<string, Wanted>();
  for (const { selections: nodes } of selections) collect(scope, nodes, type, type, wanted);
  return [...wanted].map(([name, field], index) => ({ name, label: `${index === 0 ? '' : ','}${JSON.stringify(name)}:`, write: writerOf(scope, name, field, type) }));
}

function collect(scope: Scope, nodes: readonly SelectionNode[], type: GraphQLCompositeType, parent: GraphQLCompositeType, wanted: Map<string, Wanted>): void {
  for (const node of nodes) {
    if (!isIncluded(node, scope.variables)) continue;
    if (node.kind === Kind.FIELD) {
      const name = node.alias?.value ?? node.name.value;
      const known = wanted.get(name);
      if (known) known.nodes.push(node);
      else wanted.set(name, { node, parent, nodes: [node] });
      continue;
    }
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? scope.fragments.get(node.name.value) : node;
    if (!fragment) continue;
    const condition = fragment.typeCondition ? scope.schema.getType(fragment.typeCondition.name.value) : parent;
    if (!isCompositeType(condition)) continue;
    if (condition !== type && !(isAbstractType(condition) && scope.schema.isSubType(condition, type as never))) continue;
    collect(scope, fragment.selectionSet.selections, type, condition, wanted);
  }
}

function writerOf(scope: Scope, name: string, { node, parent, nodes }: Wanted, type: GraphQLCompositeType): Field['write'] {
  const fieldName = node.name.value;
  if (fieldName === '__typename') {
    // An interface's name stands for an object whose type was never found out.
    const text = isObjectType(type) ? JSON.stringify(type.name) : undefined;
    return () => text;
  }
  if (fieldName === '__schema' || fieldName === '__type') return (_object, writing) => writing.introspect(nodes);
  const definition = 'getFields' in parent ? parent.getFields()[fieldName] : undefined;
  if (!definition) throw new Error(`${parent.name} has no field ${fieldName}`);
  const complete = completer(scope, definition.type, nodes.flatMap(({ selectionSet }) => selectionSet ?? []));
  // What every object has by birth is not what a subgraph answered.
  return name in Object.prototype ? (object, writing) => complete(own(object, name), writing) : (object, writing) => complete(object[name], writing);
}

function isIncluded(node: SelectionNode, variables: Record<string, unknown>): boolean {
  if (!node.directives?.length) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false;
}
