// Each entity is asked for once per fetch, however often it occurs in a list: the gateway itself does not de-duplicate.
export interface Packed {
  /** The different representations, in order of first appearance. */
  unique: unknown[];
  /** For each of the given representations, its place in `unique`. */
  places: number[];
}

export function pack(representations: unknown[]): Packed {
  const known = new Map<string, number>();
  const unique: unknown[] = [];
  const places = representations.map((representation) => {
    const key = JSON.stringify(representation);
    let place = known.get(key);
    if (place === undefined) {
      place = unique.push(representation) - 1;
      known.set(key, place);
    }
    return place;
  });
  return { unique, places };
}

/**
 * Gives every original representation its entity. Equal ones share one object: the gateway merges what it fetches next
 * into it, and since equal representations stand at the same path of the same plan, each would have got the same.
 */
export const unpackEntities = (entities: unknown[], { places }: Packed): unknown[] => places.map((place) => entities[place]);

/** Repeats an error at `["_entities", place, ...]` for every original representation at that place. */
export function unpackPath(path: readonly (string | number)[], { places }: Packed): (string | number)[][] {
  const [, place, ...rest] = path;
  return places.flatMap((candidate, index) => (candidate === place ? [['_entities', index, ...rest]] : []));
}
