// A gateway that follows a supergraph file which the test writes.
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { ask, compose, startGraph, type TestGraph, type TestGraphOptions } from './graph.js';

export interface ReloadGraph extends TestGraph {
  /** Where the graph is read from. */
  path: string;
  /** Has another graph served, made of the subgraphs' with this change of the task subgraph's, and waits until it is. */
  reload(change?: (sdl: string) => string): Promise<void>;
  /** The graph of the subgraphs with this change. */
  composed(change?: (sdl: string) => string): string;
  /** Replaces the file, as tools do, and says nothing. */
  write(text: string): Promise<void>;
  /** What /readyz calls degraded. */
  degraded(): Promise<string[]>;
}

/** Tells the gateway of this process, as `kill -HUP` would. */
export const hangUp = (): boolean => process.emit('SIGHUP');

export async function startReloadGraph(options: TestGraphOptions = {}): Promise<ReloadGraph> {
  const directory = await mkdtemp(join(tmpdir(), 'supergraph-'));
  const path = join(directory, 'supergraph.graphql');
  const graph = await startGraph({ ...options, config: { subgraphTimeoutMs: 600_000, ...options.config, supergraphPath: path } });
  let count = 0;
  // Composing takes longer than all the rest.
  const known = new Map<string, string>();
  const composed = (change: (sdl: string) => string = (sdl) => sdl) => {
    const sdl = change(graph.task.sdl);
    const text = known.get(sdl) ?? compose([graph.user, { name: 'task', sdl }]);
    known.set(sdl, text);
    return text;
  };
  const write = async (text: string) => {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  };
  return {
    ...graph,
    path,
    composed,
    write,
    async reload(change = (sdl) => sdl) {
      const mark = `reload ${(count += 1)}`;
      await write(composed(change).replace(/^type Query/m, `"${mark}"\ntype Query`));
      hangUp();
      await eventually(async () => (await ask(graph.gateway, '{ __type(name: "Query") { description } }')).data?.__type.description === mark);
    },
    degraded: async () => (await (await fetch(`${graph.gateway.url}/readyz`)).json() as { degraded: string[] }).degraded,
    async stop() {
      await graph.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
