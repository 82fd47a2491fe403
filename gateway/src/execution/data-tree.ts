// The data of one operation while its fetches bring it together: a tree in which an entity that occurs often is kept once. Equal
// representations stand at the same path of the same plan, so what is fetched for them and below them is the same.
import type { GraphQLSchema } from 'graphql';
import type { Rewrite } from './plan.js';
import { isOfType } from './types-of-data.js';

export type Data = Record<string, unknown>;

export interface Tree {
  root: Data;
  /** Objects that hang in several places; null while there are none. */
  shared: Set<object> | null;
}

export const own = (object: object, key: string): unknown => (Object.hasOwn(object, key) ? (object as Data)[key] : undefined);

const isPlain = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Puts a value under a name that may also be one of those every object has. */
function put(target: Data, key: string, value: unknown): void {
  if (key in target && !Object.hasOwn(target, key)) Object.defineProperty(target, key, { value, configurable: true, enumerable: true, writable: true });
  else target[key] = value;
}

/** Merges `source` into `target`; what it brings is marked as shared where it goes to others too. */
export function merge(target: Data, source: Data, tree: Tree, goesToOthers: boolean): void {
  for (const key of Object.keys(source)) {
    const brought = source[key];
    if (brought === undefined) continue;
    if (typeof brought !== 'object' || brought === null) {
      put(target, key, brought);
      continue;
    }
    const there = own(target, key);
    if (typeof there === 'object' && there !== null && there !== brought && mergeBelow(there, brought, tree, goesToOthers)) continue;
    if (goesToOthers) share(brought, tree);
    put(target, key, brought);
  }
}

/** Whether the two could be merged. */
function mergeBelow(there: object, brought: object, tree: Tree, goesToOthers: boolean): boolean {
  if (isPlain(brought)) {
    if (!isPlain(there)) return false;
    merge(there, brought, tree, goesToOthers);
    return true;
  }
  if (!Array.isArray(there) || !Array.isArray(brought) || there.length !== brought.length) return false;
  for (let index = 0; index < brought.length; index += 1) {
    const [before, after] = [there[index] as unknown, brought[index] as unknown];
    if (before === after) continue;
    if (isPlain(before) && isPlain(after)) merge(before, after, tree, goesToOthers);
    else {
      if (goesToOthers && typeof after === 'object' && after !== null) share(after, tree);
      there[index] = after;
    }
  }
  return true;
}

function share(value: object, tree: Tree): void {
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object' && item !== null) share(item as object, tree);
    return;
  }
  (tree.shared ??= new Set()).add(value);
}

/** The different objects at a path, `@` standing for each item of a list. */
export function objectsAt({ root, shared }: Tree, path: readonly string[]): Data[] {
  let level: unknown[] = [root];
  for (const step of path) {
    const next: unknown[] = [];
    for (const value of level) {
      if (step === '@') {
        for (const item of value as unknown[]) if (item !== null && item !== undefined) next.push(item);
      } else {
        const below = own(value as Data, step);
        if (below !== null && below !== undefined) next.push(below);
      }
    }
    // Once per level, or what hangs in many places would be walked as often as there are ways to it.
    level = shared && next.length > 1 ? [...new Set(next)] : next;
  }
  return level as Data[];
}

/** Every place at a path, with what is there: more than `objectsAt` where objects are shared. */
export function placesAt({ root }: Tree, path: readonly string[]): { object: object; place: (string | number)[] }[] {
  let level: { object: unknown; place: (string | number)[] }[] = [{ object: root, place: [] }];
  for (const step of path) {
    level = level.flatMap(({ object, place }) => {
      const below = step === '@' ? (object as unknown[]).map((item, index) => ({ object: item, place: [...place, index] })) : [{ object: own(object as Data, step), place: [...place, step] }];
      return below.filter((found) => found.object !== null && found.object !== undefined);
    });
  }
  return level as { object: object; place: (string | number)[] }[];
}

/** What a plan changes in what is sent or received. */
export function rewrite(schema: GraphQLSchema, rewrites: readonly Rewrite[] | undefined, value: Data): void {
  for (const change of rewrites ?? []) {
    const name = change.path.at(-1);
    if (name === undefined) continue;
    atPath(schema, change.path.slice(0, -1), value, (object) => {
      if (change.kind === 'ValueSetter') return put(object, name, change.setValueTo);
      const renamed = own(object, name);
      if (!renamed) return;
      put(object, change.renameKeyTo, renamed);
      object[name] = undefined;
    });
  }
}

const onType = '... on ';

function atPath(schema: GraphQLSchema, path: readonly string[], value: unknown, change: (object: Data) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) atPath(schema, path, item, change);
    return;
  }
  if (!isPlain(value)) return;
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (!step.startsWith(onType)) return atPath(schema, rest, own(value, step), change);
  // An object that does not tell its type may be of this one.
  if (!value['__typename'] || isOfType(schema, value['__typename'], step.slice(onType.length))) atPath(schema, rest, value, change);
}
