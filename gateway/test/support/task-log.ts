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
}

export interface TaskLog {
  sdl: string;
  resolvers: object;
  route: Route;
  /** Adds a change to the project and wakes whoever listens. */
  append(change: Partial<Change>): void;
  /** Open wake-up streams. */
  streams: Set<ServerResponse>;
  /** What the caller said at the wake-up stream. */
  projectId: string;
}

const sdl = `
  type User @key(fields: "id") { id: ID! }
  type Task @key(fields: "id") { id: ID! title: String! creator: User }
  enum TaskChangeKind { CREATED UPDATED ACCESS_LOST }
  type TaskChange { cursor: String! kind: TaskChangeKind! task: Task secret: String }
  type PageInfo @shareable { hasNextPage: Boolean! endCursor: String }
  type TaskChangeConnection { nodes: [TaskChange!]! pageInfo: PageInfo! head: String! }
  input TaskScope { projectId: ID channelId: ID taskId: ID mine: Boolean }
  type Query { taskChanges(scope: TaskScope!, after: String, until: String, first: Int): TaskChangeConnection }
  type Mutation { createTask(title: String!): Task }
  type Subscription { taskChanges(scope: TaskScope!, after: String): TaskChange! }
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

  function append({ kind = 'UPDATED', title = `change ${changes.length + 1}`, creator = 'ada' }: Partial<Change>): void {
    changes.push({ kind, title, creator });
    const line = JSON.stringify({ scopes: [scopeId('project', projectId)], users: [], tasks: [] });
    for (const stream of streams) stream.write(`${line}\n`);
  }

  function taskChanges(_: unknown, { scope, after, first }: Arguments, { viewer }: { viewer: unknown }) {
    if (!viewer) throw refuse('Sign in first.', 'UNAUTHENTICATED');
    if (scope.projectId !== projectId) throw refuse('There is no such project.', 'NOT_FOUND');
    const begin = after === undefined || after === null ? 0 : Number(after.replace('c', ''));
    if (Number.isNaN(begin)) throw refuse('after is no cursor.', 'BAD_USER_INPUT');
    const end = Math.min(changes.length, begin + (first ?? 100));
    const nodes = changes.slice(begin, end).map((change, index) => ({
      cursor: `c${begin + index + 1}`,
      kind: change.kind,
      task: change.kind === 'ACCESS_LOST' ? null : { id: `t${begin + index + 1}`, title: change.title, creator: { __typename: 'User', id: change.creator } },
      secret: () => {
        throw refuse('Not yours.', 'FORBIDDEN');
      },
    }));
    return { nodes, pageInfo: { endCursor: `c${end}`, hasNextPage: end < changes.length }, head: `c${changes.length}` };
  }

  const route: Route = (request, response) => {
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
  return { sdl, resolvers: { Query: { taskChanges }, Mutation: { createTask } }, route, append, streams, projectId };
}
