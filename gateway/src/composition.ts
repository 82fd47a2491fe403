import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const root = new URL('../../', import.meta.url);
const names = ['user', 'project', 'task', 'channel', 'stats'] as const;

export const supergraphFile = new URL('gateway/supergraph.graphql', root);

/** Composes the five subgraph schemas; throws with every problem that composition finds. */
export function composeSupergraph(): string {
  const services = names.map((name) => ({
    name,
    // A placeholder: the gateway finds a subgraph's address in its configuration, by name.
    url: `http://${name}`,
    typeDefs: parse(readFileSync(new URL(`subgraphs/${name}/schema.graphql`, root), 'utf8')),
  }));
  const { errors, supergraphSdl } = composeServices(services);
  if (errors?.length || !supergraphSdl) throw new Error((errors ?? []).map(({ message }) => message).join('\n'));
  return supergraphSdl;
}
