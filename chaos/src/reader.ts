// A live reader as docs/live.md describes one: it keeps the last cursor, is cut at any moment, comes back, and rebuilds the state.
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { read, type Person } from './client.js';

export interface LiveTask {
  id: string;
  title: string;
  status: string;
  priority: number;
  version: number;
}

export interface Heard {
  cursor: string;
  kind: string;
  taskId: string | null;
  coalesced: boolean;
  /** Which of the reader's connections brought it, counted from 1. */
  connection?: number;
}

interface Change extends Heard {
  task: (LiveTask & { deletedAt: string | null; project: { id: string } | null }) | null;
}

/** From one beginning until access is lost, or to the end of the run. */
export interface Reading {
  /** Cursor of the log behind which it began. */
  startedAfter: string;
  heard: Heard[];
  /** What it makes of the tasks of the project from what it heard. */
  state: Map<string, LiveTask>;
  /** The server completed it. */
  ended: boolean;
}

export interface Reader {
  name: string;
  person: Person;
  readings: Reading[];
  current: () => Reading | undefined;
  /** Cuts its socket as a network does. */
  cut: () => void;
  cuts: () => number;
  /** Errors that would not have come of a fault. */
  errors: string[];
  stop: () => Promise<void>;
}

const fields = 'id title status priority version deletedAt project { id }';
const document = `subscription ($projectId: ID!, $after: String) { taskChanges(scope: { projectId: $projectId }, after: $after) { cursor kind taskId task { ${fields} } } }`;
const passing = new Set(['SUBGRAPH_UNAVAILABLE', 'OVERLOADED', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR']);

/** Every task of the project there is now. */
export async function readTasks(url: string, person: Person, projectId: string): Promise<Map<string, LiveTask>> {
  const tasks = new Map<string, LiveTask>();
  for (let after: string | null = null; ; ) {
    const { project } = await read(url, person, `query ($projectId: ID!, $after: String) { project(id: $projectId) { tasks(first: 200, after: $after) { nodes { id title status priority version } pageInfo { hasNextPage endCursor } } } }`, { projectId, after });
    for (const task of project.tasks.nodes as LiveTask[]) tasks.set(task.id, task);
    if (!project.tasks.pageInfo.hasNextPage) return tasks;
    after = project.tasks.pageInfo.endCursor as string;
  }
}

/** The change log of the project behind a cursor, as the query tells it; to its end, or the first `most` of it. */
export async function readLog(url: string, person: Person, projectId: string, from: string, most = Infinity): Promise<Heard[]> {
  const log: Heard[] = [];
  for (let after = from; ; ) {
    const { taskChanges } = await read(url, person, `query ($projectId: ID!, $after: String, $first: Int!) { taskChanges(scope: { projectId: $projectId }, after: $after, first: $first) { nodes { cursor kind taskId } pageInfo { hasNextPage endCursor } } }`, { projectId, after, first: Math.min(most, 500) });
    log.push(...(taskChanges.nodes as Heard[]));
    if (!taskChanges.pageInfo.hasNextPage || log.length >= most) return log;
    after = taskChanges.pageInfo.endCursor as string;
  }
}

/** Begins to follow a project over `edgeUrl`, and goes on until stopped or until access is lost; `again` begins anew then. */
export function startReader(name: string, urls: { url: string; edgeUrl: string }, person: Person, projectId: string): Reader & { again: () => void } {
  let socket: WebSocket | undefined;
  let cuts = 0;
  let connections = 0;
  const stopping = new AbortController();
  const readings: Reading[] = [];
  const errors: string[] = [];
  const hold = (opened: WebSocket): void => void (socket = opened);
  class Cuttable extends WebSocket {
    constructor(address: string, protocols: string | string[]) {
      super(address, protocols, { handshakeTimeout: 5_000 });
      hold(this);
    }
  }

  async function begin(): Promise<Reading> {
    const { taskChanges } = await read(urls.url, person, 'query ($projectId: ID!) { taskChanges(scope: { projectId: $projectId }, first: 1) { head } }', { projectId });
    const reading: Reading = { startedAfter: taskChanges.head, heard: [], state: await readTasks(urls.url, person, projectId), ended: false };
    readings.push(reading);
    return reading;
  }

  function apply(reading: Reading, change: Change): void {
    reading.heard.push({ cursor: change.cursor, kind: change.kind, taskId: change.taskId, coalesced: change.coalesced, connection: connections });
    if (change.taskId === null) return;
    const { task } = change;
    if (!task || task.deletedAt || task.project?.id !== projectId) reading.state.delete(change.taskId);
    else reading.state.set(task.id, { id: task.id, title: task.title, status: task.status, priority: task.priority, version: task.version });
  }

  async function follow(reading: Reading): Promise<void> {
    for (let tries = 0; !stopping.signal.aborted; tries += 1) {
      const client = createClient({
        url: `${urls.edgeUrl.replace('http', 'ws')}/graphql`, webSocketImpl: Cuttable, retryAttempts: 0,
        connectionParams: { authorization: `Bearer ${person.accessToken}` }, connectionAckWaitTimeout: 10_000,
      });
      connections += 1;
      const end = (): void => void socket?.terminate();
      stopping.signal.addEventListener('abort', end, { once: true });
      try {
        const after = reading.heard.at(-1)?.cursor ?? reading.startedAfter;
        for await (const { data, errors: refused, extensions } of client.iterate<{ taskChanges: Change }, { coalesced?: boolean }>({ query: document, variables: { projectId, after } })) {
          if (!data?.taskChanges) throw refused;
          tries = 0;
          apply(reading, { ...data.taskChanges, coalesced: extensions?.coalesced === true });
          if (refused && !refused.every((error) => passing.has(String(error.extensions?.['code'])))) errors.push(`${name}: ${JSON.stringify(refused)}`);
        }
        reading.ended = true;
        return;
      } catch (error) {
        const [first] = Array.isArray(error) ? (error as { extensions?: { code?: string }; message?: string }[]) : [];
        const code = first?.extensions?.code;
        if (code && !passing.has(code)) {
          errors.push(`${name} was refused: ${code} ${first?.message}`);
          return;
        }
      } finally {
        stopping.signal.removeEventListener('abort', end);
        await client.dispose();
      }
      await delay(Math.min(1_000, 50 * 2 ** Math.min(tries, 5)) * (0.5 + Math.random()), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const start = (): Promise<void> =>
    begin().then(follow).catch((error: unknown) => void (stopping.signal.aborted || errors.push(`${name} could not begin: ${String(error)}`)));
  let running = start();
  return {
    name, person, readings, errors,
    current: () => readings.at(-1),
    cut: () => {
      if (socket?.readyState !== WebSocket.OPEN) return;
      cuts += 1;
      socket.terminate();
    },
    cuts: () => cuts,
    again: () => void (running = running.then(start)),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
