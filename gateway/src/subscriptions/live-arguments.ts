// The arguments of a subscription, and what they mean for sharing its runs.
import { getArgumentValues, type GraphQLSchema } from 'graphql';
import type { LiveQuery } from './live-query.js';
import type { LiveEvent } from './live-steps.js';

export interface TaskScope {
  projectId?: string | null;
  channelId?: string | null;
  taskId?: string | null;
  mine?: boolean | null;
}

export interface LiveArguments {
  scope?: TaskScope | null;
  filter?: unknown;
  after?: string | null;
  id?: string | null;
}

export function argumentsOf(schema: GraphQLSchema, query: LiveQuery, variables: Record<string, unknown>): LiveArguments {
  const definition = schema.getSubscriptionType()?.getFields()[query.field];
  if (!definition) throw new Error(`there is no subscription field ${query.field}`);
  return getArgumentValues(definition, query.node, variables) as LiveArguments;
}

/** Only what belongs to a project or channel alone is the same for several people. */
export const isPlace = (scope: TaskScope | null | undefined): boolean =>
  scope != null && scope.mine == null && scope.taskId == null && (scope.projectId == null) !== (scope.channelId == null);

/** Words are looked for among what the viewer can see. */
export function hasText(filter: unknown): boolean {
  if (Array.isArray(filter)) return filter.some(hasText);
  if (typeof filter !== 'object' || filter === null) return false;
  return Object.entries(filter).some(([key, value]) => key === 'text' || hasText(value));
}

/** Of a task that has left, or lies in the trash, each sees what they may see. */
export function isThere({ kind, home }: LiveEvent, { projectId, channelId }: TaskScope): boolean {
  if (!home || home.deletedAt !== null || kind === undefined) return false;
  const [found, wanted] = projectId ? [home.project?.id, projectId] : [home.channel?.id, channelId];
  return found !== undefined && found.toLowerCase() === wanted?.toLowerCase();
}
