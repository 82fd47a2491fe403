import { startSubgraph as start } from '@taskgraph/shared/subgraph-server';

/** Options of each subgraph that was started, by name. */
export const collected = new Map();

export async function startSubgraph(options) {
  collected.set(options.name, options);
  return start(options);
}
