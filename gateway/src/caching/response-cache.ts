// Whole answers to documents of which every field is marked, and what clients are told about keeping theirs. A whole answer is made
// of many entities, so it ends with any event about their types.
import { HeaderMap, type ApolloServerPlugin, type GraphQLRequestContext } from '@apollo/server';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../context.js';
import { WrittenData } from '../execution/written-data.js';
import { digest, isWhole } from './entity-cache.js';
import { cacheLookups } from './metrics.js';
import type { Policies, Policy } from './policy.js';
import { admitReader, readerOf } from './reader.js';
import { tagOfAny, tagOfType, tagOfViewer, type Found, type Seen, type Tags } from './tags.js';

export interface ResponseCacheOptions {
  tags: Tags;
  fresh: (type: string) => boolean;
  /** Of the graph that a request was validated against, and the name of that graph. */
  graphOf: (schema: GraphQLSchema) => { policies: Policies; name: string } | undefined;
}

interface Pending {
  policy: Policy;
  key: string;
  tags: string[];
  seen: Seen;
  /** Stamps can be had for it. */
  keepable: boolean;
  began: number;
}

type Context = GraphQLRequestContext<GatewayContext> & { document: DocumentNode; operation: OperationDefinitionNode; source: string };

/** Seconds that are left; what ends within one is not worth telling. */
const secondsUntil = (until: number) => Math.floor((until - Date.now()) / 1_000);

export function responseCachePlugin({ tags, fresh, graphOf }: ResponseCacheOptions): ApolloServerPlugin<GatewayContext> {
  async function prepare(request: Context): Promise<Pending | undefined> {
    const reader = readerOf(request.contextValue);
    const graph = reader && graphOf(reader.schema);
    const policy = graph && graph.policies.ofOperation(request.document, request.operation);
    if (!reader || !graph || !policy) return undefined;
    const types = [...policy.types];
    const own = tagOfViewer(reader.viewer.id);
    const of = [...types.flatMap((type) => [tagOfType(type), tagOfAny(type)]), ...(policy.scope === 'PRIVATE' ? [own] : [])];
    const name = `${graph.name} ${request.request.operationName ?? ''} ${JSON.stringify(request.request.variables ?? {})} ${request.source}`;
    const key = `r:${digest(name)}:${policy.scope === 'PRIVATE' ? reader.key : 'public'}`;
    const seen = types.every(fresh) ? await tags.look([own, ...of], [key]) : undefined;
    if (!seen || seen.stamps([own, ...of]) === null) {
      cacheLookups.inc({ kind: 'response', outcome: 'bypass' });
      return undefined;
    }
    return { policy, key, tags: of, seen, keepable: false, began: Date.now() };
  }

  /** Never `public`: whoever has no token may not have it, and a cache on the way would not ask. */
  function tell(request: GraphQLRequestContext<GatewayContext>, until: number): void {
    const maxAge = secondsUntil(until);
    if (maxAge > 0) request.overallCachePolicy.replace({ maxAge, scope: 'PRIVATE' });
  }

  return {
    async requestDidStart() {
      let pending: Pending | undefined;
      let found: Found | null = null;
      const end = ({ policy, began }: Pending, context: GatewayContext) => Math.min(began + policy.maxAge * 1_000, readerOf(context)?.until ?? 0);
      return {
        async didResolveOperation(request) {
          admitReader(request);
        },
        async responseForOperation(request) {
          pending = await prepare(request as Context);
          if (!pending) return null;
          const { seen, key, tags: of } = pending;
          found = seen.find(key, of);
          cacheLookups.inc({ kind: 'response', outcome: found ? 'hit' : 'miss' });
          if (found) {
            const data = request.request.http ? new WrittenData(found.text) : JSON.parse(found.text);
            return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult: { data: data as Record<string, unknown> } } };
          }
          pending.keepable = await seen.claim(of);
          return null;
        },
        // Nothing of this waits: Apollo's own plugin, which comes later, writes the header from the policy.
        async willSendResponse(request) {
          const { response, contextValue } = request;
          if (!pending || response.body.kind !== 'single') return;
          response.http.headers.set('vary', 'Origin, Authorization');
          if (found) return tell(request, found.until);
          const { data, errors } = response.body.singleResult;
          if (errors?.length || !data) return;
          const text = (data as unknown) instanceof WrittenData ? (data as unknown as WrittenData).text : JSON.stringify(data);
          if (!isWhole(JSON.parse(text), pending.policy)) return;
          const until = end(pending, contextValue);
          tell(request, until);
          const stamps = pending.seen.stamps(pending.tags);
          if (pending.keepable && stamps !== null) tags.write([{ key: pending.key, stamps, text, until }]);
        },
      };
    },
  };
}
