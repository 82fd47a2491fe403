// The client in docs/live.md does what the page says: cut again and again, it misses nothing and gets nothing twice.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { startGraph, type TestGraph } from './support/graph.js';
import { socketUrl } from './support/socket.js';
import { createTaskLog, type TaskLog } from './support/task-log.js';

let log: TaskLog;
let graph: TestGraph;
let directory: string;
beforeAll(async () => {
  log = createTaskLog();
  // The example also asks for `status`, which the small subgraph's tasks have not.
  log.sdl = log.sdl.replace('title: String! creator', 'title: String! status: String creator');
  graph = await startGraph({ task: log });
  graph.task.route = log.route;
  await eventually(() => log.streams.size === 1);
  // Inside the package, so that the example finds graphql-ws.
  directory = await mkdtemp(join(import.meta.dirname, '..', 'node_modules', '.live-document-')).catch(() => mkdtemp(join(import.meta.dirname, '.live-document-')));
});
afterAll(async () => {
  await graph.stop();
  await rm(directory, { recursive: true, force: true });
});

test('the example follows a project over cuts, from its cursor, and stops when it is told', async () => {
  const page = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'live.md'), 'utf8');
  const example = /## graphql-ws[\s\S]*?```js\n([\s\S]*?)```/.exec(page)?.[1];
  const file = join(directory, 'example.mjs');
  await writeFile(file, example ?? '');
  const { followProject } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { followProject: (options: object) => () => void };
  const open: WebSocket[] = [];
  class Socket extends WebSocket {
    constructor(...given: ConstructorParameters<typeof WebSocket>) {
      super(...given);
      open.push(this);
    }
  }
  const cursors: string[] = [];
  const stop = followProject({
    url: socketUrl(graph.gateway), token: () => graph.token(), projectId: log.projectId, after: 'c0', webSocketImpl: Socket,
    onChange: ({ cursor }: { cursor: string }) => cursors.push(cursor), onResync: async () => null,
  });
  let written = 0;
  for (let cut = 0; cut < 4; cut += 1) {
    for (let count = 0; count < 5; count += 1, written += 1) log.append({});
    await eventually(() => cursors.length >= written - 2);
    open.at(-1)?.terminate();
  }
  await eventually(() => cursors.length >= written);
  expect(cursors).toEqual(Array.from({ length: written }, (_, index) => `c${index + 1}`));
  expect(open.length).toBeGreaterThan(3);
  stop();
});
