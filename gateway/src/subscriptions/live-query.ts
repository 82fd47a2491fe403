// A subscription is a wake-up plus the ordinary query. Here the client's subscription document becomes that query. Of a log:
// one page of what happened after a place, and the place where "now" is. Of a state: the thing as it is now.
import { badInput } from '@taskgraph/shared/errors';
import {
  getOperationAST,
  Kind,
  OperationTypeNode,
  parse,
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
  type VariableDefinitionNode,
} from 'graphql';

export interface LiveQuery {
  kind: 'log' | 'state';
  /** Name of the field of Subscription. */
  field: string;
  /** Name of the field of Query that answers it. */
  source: string;
  /** What the client calls it. */
  responseName: string;
  /** The subscription's root field, for reading its arguments. */
  node: FieldNode;
  operation: OperationDefinitionNode;
  /** Of a log: takes the variables `_tgAfter` and `_tgFirst` beside those of the client. */
  page: string;
  /** Of a log: selects `head` alone. */
  head: string;
  /** The client's variables that `page` uses: with it they say what is asked for. */
  used: string[];
  /** What the client calls the fields of a node that are united when events are; see coalesce.ts. */
  names: { kind: string[]; changes: ChangeNames[] };
  /** Whether the client selects the task itself. */
  showsTask: boolean;
}

export interface ChangeNames {
  name: string;
  field: string | undefined;
  before: string | undefined;
}

/** Subscriptions to one thing's state: the query field that shows it, and the fields of which a change is worth an event. */
const states = new Map([['taskImportProgress', { source: 'taskImport', watched: ['status', 'totalRows', 'processedRows', 'createdRows', 'failedRows'] }]]);
/** Subscriptions to a log: the query field that reads it, and what each node carries beside the client's selection. */
const logs = new Map([
  ['taskChanges', { source: 'taskChanges', marks: '_tgKind: kind _tgCursor: cursor _tgTaskId: taskId' }],
  ['notificationReceived', { source: 'notificationFeed', marks: '_tgCursor: cursor' }],
]);
/** Where the task of a change is now; asked for where its result may be shown to several people. */
const homeMark = '_tgHome: task { deletedAt project { id } channel { id } }';

export const markPrefix = '_tg';
export const watchedPrefix = '_tgWatched_';
export const afterVariable = '_tgAfter';
export const firstVariable = '_tgFirst';

/** The document must be valid against the schema. Throws BAD_USER_INPUT for @skip and @include around the root field. */
export function toLiveQuery(document: DocumentNode, operationName?: string | null, { home = false } = {}): LiveQuery {
  const operation = getOperationAST(document, operationName);
  if (!operation) throw badInput('operationName', 'must name an operation of the document');
  const fragments = new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])));
  const [node, ...twins] = fieldsIn(operation.selectionSet.selections, fragments, checkUnconditional);
  if (!node) throw badInput('query', 'must select one field of Subscription');

  // Validation admits several selections of one field under one name: their sub-selections are one.
  const selections = [node, ...twins].flatMap((field) => field.selectionSet?.selections ?? []);
  const variables = operation.variableDefinitions ?? [];
  const common = { field: node.name.value, responseName: node.alias?.value ?? node.name.value, node, operation, ...namesIn(selections, fragments) };
  const state = states.get(node.name.value);
  if (state) {
    const watched = state.watched.map((key) => ({ ...field(key), alias: name(watchedPrefix + key) }));
    const whole = printQuery(field(state.source, [...(node.arguments ?? [])], [...selections, ...watched]), variables, fragments);
    return { ...common, kind: 'state', source: state.source, page: whole.text, head: '', used: whole.used };
  }

  const log = logs.get(node.name.value);
  if (!log) throw new Error(`nothing answers the subscription ${node.name.value}`);
  const given = (node.arguments ?? []).filter(({ name: { value } }) => value !== 'after');
  const page = field(log.source, [...given, argument('after', `$${afterVariable}`), argument('first', `$${firstVariable}`)], [
    field('nodes', [], [...selections, ...selectionsOf(log.marks), ...(home ? selectionsOf(homeMark) : [])]),
    field('pageInfo', [], [field('endCursor'), field('hasNextPage')]),
  ]);
  const head = field(log.source, [...given, argument('first', '1')], [field('head')]);
  const own = [variable(afterVariable, 'String'), variable(firstVariable, 'Int')];
  const printed = printQuery(page, [...variables, ...own], fragments);
  const used = printed.used.filter((key) => key !== afterVariable && key !== firstVariable);
  return { ...common, kind: 'log', source: log.source, page: printed.text, head: printQuery(head, variables, fragments).text, used };
}

/** No condition may stand on the way to a field of Subscription: there must be one, whatever the variables. */
function checkUnconditional({ directives }: SelectionNode): void {
  const conditional = directives?.some(({ name: { value } }) => value === 'skip' || value === 'include');
  if (conditional) throw badInput('query', 'must not put @skip or @include around a field of Subscription');
}

/**
 * The fields of one level, whatever fragments they stand in. A fragment counts once per level, as in execution: fragments that
 * spread others twice each would else be walked 2ⁿ times.
 */
function* fieldsIn(
  selections: readonly SelectionNode[], fragments: Map<string, FragmentDefinitionNode>, check?: (node: SelectionNode) => void, visited = new Set<string>(),
): Generator<FieldNode> {
  for (const selection of selections) {
    check?.(selection);
    if (selection.kind === Kind.FIELD) yield selection;
    else if (selection.kind === Kind.INLINE_FRAGMENT) yield* fieldsIn(selection.selectionSet.selections, fragments, check, visited);
    else if (!visited.has(selection.name.value)) {
      visited.add(selection.name.value);
      yield* fieldsIn(fragments.get(selection.name.value)?.selectionSet.selections ?? [], fragments, check, visited);
    }
  }
}

function namesIn(selections: readonly SelectionNode[], fragments: Map<string, FragmentDefinitionNode>): Pick<LiveQuery, 'names' | 'showsTask'> {
  const nameOf = (node: FieldNode | undefined) => node?.alias?.value ?? node?.name.value;
  const names: LiveQuery['names'] = { kind: [], changes: [] };
  let showsTask = false;
  for (const node of fieldsIn(selections, fragments)) {
    if (node.name.value === 'task') showsTask = true;
    if (node.name.value === 'kind') names.kind.push(nameOf(node) as string);
    if (node.name.value !== 'changes') continue;
    const inner = [...fieldsIn(node.selectionSet?.selections ?? [], fragments)];
    const innerName = (key: string) => nameOf(inner.find((candidate) => candidate.name.value === key));
    names.changes.push({ name: nameOf(node) as string, field: innerName('field'), before: innerName('before') });
  }
  return { names, showsTask };
}

/** Prints a query of one root field with only the fragments and variables that it uses: unused ones are invalid. */
function printQuery(root: FieldNode, variables: readonly VariableDefinitionNode[], fragments: Map<string, FragmentDefinitionNode>): { text: string; used: string[] } {
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
  return { text: print({ kind: Kind.DOCUMENT, definitions: [operation, ...needed] }), used: [...used] };
}

const name = (value: string): NameNode => ({ kind: Kind.NAME, value });
const argument = (key: string, value: string): ArgumentNode => ({ kind: Kind.ARGUMENT, name: name(key), value: parseValue(value, { noLocation: true }) });
const variable = (key: string, type: string): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: { kind: Kind.VARIABLE, name: name(key) },
  type: { kind: Kind.NAMED_TYPE, name: name(type) },
});

const selectionsOf = (text: string): readonly SelectionNode[] => (parse(`{ ${text} }`, { noLocation: true }).definitions[0] as OperationDefinitionNode).selectionSet.selections;

function field(key: string, args: ArgumentNode[] = [], selections: SelectionNode[] = []): FieldNode {
  return {
    kind: Kind.FIELD,
    name: name(key),
    arguments: args,
    ...(selections.length > 0 ? { selectionSet: { kind: Kind.SELECTION_SET, selections } } : {}),
  };
}
