// How large a document may be, looked at before anything whose work grows faster than the document: parsing of deep nests,
// validation (which compares fields with fields), planning. Nothing here walks a fragment more than once, however often it is
// spread: `fragment a on Query { ...b ...b }` doubles at each step, and counts are added up instead.
import { Kind, Lexer, OperationTypeNode, parse, Source, TokenKind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

export interface DocumentBounds {
  tokens: number;
  /** Levels of fields. */
  depth: number;
  /** Fields of one operation, those of fragments as often as they are spread. */
  fields: number;
  aliases: number;
  /** Fields of Query, Mutation or Subscription in one operation. */
  rootFields: number;
  /** In the whole document; a field has at most `directivesOfOne`. */
  directives: number;
  /** Definitions of fragments. */
  fragments: number;
}

export interface Excess {
  bound: string;
  limit: number;
  message: string;
}

export const atMost = (bound: string, limit: number, what: string): Excess => ({ bound, limit, message: `At most ${limit} ${what}.` });

/** What a client writes at one place: @include, @skip and one or two of its own. */
const directivesOfOne = 4;
/** Brackets within brackets, values of arguments included. */
const deepestNest = 200;
/** Pairs of fields of the same name in the same place: validation compares each with each. */
const mostPairs = 20_000;
/** Definitions of operations. */
const mostOperations = 50;
/** Whoever keeps a document keeps its text. */
const mostCharacters = 100_000;
/** Fields of one mutation: each is planned by itself, one after the other. */
const mostMutations = 20;

/** Undefined for a text that is no document: whoever parses it next says why. */
export function readDocument(text: string, bounds: DocumentBounds): { document: DocumentNode } | { excess: Excess } | undefined {
  const early = excessOfTokens(text, bounds);
  if (early) return { excess: early };
  let document: DocumentNode;
  try {
    document = parse(text, { maxTokens: bounds.tokens });
  } catch {
    return undefined;
  }
  const excess = excessOf(document, bounds);
  return excess ? { excess } : { document };
}

const opening = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

function excessOfTokens(text: string, { tokens }: DocumentBounds): Excess | undefined {
  if (text.length > mostCharacters) return atMost('characters', mostCharacters, 'characters in a document: long texts belong into variables');
  const lexer = new Lexer(new Source(text));
  // The end of the text is a token too.
  let count = -1;
  let nest = 0;
  try {
    for (let token = lexer.advance(); ; token = lexer.advance()) {
      count += 1;
      // Comments are passed over here and kept in every parsed document.
      for (let before = token.prev; before?.kind === TokenKind.COMMENT; before = before.prev) count += 1;
      if (count > tokens) return atMost('tokens', tokens, 'tokens (names, values and signs) in a document');
      if (token.kind === TokenKind.EOF) break;
      if (opening.has(token.kind)) nest += 1;
      else if (closing.has(token.kind)) nest -= 1;
      if (nest > deepestNest) return atMost('nesting', deepestNest, 'brackets within brackets');
    }
  } catch {
    // Not a token: parsing says so.
  }
  return undefined;
}

interface Counts {
  fields: number;
  aliases: number;
  depth: number;
  /** Fields of its own level. */
  level: number;
}

function excessOf(document: DocumentNode, bounds: DocumentBounds): Excess | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operations = 0;
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
    else operations += 1;
  }
  const definitions = document.definitions.length - operations;
  if (definitions > bounds.fragments) return atMost('fragments', bounds.fragments, 'fragments in a document');
  if (operations > mostOperations) return atMost('operations', mostOperations, 'operations in a document');

  let directives = 0;
  let crowded = false;
  const known = new Map<string, Counts>();
  const open = new Set<string>();
  let circle = false;

  const see = (node: { directives?: readonly unknown[] }) => {
    const own = node.directives?.length ?? 0;
    directives += own;
    if (own > directivesOfOne) crowded = true;
  };
  const ofFragment = (name: string): Counts | undefined => {
    const fragment = fragments.get(name);
    if (!fragment) return undefined;
    const found = known.get(name);
    if (found) return found;
    if (open.has(name)) {
      circle = true;
      return undefined;
    }
    open.add(name);
    see(fragment);
    const counts = ofSet(fragment.selectionSet);
    open.delete(name);
    known.set(name, counts);
    return counts;
  };
  function ofSet({ selections }: SelectionSetNode): Counts {
    const sum: Counts = { fields: 0, aliases: 0, depth: 0, level: 0 };
    for (const selection of selections) {
      see(selection);
      if (selection.kind === Kind.FIELD) {
        const below = selection.selectionSet ? ofSet(selection.selectionSet) : undefined;
        sum.fields += 1 + (below?.fields ?? 0);
        sum.aliases += (selection.alias ? 1 : 0) + (below?.aliases ?? 0);
        sum.depth = Math.max(sum.depth, 1 + (below?.depth ?? 0));
        sum.level += 1;
        continue;
      }
      const spread = selection.kind === Kind.FRAGMENT_SPREAD ? ofFragment(selection.name.value) : ofSet(selection.selectionSet);
      // One that is defined nowhere counts as well: a chain of such would double at each step and weigh nothing.
      if (!spread) {
        sum.fields += 1;
        continue;
      }
      sum.fields += spread.fields;
      sum.aliases += spread.aliases;
      sum.depth = Math.max(sum.depth, spread.depth);
      sum.level += spread.level;
    }
    return sum;
  }

  // Fragments that nothing spreads are validated too; what they hold counts once.
  for (const name of fragments.keys()) ofFragment(name);
  if (circle) return { bound: 'circle', limit: 0, message: 'Fragments may not spread themselves.' };
  let [fields, aliases, depth, rootFields, mutations] = [0, 0, 0, 0, 0];
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION && node.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const counts = node.kind === Kind.FRAGMENT_DEFINITION ? known.get(node.name.value) : ofSet(node.selectionSet);
    if (node.kind === Kind.OPERATION_DEFINITION) {
      see(node);
      node.variableDefinitions?.forEach(see);
      rootFields = Math.max(rootFields, counts?.level ?? 0);
      if (node.operation === OperationTypeNode.MUTATION) mutations = Math.max(mutations, counts?.level ?? 0);
    }
    fields = Math.max(fields, counts?.fields ?? 0);
    aliases = Math.max(aliases, counts?.aliases ?? 0);
    depth = Math.max(depth, counts?.depth ?? 0);
  }
  if (crowded) return atMost('directives', directivesOfOne, 'directives in one place');
  if (directives > bounds.directives) return atMost('directives', bounds.directives, 'directives in a document');
  if (depth > bounds.depth) return atMost('depth', bounds.depth, 'levels of fields');
  if (rootFields > bounds.rootFields) return atMost('rootFields', bounds.rootFields, 'fields of Query, Mutation or Subscription in an operation');
  if (mutations > mostMutations) return atMost('mutations', mostMutations, 'fields in a mutation');
  if (aliases > bounds.aliases) return atMost('aliases', bounds.aliases, 'aliases in an operation');
  if (fields > bounds.fields) return atMost('fields', bounds.fields, 'fields in an operation, those of fragments counted as often as they are spread');
  const pairs = document.definitions.reduce((sum, node) => sum + ('selectionSet' in node ? pairsIn([node.selectionSet as SelectionSetNode], fragments) : 0), 0);
  return pairs > mostPairs ? atMost('pairs', mostPairs, 'pairs of fields of the same name in the same place') : undefined;
}

/** Walks spread fragments: their number is known to be small by now. */
function pairsIn(sets: readonly SelectionSetNode[], fragments: ReadonlyMap<string, FragmentDefinitionNode>): number {
  const named = new Map<string, { count: number; below: SelectionSetNode[] }>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const entry = named.get(key) ?? { count: 0, below: [] };
        entry.count += 1;
        if (selection.selectionSet) entry.below.push(selection.selectionSet);
        named.set(key, entry);
      } else {
        const set = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value)?.selectionSet : selection.selectionSet;
        if (set) collect(set);
      }
    }
  };
  for (const set of sets) collect(set);
  let pairs = 0;
  for (const { count, below } of named.values()) pairs += (count * (count - 1)) / 2 + (below.length > 0 ? pairsIn(below, fragments) : 0);
  return pairs;
}
