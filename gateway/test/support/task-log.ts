// The task subgraph's end of a subscription, as a small server of the same shape: a change log that can be read page by
// page, and the wake-up stream.
import type { ServerResponse } from 'node:http';
import { scopeId } from '@taskgraph/shared/scope';
import { GraphQLError } from 'graphql';
import type { Route } from './subgraph.js';

export interface Change {
  kind: string;
  title: string;
  creator: string;
  /** Id of the task; one of its own where it is absent. */
  task: string;
  /** Where the task lies now: in another project than this. */
  elsewhere: boolean;
  /** On no page: it concerns somebody else. */
  hidden: boolean;
}

export interface TaskLog {
  sdl: string;
  resolvers: object;
  route: Route;
  /** Adds a change to the project and wakes whoever listens. */
  append(change: Partial<Change>): void;
  /** Open wake-up streams. */
  streams: Set<ServerResponse>;
  projectId: string;
  /** People who have lost the project. */
  lost: Set<string>;
  /** Whom the gateway asked about before it sent a shared result. */
  asked: string[][];
  /** The one import there is, and whose it is. */
  taskImport: { id: string; owner: string; status: string; processedRows: number };
  /** Open questions whether the import got on. */
  polls: Set<ServerResponse>;
}

const sdl = `
  type User @key(fields: "id") { id: ID! }
  type Project @key(fields: "id") { id: ID! }
  type Channel @key(fields: "id") { id: ID! }
  type Task @key(fields: "id") { id: ID! title: String! creator: User project: Project channel: Channel deletedAt: String seenBy: String }
  enum TaskChangeKind { CREATED UPDATED MOVED ACCESS_LOST }
  type FieldChange { field: String! before: String after: String }
  type TaskChange { cursor: String! kind: TaskChangeKind! taskId: ID task: Task secret: String changes: [FieldChange!]! }
  enum ImportStatus { RUNNING COMPLETED }
  type TaskImport { id: ID! status: ImportStatus! totalRows: Int processedRows: Int! createdRows: Int! failedRows: Int! }
  type PageInfo @shareable { hasNextPage: Boolean! endCursor: String }
  type TaskChangeConnection { nodes: [TaskChange!]! pageInfo: PageInfo! head: String! }
  input TaskScope { projectId: ID channelId: ID taskId: ID mine: Boolean }
  type Query { taskChanges(scope: TaskScope!, after: String, until: String, first: Int): TaskChangeConnection taskImport(id: ID!): TaskImport }
  type Mutation { createTask(title: String!): Task }
  type Subscription { taskChanges(scope: TaskScope!, after: String): TaskChange! taskImportProgress(id: ID!): TaskImport! }
`;

interface Arguments {
  scope: { projectId?: string; mine?: boolean };
  after?: string | null;
  first?: number | null;
}

const refuse = (message: string, code: string) => new GraphQLError(message, { extensions: { code } });

export function createTaskLog(): TaskLog {
  const projectId = '0193f9c4-7a00-7000-8000-00000000aaaa';
  const changes: Change[] = [];
  const streams = new Set<ServerResponse>();

  const lost = new Set<string>();
  const asked: string[][] = [];
  const polls = new Set<ServerResponse>();
  const taskImport = { id: 'i1', owner: '', status: 'RUNNING', processedRows: 0 };

  function append({ kind = 'UPDATED', title = `change ${changes.length + 1}`, creator = 'ada', task = `t${changes.length + 1}`, elsewhere = false, hidden = false }: Partial<Change>): void {
    changes.push({ kind, title, creator, task, elsewhere, hidden });
    const line = JSON.stringify({ scopes: [scopeId('project', projectId)], users: [], tasks: [] });
    for (const stream of streams) stream.write(`${line}\n`);
  }

  function taskChanges(_: unknown, { scope, after, first }: Arguments, { viewer }: { viewer: { id: string } | null }) {
    if (!viewer) throw refuse('Sign in first.', 'UNAUTHENTICATED');
    if (scope.projectId !== projectId) throw refuse('There is no such project.', 'NOT_FOUND');
    const begin = after === undefined || after === null ? 0 : Number(after.replace('c', ''));
    if (Number.isNaN(begin)) throw refuse('after is no cursor.', 'BAD_USER_INPUT');
    if (lost.has(viewer.id)) {
      const node = { cursor: `c${begin + 1}`, kind: 'ACCESS_LOST', taskId: null, task: null, changes: [] };
      return { nodes: [node], pageInfo: { endCursor: node.cursor, hasNextPage: false }, head: `c${changes.length}` };
    }
    const end = Math.min(changes.length, begin + (first ?? 100));
    const nodes = changes.slice(begin, end).flatMap((change, index) => change.hidden ? [] : [{
      cursor: `c${begin + index + 1}`,
      kind: change.kind,
      taskId: change.kind === 'ACCESS_LOST' ? null : change.task,
      task: change.kind === 'ACCESS_LOST' ? null : taskOf(change, viewer.id),
      changes: [{ field: 'title', before: changes.slice(0, begin + index).findLast(({ task }) => task === change.task)?.title ?? null, after: change.title }],
      secret: () => {
        throw refuse('Not yours.', 'FORBIDDEN');
      },
    }]);
    return { nodes, pageInfo: { endCursor: `c${end}`, hasNextPage: end < changes.length }, head: `c${changes.length}` };
  }

  /** A task that has left is seen by those alone whose id is among its letters. */
  function taskOf({ task, title, creator, elsewhere }: Change, viewer: string): object | null {
    if (elsewhere && !title.includes(viewer)) return null;
    const project = { __typename: 'Project', id: elsewhere ? '0193f9c4-7a00-7000-8000-00000000cccc' : projectId };
    return { id: task, title, creator: { __typename: 'User', id: creator }, project, channel: null, deletedAt: null, seenBy: viewer };
  }

  const route: Route = (request, response, body) => {
    if (request.url === '/internal/scope-viewers') {
      asked.push(body.viewers);
      response.end(JSON.stringify({ viewers: body.viewers.filter((id: string) => !lost.has(id)) }));
      return true;
    }
    if (request.url?.startsWith('/internal/imports/')) {
      const seen = new URL(request.url, 'http://task').searchParams.get('seen');
      const mark = () => `${taskImport.status}.${taskImport.processedRows}`;
      const look = setInterval(() => {
        if (mark() === seen) return;
        clearInterval(look);
        response.end(JSON.stringify({ mark: mark() }));
      }, 20);
      polls.add(response);
      response.on('close', () => {
        clearInterval(look);
        polls.delete(response);
      });
      return true;
    }
    if (request.url !== '/internal/wakeups') return false;
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write('{}\n');
    streams.add(response);
    response.on('close', () => streams.delete(response));
    return true;
  };
  const createTask = (_: unknown, { title }: { title: string }) => {
    append({ kind: 'CREATED', title });
    return { id: `t${changes.length}`, title };
  };
  const showImport = (_: unknown, { id }: { id: string }, { viewer }: { viewer: { id: string } | null }) =>
    id === taskImport.id && viewer?.id === taskImport.owner ? { ...taskImport, totalRows: 100, createdRows: taskImport.processedRows, failedRows: 0 } : null;
  return { sdl, resolvers: { Query: { taskChanges, taskImport: showImport }, Mutation: { createTask } }, route, append, streams, projectId, lost, asked, taskImport, polls };
}
