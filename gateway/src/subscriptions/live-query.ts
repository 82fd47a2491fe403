// A subscription is a wake-up plus the ordinary query. Here the client's subscription document becomes two queries over
// the query field of the same name: one page of what happened after a place, and the place where "now" is.
import { badInput } from '@taskgraph/shared/errors';
import {
  getOperationAST,
  Kind,
  OperationTypeNode,
  parseValue,
  print,
  visit,
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type NameNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';

export interface LiveQuery {
  /** Name of the field in the schema, of Subscription and of Query. */
  field: string;
  /** What the client calls it. */
  responseName: string;
  /** The subscription's root field, for reading its arguments. */
  node: FieldNode;
  operation: OperationDefinitionNode;
  /** Takes the variables `_tgAfter` and `_tgFirst` beside those of the client. */
  page: string;
  /** Selects `head` alone. */
  head: string;
}

/** Response name under which each node carries its kind, whatever the client selected. */
export const kindAlias = '_tgKind';
export const afterVariable = '_tgAfter';
export const firstVariable = '_tgFirst';

/** The document must be valid against the schema. Throws BAD_USER_INPUT for @skip and @include around the root field. */
export function toLiveQuery(document: DocumentNode, operationName?: string | null): LiveQuery {
  const operation = getOperationAST(document, operationName);
  if (!operation) throw badInput('operationName', 'must name an operation of the document');
  const fragments = new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])));
  const [node, ...twins] = rootFields(operation.selectionSet, fragments);
  if (!node) throw badInput('query', 'must select one field of Subscription');

  // Validation admits several selections of one field under one name: their sub-selections are one.
  const selections = [node, ...twins].flatMap((field) => field.selectionSet?.selections ?? []);
  const kind: FieldNode = { ...field('kind'), alias: name(kindAlias) };
  const given = (node.arguments ?? []).filter(({ name: { value } }) => value !== 'after');
  const page = field(node.name.value, [...given, argument('after', `$${afterVariable}`), argument('first', `$${firstVariable}`)], [
    field('nodes', [], [...selections, kind]),
    field('pageInfo', [], [field('endCursor'), field('hasNextPage')]),
  ]);
  const head = field(node.name.value, [...given, argument('first', '1')], [field('head')]);
  const own = [variable(afterVariable, 'String'), variable(firstVariable, 'Int')];
  return {
    field: node.name.value,
    responseName: node.alias?.value ?? node.name.value,
    node,
    operation,
    page: printQuery(page, [...(operation.variableDefinitions ?? []), ...own], fragments),
    head: printQuery(head, operation.variableDefinitions ?? [], fragments),
  };
}

function rootFields({ selections }: SelectionSetNode, fragments: Map<string, FragmentDefinitionNode>): FieldNode[] {
  return selections.flatMap((selection) => {
    const conditional = selection.directives?.some(({ name: { value } }) => value === 'skip' || value === 'include');
    if (conditional) throw badInput('query', 'must not put @skip or @include around a field of Subscription');
    if (selection.kind === Kind.FIELD) return [selection];
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    return fragment ? rootFields(fragment.selectionSet, fragments) : [];
  });
}

/** Prints a query of one root field with only the fragments and variables that it uses: unused ones are invalid. */
function printQuery(root: FieldNode, variables: readonly VariableDefinitionNode[], fragments: Map<string, FragmentDefinitionNode>): string {
  const used = new Set<string>();
  const needed = new Set<FragmentDefinitionNode>();
  const look = (node: FieldNode | FragmentDefinitionNode): unknown =>
    visit(node, {
      Variable: ({ name: { value } }) => void used.add(value),
      FragmentSpread: ({ name: { value } }) => {
        const fragment = fragments.get(value);
        if (!fragment || needed.has(fragment)) return;
        needed.add(fragment);
        look(fragment);
      },
    });
  look(root);
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    variableDefinitions: variables.filter((definition) => used.has(definition.variable.name.value)),
    selectionSet: { kind: Kind.SELECTION_SET, selections: [root] },
  };
  return print({ kind: Kind.DOCUMENT, definitions: [operation, ...needed] });
}

const name = (value: string): NameNode => ({ kind: Kind.NAME, value });
const argument = (key: string, value: string): ArgumentNode => ({ kind: Kind.ARGUMENT, name: name(key), value: parseValue(value, { noLocation: true }) });
const variable = (key: string, type: string): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: { kind: Kind.VARIABLE, name: name(key) },
  type: { kind: Kind.NAMED_TYPE, name: name(type) },
});

function field(key: string, args: ArgumentNode[] = [], selections: SelectionNode[] = []): FieldNode {
  return {
    kind: Kind.FIELD,
    name: name(key),
    arguments: args,
    ...(selections.length > 0 ? { selectionSet: { kind: Kind.SELECTION_SET, selections } } : {}),
  };
}
