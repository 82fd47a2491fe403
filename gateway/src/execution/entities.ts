// The entities that one fetch asks for: each once, however often it occurs, with all the places that its answer belongs to.
import { merge, objectsAt, placesAt, rewrite, type Data, type Tree } from './data-tree.js';
import type { GraphQLSchema } from 'graphql';
import type { Represent } from './requirements.js';
import type { Fetch } from './steps.js';

export interface Entities {
  /** The different representations as JSON, in order of first appearance. */
  representations: string[];
  /** For each of them the objects that it stands for. */
  targets: Data[][];
  /** For the cache: takes what was answered for them without an error, before it is put where it belongs. */
  keep?: (received: readonly unknown[]) => void;
}

/** Null where there is nobody to ask for. */
export function entitiesOf(tree: Tree, path: readonly string[], represent: Represent): Entities | null {
  const places = new Map<string, number>();
  const entities: Entities = { representations: [], targets: [] };
  for (const object of objectsAt(tree, path)) {
    const text = represent(object);
    if (text === null) continue;
    const place = places.get(text);
    if (place !== undefined) {
      entities.targets[place]?.push(object);
      continue;
    }
    places.set(text, entities.representations.push(text) - 1);
    entities.targets.push([object]);
  }
  return entities.targets.length > 0 ? entities : null;
}

/** Puts what came for them where it belongs. */
export function takeEntities(tree: Tree, schema: GraphQLSchema, { outputRewrites }: Fetch, { targets }: Entities, received: readonly unknown[]): void {
  for (const [place, objects] of targets.entries()) {
    const entity = received[place];
    if (typeof entity !== 'object' || entity === null) continue;
    const data = entity as Data;
    if (!data['__typename']) data['__typename'] = objects[0]?.['__typename'];
    rewrite(schema, outputRewrites, data);
    for (const object of objects) merge(object, data, tree, objects.length > 1);
  }
}

/** Answers for each representation every place in the answer where its entity is: for errors, which name all of them. */
export function placesOf(tree: Tree, path: readonly string[], { targets }: Entities): (string | number)[][][] {
  const numbers = new Map(targets.flatMap((objects, number) => objects.map((object) => [object as object, number] as const)));
  const places: (string | number)[][][] = targets.map(() => []);
  for (const { object, place } of placesAt(tree, path)) {
    const number = numbers.get(object);
    if (number !== undefined) places[number]?.push(place);
  }
  return places;
}
