// One document for several `_entities` fetches to one subgraph: each under an alias of its own, with its own representations.
import { Kind, parse, print, stripIgnoredCharacters, visit, type DefinitionNode, type FieldNode, type OperationDefinitionNode, type VariableDefinitionNode } from 'graphql';
import { bodyOf, type Fetch } from './steps.js';

/** Alias and variable of the fetch at this place of a merged document. */
export const aliasOf = (place: number): string => `e${place}`;
export const variableOf = (place: number): string => `r${place}`;

/** Names that no operation's own variable may have, since they are given out here. */
const givenOut = /^r\d+$/;
/** Most combinations of a plan's fetches that are kept; which of them meet depends on how fast subgraphs answer. */
const mostCombinations = 32;

export type MergedFetch = Pick<Fetch, 'subgraph' | 'document' | 'operationName' | 'body' | 'isMutation'>;

/** Answers what carries all of these fetches of one subgraph; null where they are better sent alone. */
export type MergedDocuments = (fetches: readonly Fetch[]) => MergedFetch | null;

export function createMergedDocuments(): MergedDocuments {
  const known = new Map<string, MergedFetch | null>();
  return (fetches) => {
    const key = fetches.map(({ id }) => id).join(' ');
    const found = known.get(key);
    if (found !== undefined) return found;
    // Each new document costs the subgraph a validation: a plan that never settles goes on unmerged.
    if (known.size >= mostCombinations) return null;
    const document = merged(fetches);
    const subgraph = fetches[0]?.subgraph;
    const carrier = document === null || subgraph === undefined ? null : { subgraph, document, operationName: undefined, body: bodyOf(document), isMutation: false };
    known.set(key, carrier);
    return carrier;
  };
}

function merged(fetches: readonly Fetch[]): string | null {
  const variables = new Map<string, string>();
  const fields: string[] = [];
  const fragments: string[] = [];
  for (const [place, { document }] of fetches.entries()) {
    const part = partOf(document, place);
    if (!part) return null;
    for (const definition of part.variables) {
      const name = definition.variable.name.value;
      const text = print(definition);
      if (givenOut.test(name) || (variables.has(name) && variables.get(name) !== text)) return null;
      variables.set(name, text);
    }
    fields.push(print(part.field));
    fragments.push(...part.fragments.map(print));
  }
  const representations = fetches.map((_fetch, place) => `$${variableOf(place)}: [_Any!]!`);
  return stripIgnoredCharacters(`query (${[...representations, ...variables.values()].join(' ')}) { ${fields.join(' ')} } ${fragments.join(' ')}`);
}

interface Part {
  field: FieldNode;
  /** All but the representations. */
  variables: VariableDefinitionNode[];
  fragments: DefinitionNode[];
}

function partOf(text: string, place: number): Part | null {
  const { definitions } = visit(parse(text, { noLocation: true }), {
    FragmentSpread: (node) => ({ ...node, name: { ...node.name, value: `${node.name.value}_${place}` } }),
    FragmentDefinition: { leave: (node) => ({ ...node, name: { ...node.name, value: `${node.name.value}_${place}` } }) },
    Variable: (node) => (node.name.value === 'representations' ? { ...node, name: { ...node.name, value: variableOf(place) } } : undefined),
  });
  const [operation, ...others] = definitions.filter((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION);
  const [field, ...more] = operation?.selectionSet.selections ?? [];
  if (!operation || others.length > 0 || more.length > 0 || operation.directives?.length || field?.kind !== Kind.FIELD || field.name.value !== '_entities') return null;
  return {
    field: { ...field, alias: { kind: Kind.NAME, value: aliasOf(place) } },
    variables: (operation.variableDefinitions ?? []).filter(({ variable }) => variable.name.value !== variableOf(place)),
    fragments: definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION),
  };
}
