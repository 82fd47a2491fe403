// One row of the table: an operation in a situation, and what everybody gets.
import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, type GraphQLSchema } from 'graphql';
import type { Person } from '../client.js';
import type { Cells, Column } from './cells.js';
import type { World } from './world.js';

/** What a row asks about: ids, codes, keys and the like, by name. */
export type Target = Record<string, string>;

export interface Ask {
  document: string;
  variables: Record<string, unknown>;
}

export interface Row {
  /** Coordinate of the root field, as `Mutation.deleteTask`, or of the edge that is looked at, as `User.email`. */
  operation: string;
  /** The situation, in the words of the document. */
  what: string;
  cells: Cells;
  ask: (target: Target, me: Person | null) => Ask;
  /** Makes what is asked about, fresh; `me` is null for the one that all refused share. */
  target?: (world: World, me: Person | null, column: Column | null) => Promise<Target>;
  /** Every cell gets a target of its own, made for the person who asks. */
  own?: true;
  /** Where `data` and `null` are told apart, with dots; default: the root field. */
  at?: string;
  /** Names of the target that do not exist for those who are refused; default all. Only `BAD_USER_INPUT` rows need it. */
  foreign?: string[];
  /** The refusal is no matter of seeing, so a missing id is not compared with it. */
  uncompared?: true;
  /** Who the cell is asked as instead of the column's person. */
  as?: (world: World, me: Person | null) => Promise<Person | null>;
}

export const graph: GraphQLSchema = buildSchema(readFileSync(new URL('../../../gateway/supergraph.graphql', import.meta.url), 'utf8'), { assumeValidSDL: true });

/** A mutation that takes one `input`. */
export function mutation(name: string, selection: string, what: string, cells: Cells, input: (target: Target, me: Person | null) => object, more: Partial<Row> = {}): Row {
  const [argument] = graph.getMutationType()?.getFields()[name]?.args ?? [];
  const document = argument
    ? `mutation ($input: ${argument.type.toString()}) { ${name}(input: $input) { ${selection} } }`
    : `mutation { ${name} { ${selection} } }`;
  return { operation: `Mutation.${name}`, what, cells, ask: (target, me) => ({ document, variables: argument ? { input: input(target, me) } : {} }), ...more };
}

/** A query, its variables named like what they take of the target; `$…Id` are ids, all else is text. */
export function query(operation: string, body: string, what: string, cells: Cells, more: Partial<Row> = {}): Row {
  const names = [...new Set([...body.matchAll(/\$(\w+)/g)].map((match) => match[1] as string))];
  const types = names.map((name) => `$${name}: ${name.endsWith('Id') ? 'ID!' : 'String!'}`);
  const document = `query${types.length > 0 ? ` (${types.join(', ')})` : ''} { ${body} }`;
  const ask = (target: Target) => ({ document, variables: Object.fromEntries(names.map((name) => [name, target[name]])) });
  return { operation, what, cells, ask, ...more };
}

/** Whether the graph has this coordinate: rows of operations that do not exist yet are no rows. */
export function exists(coordinate: string): boolean {
  const [type = '', field = ''] = coordinate.split('.');
  const named = graph.getType(type);
  return named !== undefined && 'getFields' in named && field in named.getFields();
}

export const typeOf = (type: string, field: string) => {
  const named = graph.getType(type);
  return named && 'getFields' in named ? getNamedType(named.getFields()[field]?.type) : undefined;
};
