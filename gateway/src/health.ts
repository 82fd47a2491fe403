// Readiness of the gateway: it is ready once it can tell who asks. A subgraph that is away does not make it unready, since
// the rest of the graph answers; /readyz names such a subgraph under `degraded`.
import type { FastifyInstance } from 'fastify';
import type { KeySet } from './key-set.js';
import type { SubgraphClient } from './subgraph-client.js';

const probeTimeoutMs = 1_000;

export const missingParts = async (keys: KeySet): Promise<string[]> => (keys.known() ? [] : ['signing keys of the user subgraph']);

export async function unreachable(clients: SubgraphClient[]): Promise<string[]> {
  const answers = await Promise.all(
    clients.map(async (client) => {
      const probe = { method: 'GET', path: '/livez', headers: {}, repeatable: false, quiet: true, timeoutMs: probeTimeoutMs } as const;
      return client.send(probe).then(({ status }) => status === 200, () => false);
    }),
  );
  return clients.filter((_, index) => !answers[index]).map(({ name }) => name);
}

/** How long one round of probes answers for all who ask, in milliseconds. */
const probesMs = 1_000;

/** Adds `degraded` to the body of /readyz: the subgraphs that are away, and what else is not as it should be. */
export function addDegraded(app: FastifyInstance, clients: SubgraphClient[], others: () => string[]): void {
  // Anybody may ask this, as often as they like.
  let round: { at: number; answer: Promise<string[]> } | undefined;
  const away = () => {
    if (!round || performance.now() - round.at > probesMs) round = { at: performance.now(), answer: unreachable(clients) };
    return round.answer;
  };
  app.addHook('preSerialization', async (request, _reply, payload) => {
    if (request.routeOptions.url !== '/readyz') return payload;
    return { ...(payload as object), degraded: [...(await away()), ...others()] };
  });
}
