// Entities that the plan fetches by their keys, each kept by itself. What is not in the cache is asked for as if nothing else had
// been; errors, nulls that may be refusals, and everything of a document that is not marked are never kept.
import { createHash } from 'node:crypto';
import { cacheLookups } from './metrics.js';
import type { Policies, Policy } from './policy.js';
import type { Reader } from './reader.js';
import { tagOfEntity, tagOfType, tagOfViewer, type Tags } from './tags.js';

/** One fetch of entities. */
export interface Question {
  subgraph: string;
  /** As it is sent, alone. */
  document: string;
  /** As JSON, each. */
  representations: readonly string[];
  /** Whatever else the document is sent with, as a text. */
  others: string;
}

export interface Looked {
  /** What is known of each representation, as JSON; null where it is to be asked for. */
  found: (string | null)[];
  /** Takes what was answered, without an error, for those that were not found, in their order. */
  keep(entities: readonly unknown[]): void;
}

export interface EntityCacheOptions {
  tags: Tags;
  fresh: (type: string) => boolean;
}

export interface EntityCache {
  /** Undefined where the fetch is none for the cache. */
  look(question: Question, reader: Reader, graph: { policies: Policies; name: string }): Promise<Looked | undefined>;
}

interface Wanted {
  policy: Policy;
  key: string;
  tags: string[];
}

export function createEntityCache({ tags, fresh }: EntityCacheOptions): EntityCache {
  /** Of documents: what is known of one is one object as long as it is remembered. */
  const names = new WeakMap<ReadonlyMap<string, Policy>, string>();

  /** Undefined where one of them is not to be cached. */
  function wantedOf({ subgraph, document, representations, others }: Question, reader: Reader, graph: { policies: Policies; name: string }): Wanted[] | undefined {
    const byType = graph.policies.ofEntities(document);
    if (byType.size === 0) return undefined;
    let name = names.get(byType);
    if (name === undefined) names.set(byType, (name = digest(`${graph.name} ${nameless(document)}`)));
    const fetch = `${subgraph}:${name}${others === '{}' ? '' : `:${digest(others)}`}`;
    const wanted: Wanted[] = [];
    for (const text of representations) {
      const { __typename: type, id } = JSON.parse(text) as { __typename?: unknown; id?: unknown };
      const policy = typeof type === 'string' ? byType.get(type) : undefined;
      if (!policy || typeof type !== 'string' || typeof id !== 'string') return undefined;
      const mine = policy.scope === 'PRIVATE';
      wanted.push({
        policy,
        key: `e:${fetch}:${mine ? reader.key : 'public'}:${text.length <= 80 ? text : digest(text)}`,
        tags: [tagOfType(type), tagOfEntity(type, id), ...(mine ? [tagOfViewer(reader.viewer.id)] : [])],
      });
    }
    return wanted;
  }

  return {
    async look(question, reader, graph) {
      const wanted = wantedOf(question, reader, graph);
      if (!wanted || wanted.length === 0) return undefined;
      const count = (outcome: string, times: number) => times > 0 && cacheLookups.inc({ kind: 'entity', outcome }, times);
      const own = tagOfViewer(reader.viewer.id);
      const blind = wanted.some(({ policy }) => [...policy.types].some((type) => !fresh(type)));
      const seen = blind ? undefined : await tags.look([own, ...wanted.flatMap((one) => one.tags)], wanted.map(({ key }) => key));
      // Whoever has written something lately reads past the cache.
      if (!seen || seen.stamps([own]) === null) {
        count('bypass', wanted.length);
        return undefined;
      }

      const found = wanted.map((one) => seen.find(one.key, one.tags));
      for (const hit of found) if (hit) reader.until = Math.min(reader.until, hit.until);
      const missing = wanted.filter((_, index) => !found[index]);
      const open = missing.filter((one) => seen.stamps(one.tags) !== null);
      count('hit', wanted.length - missing.length);
      count('miss', open.length);
      count('bypass', missing.length - open.length);
      // Before they are asked for: what changes from here on voids what is kept below.
      const keepable = open.length > 0 && (await seen.claim(open.flatMap((one) => one.tags)));
      const began = Date.now();
      return {
        found: found.map((hit) => hit?.text ?? null),
        keep(entities) {
          if (!keepable || entities.length !== missing.length) return;
          tags.write(
            missing.flatMap(({ key, tags: of, policy }, index) => {
              const stamps = seen.stamps(of);
              return stamps === null || !isWhole(entities[index], policy) ? [] : [{ key, stamps, text: JSON.stringify(entities[index]), until: began + policy.maxAge * 1_000 }];
            }),
          );
        },
      };
    },
  };
}

/** Whether nothing in it can be a refusal: no null where something with fields of its own stands. */
export function isWhole(value: unknown, { objects }: Pick<Policy, 'objects'>): boolean {
  const holds = (part: unknown): boolean => {
    if (Array.isArray(part)) return part.every((item) => item !== null && holds(item));
    if (typeof part !== 'object' || part === null) return true;
    return Object.entries(part).every(([name, below]) => (below === null ? !objects.has(name) : holds(below)));
  };
  return value !== null && value !== undefined && holds(value);
}

/** The planner names its fetches after the operation and their place in it: the same fetch of another document is the same. */
const nameless = (query: string) => query.replace(/^query\s+\w+/, 'query');
export const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 27);
