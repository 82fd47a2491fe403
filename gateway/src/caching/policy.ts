// What may be cached and for how long: `@cacheControl` of the composed schema, asked for the fetches of a plan and for whole
// documents. One field that is not marked, and nothing of it is cached.
import {
  getNamedType,
  getOperationAST,
  isObjectType,
  Kind,
  OperationTypeNode,
  parse,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

export type Scope = 'PUBLIC' | 'PRIVATE';

export interface Policy {
  /** Seconds. */
  maxAge: number;
  scope: Scope;
  /** Types whose events end it. */
  types: ReadonlySet<CachedType>;
  /** Response names whose null may be a refusal: those with a selection of their own. */
  objects: ReadonlySet<string>;
}

/** Types that tell of their changes: all others are not cached, whatever the schema says. */
const cachedTypes = ['User', 'Project', 'Channel'] as const;
export type CachedType = (typeof cachedTypes)[number];
const isCachedType = (name: string): name is CachedType => (cachedTypes as readonly string[]).includes(name);

/** Seconds; an event is looked for that much longer ago when a gateway starts. */
export const longestAge = 60;

export interface Policies {
  /** By type of a representation; empty where it is not to be cached. */
  ofEntities(query: string): ReadonlyMap<string, Policy>;
  /** Of an operation of a client. */
  ofOperation(document: DocumentNode, operation: OperationDefinitionNode): Policy | null;
}

/** The identity of an entity never changes. */
const constant = new Set(['id', '__typename']);
const representations = '_entities';

export function readPolicies(schema: GraphQLSchema, supergraphSdl: string): Policies {
  const marks = readMarks(supergraphSdl);

  interface Found {
    maxAge: number;
    scope: Scope;
    types: Set<CachedType>;
    objects: Set<string>;
  }

  /** Narrows `found` by what is selected; false where something is not marked. */
  function narrow(found: Found, type: GraphQLObjectType, { selections }: SelectionSetNode, document: DocumentNode, depth = 0): boolean {
    if (depth > 30) return false;
    if (isCachedType(type.name)) found.types.add(type.name);
    return selections.every((selection) => {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        if (constant.has(name)) return true;
        const mark = marks.get(`${type.name}.${name}`);
        const field = type.getFields()[name];
        if (!mark || !field) return false;
        found.maxAge = Math.min(found.maxAge, mark.maxAge);
        if (mark.scope === 'PRIVATE') found.scope = 'PRIVATE';
        if (!selection.selectionSet) return true;
        found.objects.add(selection.alias?.value ?? name);
        const target = getNamedType(field.type);
        return isObjectType(target) && narrow(found, target, selection.selectionSet, document, depth + 1);
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : document.definitions.find((node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value);
      if (fragment?.kind !== Kind.INLINE_FRAGMENT && fragment?.kind !== Kind.FRAGMENT_DEFINITION) return false;
      const target = fragment.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type;
      return isObjectType(target) && narrow(found, target, fragment.selectionSet, document, depth + 1);
    });
  }

  function policyOf(type: GraphQLObjectType, selectionSet: SelectionSetNode, document: DocumentNode): Policy | null {
    const found: Found = { maxAge: longestAge, scope: 'PUBLIC', types: new Set(), objects: new Set() };
    return narrow(found, type, selectionSet, document) && found.maxAge > 0 && found.types.size > 0 ? found : null;
  }

  function ofEntities(query: string): ReadonlyMap<string, Policy> {
    const none = new Map<string, Policy>();
    const document = parse(query, { noLocation: true });
    const operation = getOperationAST(document);
    const [root, another] = operation?.selectionSet.selections ?? [];
    if (operation?.operation !== OperationTypeNode.QUERY || another || root?.kind !== Kind.FIELD || root.alias || root.name.value !== representations) return none;
    const found = new Map<string, Policy>();
    for (const part of root.selectionSet?.selections ?? []) {
      if (part.kind === Kind.FIELD && part.name.value === '__typename') continue;
      const type = part.kind === Kind.INLINE_FRAGMENT && part.typeCondition ? schema.getType(part.typeCondition.name.value) : undefined;
      if (part.kind !== Kind.INLINE_FRAGMENT || !isObjectType(type) || !isCachedType(type.name) || found.has(type.name)) return none;
      const policy = policyOf(type, part.selectionSet, document);
      if (!policy) return none;
      found.set(type.name, policy);
    }
    return found;
  }

  const operations = new WeakMap<OperationDefinitionNode, Policy | null>();
  return {
    ofEntities: remembered(ofEntities),
    ofOperation(document, operation) {
      let policy = operations.get(operation);
      if (policy === undefined) {
        const root = schema.getQueryType();
        policy = operation.operation === OperationTypeNode.QUERY && root ? policyOf(root, operation.selectionSet, document) : null;
        operations.set(operation, policy);
      }
      return policy;
    },
  };
}

/** Documents of plans are few: as many as plans, which are bounded. */
const mostDocuments = 5_000;

function remembered<Value>(make: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) {
      if (known.size >= mostDocuments) known.clear();
      value = make(text);
      known.set(text, value);
    }
    return value;
  };
}

/** By `Type.field`. A value this gateway does not understand marks nothing. */
function readMarks(sdl: string): Map<string, { maxAge: number; scope: Scope }> {
  const marks = new Map<string, { maxAge: number; scope: Scope }>();
  for (const type of parse(sdl, { noLocation: true }).definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const field of type.fields ?? []) {
      const said = field.directives?.find(({ name }) => name.value === 'cacheControl');
      const maxAge = said && numberOf(said);
      const scope = said && scopeOf(said);
      if (maxAge !== undefined && scope) marks.set(`${type.name.value}.${field.name.value}`, { maxAge, scope });
    }
  }
  return marks;
}

const argument = (node: ConstDirectiveNode, wanted: string) => node.arguments?.find(({ name }) => name.value === wanted)?.value;

function numberOf(node: ConstDirectiveNode): number | undefined {
  const value = argument(node, 'maxAge');
  return value?.kind === Kind.INT ? Number(value.value) : undefined;
}

function scopeOf(node: ConstDirectiveNode): Scope | undefined {
  const value = argument(node, 'scope');
  return value?.kind === Kind.ENUM && (value.value === 'PUBLIC' || value.value === 'PRIVATE') ? value.value : undefined;
}
