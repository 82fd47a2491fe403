// What the cache knows of the entities that a fetch is about to ask for.
import type { Entities } from './entities.js';
import { takeEntities } from './entities.js';
import type { Run } from './run.js';
import type { Fetch } from './steps.js';

/** Puts what is known where it belongs, and answers what is left to be asked for; null where that is nothing. `others` is the rest of the variables, as a text. */
export async function takeKnown({ graph, context, tree }: Run, fetch: Fetch, entities: Entities, others: string): Promise<Entities | null> {
  const { representations, targets } = entities;
  const looked = await graph.source(fetch.subgraph).known?.({ document: fetch.document, representations, others }, context);
  if (!looked) return entities;
  const { found, keep } = looked;
  const hit = found.map((text) => text !== null);
  if (hit.includes(true)) {
    // New objects each time: what is fetched next is merged into them.
    const received = JSON.parse(`[${found.filter((text) => text !== null).join(',')}]`) as unknown[];
    takeEntities(tree, graph.supergraph, fetch, { representations: representations.filter((_, place) => hit[place]), targets: targets.filter((_, place) => hit[place]) }, received);
  }
  return hit.includes(false) ? { representations: representations.filter((_, place) => !hit[place]), targets: targets.filter((_, place) => !hit[place]), keep } : null;
}
