// Where a client will find null when a whole fetch failed. The gateway only knows that data is missing; a null without an
// error at its path could be mistaken for "there is none".
import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

export type Path = (string | number)[];

/**
 * Paths in the fetch's own answer. For a root fetch one per root field. For an `_entities` fetch one per representation:
 * the entity itself when a selected field cannot be null (the gateway then nulls the whole entity), else one per selected field.
 */
export function nullPaths(schema: GraphQLSchema, query: string, variables: Record<string, unknown>, representations?: unknown[]): Path[] {
  const document = parse(query, { noLocation: true });
  const operation = document.definitions.find((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION);
  if (!operation) return [];
  const fragments = new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])));
  const collect = (selections: SelectionSetNode, type: GraphQLObjectType | null) => fieldsOf({ schema, variables, fragments }, selections, type);

  const roots = collect(operation.selectionSet, schema.getRootType(operation.operation) ?? null);
  if (!representations) return roots.map((field) => [responseName(field)]);

  const perType = new Map<string, Path[]>();
  return representations.flatMap((representation, index) => {
    const name = String((representation as { __typename?: unknown }).__typename);
    let tails = perType.get(name);
    if (!tails) {
      const type = schema.getType(name);
      const fields = roots[0]?.selectionSet && isObjectType(type) ? collect(roots[0].selectionSet, type) : [];
      perType.set(name, (tails = tailsOf(fields, type as GraphQLObjectType)));
    }
    return tails.map((tail) => ['_entities', index, ...tail]);
  });
}

function tailsOf(fields: FieldNode[], type: GraphQLObjectType): Path[] {
  const visible = fields.filter((field) => type.getFields()[field.name.value]);
  const wholeEntity = visible.some((field) => isNonNullType(type.getFields()[field.name.value]?.type));
  if (wholeEntity || visible.length === 0) return [[]];
  return visible.map((field) => [responseName(field)]);
}

const responseName = (field: FieldNode) => field.alias?.value ?? field.name.value;

interface Scope {
  schema: GraphQLSchema;
  variables: Record<string, unknown>;
  fragments: Map<string, FragmentDefinitionNode>;
}

function fieldsOf(scope: Scope, { selections }: SelectionSetNode, type: GraphQLObjectType | null): FieldNode[] {
  return selections.flatMap((selection) => {
    if (!isIncluded(selection, scope.variables)) return [];
    if (selection.kind === Kind.FIELD) return selection.name.value.startsWith('__') ? [] : [selection];
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? scope.fragments.get(selection.name.value) : selection;
    if (!fragment || !applies(scope.schema, fragment.typeCondition?.name.value, type)) return [];
    return fieldsOf(scope, fragment.selectionSet, type);
  });
}

function applies(schema: GraphQLSchema, condition: string | undefined, type: GraphQLObjectType | null): boolean {
  if (condition === undefined || !type || condition === type.name) return true;
  const named = schema.getType(condition);
  return isAbstractType(named) && schema.isSubType(named, type);
}

function isIncluded(node: SelectionNode, variables: Record<string, unknown>): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false;
}
