// The price list: what each field weighs and how long its lists are, from `@cost` and `@listSize` of the composed schema (the
// names and rules of IBM's cost specification as Apollo reads it) and from what our connections have in common.
import {
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  parse,
  type ConstDirectiveNode,
  type ConstValueNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

export interface SliceArgument {
  name: string;
  /** Its default in the schema. */
  otherwise: number | undefined;
}

export interface ListSize {
  /** Rows where no argument says how many. */
  assumed: number;
  /** Arguments that say how many; the largest counts. */
  slices: SliceArgument[];
}

export interface FieldPrice {
  /** Points of one row, without what is selected below. */
  weight: number;
  isList: boolean;
  /** Of its own rows, or of those of its `sized` fields; absent where it is no list and has none. */
  size: ListSize | undefined;
  /** Names of fields below that are as long as its arguments say. */
  sized: ReadonlySet<string>;
}

export interface CostModel {
  schema: GraphQLSchema;
  priceOf(parent: GraphQLNamedType, field: GraphQLField<unknown, unknown>): FieldPrice;
  /** Points of giving this argument at all. */
  argumentWeight(parent: GraphQLNamedType, field: string, argument: string): number;
  /** Points of each of its fields that is given; undefined where nothing below it has any. */
  inputWeights(type: GraphQLInputType): Map<string, number> | undefined;
}

/** Rows of a list that nothing is said about. */
const usualList = 10;
/** Rows of a page whose size is not asked for (DEFAULT_PAGE_SIZE). */
const usualPage = 100;
/** A write: its transaction, its events, what follows from them. */
const usualMutation = 10;
const pageArguments = ['first', 'last'];
const pageFields = ['nodes', 'edges'];

export function createCostModel(schema: GraphQLSchema, supergraphSdl: string): CostModel {
  const said = readDirectives(supergraphSdl);
  const known = new Map<string, FieldPrice>();
  const inputs = new Map<string, Map<string, number> | undefined>();
  const weightSaid = (place: string) => numberIn(argumentOf(said.get(place)?.get('cost'), 'weight'));

  function price(parent: GraphQLNamedType, field: GraphQLField<unknown, unknown>): FieldPrice {
    const place = `${parent.name}.${field.name}`;
    const named = getNamedType(field.type);
    const ofType = parent === schema.getMutationType() ? usualMutation : (weightSaid(named.name) ?? (isCompositeType(named) ? 1 : 0));
    const isList = isListOutput(field.type);
    const listSize = said.get(place)?.get('listSize');
    const paged = pageArguments.filter((name) => field.args.some((argument) => argument.name === name));
    const connection = !isList && paged.length > 0 && isCompositeType(named);
    const slicing = namesIn(argumentOf(listSize, 'slicingArguments')) ?? paged;
    const slices = slicing.map((name) => {
      const given: unknown = field.args.find((argument) => argument.name === name)?.defaultValue;
      return { name, otherwise: typeof given === 'number' ? given : undefined };
    });
    const assumed = numberIn(argumentOf(listSize, 'assumedSize')) ?? (slices.length > 0 ? usualPage : usualList);
    return {
      weight: weightSaid(place) ?? ofType,
      isList,
      size: isList || slices.length > 0 || listSize ? { assumed, slices } : undefined,
      sized: new Set(namesIn(argumentOf(listSize, 'sizedFields')) ?? (connection ? pageFields : [])),
    };
  }

  return {
    schema,
    priceOf(parent, field) {
      const place = `${parent.name}.${field.name}`;
      let found = known.get(place);
      if (!found) {
        found = price(parent, field);
        known.set(place, found);
      }
      return found;
    },
    argumentWeight: (parent, field, argument) => weightSaid(`${parent.name}.${field}(${argument})`) ?? 0,
    inputWeights(type) {
      const named = getNamedType(type);
      if (!isInputObjectType(named)) return undefined;
      if (!inputs.has(named.name)) {
        // Entered first: input types may hold themselves.
        const own = new Map<string, number>();
        inputs.set(named.name, own);
        let weighs = false;
        for (const field of Object.values(named.getFields())) {
          const weight = weightSaid(`${named.name}.${field.name}`) ?? 0;
          own.set(field.name, weight);
          weighs ||= weight > 0 || (getNamedType(field.type) !== named && this.inputWeights(field.type) !== undefined);
        }
        if (!weighs) inputs.set(named.name, undefined);
      }
      return inputs.get(named.name);
    },
  };
}

function isListOutput(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

/** Directives by place: `Type`, `Type.field`, `Type.field(argument)`; and by name. */
function readDirectives(sdl: string): Map<string, Map<string, ConstDirectiveNode>> {
  const said = new Map<string, Map<string, ConstDirectiveNode>>();
  const note = (place: string, directives: readonly ConstDirectiveNode[] = []) => {
    // A subgraph that does not import the names has them composed as `federation__cost`.
    const ours = directives.map((node) => [node.name.value.replace(/^[a-z]+__/, ''), node] as const).filter(([name]) => name === 'cost' || name === 'listSize');
    if (ours.length > 0) said.set(place, new Map(ours));
  };
  for (const type of parse(sdl, { noLocation: true }).definitions) {
    if (type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      note(type.name.value, type.directives);
      for (const field of type.fields ?? []) {
        const place = `${type.name.value}.${field.name.value}`;
        note(place, field.directives);
        for (const argument of field.arguments ?? []) note(`${place}(${argument.name.value})`, argument.directives);
      }
    } else if (type.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
      for (const field of type.fields ?? []) note(`${type.name.value}.${field.name.value}`, field.directives);
    } else if (type.kind === Kind.SCALAR_TYPE_DEFINITION || type.kind === Kind.ENUM_TYPE_DEFINITION || type.kind === Kind.UNION_TYPE_DEFINITION) {
      note(type.name.value, type.directives);
    }
  }
  return said;
}

const argumentOf = (node: ConstDirectiveNode | undefined, name: string): ConstValueNode | undefined =>
  node?.arguments?.find((argument) => argument.name.value === name)?.value;

function numberIn(value: ConstValueNode | undefined): number | undefined {
  return value?.kind === Kind.INT ? Number(value.value) : undefined;
}

function namesIn(value: ConstValueNode | undefined): string[] | undefined {
  if (value?.kind !== Kind.LIST) return undefined;
  return value.values.flatMap((item) => (item.kind === Kind.STRING ? [item.value] : []));
}
