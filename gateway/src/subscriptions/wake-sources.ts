// What a subscription listens to, by its field and arguments; and who of several people still sees a scope.
import type { SubgraphClient } from '../subgraph-client.js';
import type { IdentitySigner } from '@taskgraph/shared/identity';
import { scopeId } from '@taskgraph/shared/scope';
import { z } from 'zod';
import type { GatewayContext } from '../context.js';
import type { ImportWakeups } from './import-wakeups.js';
import type { LiveArguments, TaskScope } from './live-arguments.js';
import type { LogWakeups, WakeKey } from './log-wakeups.js';
import type { Wake } from './wake-signal.js';

export interface Wakeups {
  /** Calls `wake` whenever that log may have moved; answers the undo. */
  listen(field: string, args: LiveArguments, context: GatewayContext, wake: Wake): () => void;
  /** Which of these people see the project or channel now. Throws while that cannot be said. */
  whoMay(scope: TaskScope, viewerIds: string[]): Promise<Set<string>>;
}

export interface WakeSources {
  tasks: Pick<LogWakeups, 'listen'>;
  imports: Pick<ImportWakeups, 'listen'>;
  notifications: Pick<LogWakeups, 'listen'>;
  /** The task subgraph. */
  client: Pick<SubgraphClient, 'send'>;
  signer: IdentitySigner;
}

const nothing = () => undefined;
const allowed = z.object({ viewers: z.array(z.string()) });

export function createWakeups({ tasks, imports, notifications, client, signer }: WakeSources): Wakeups {
  return {
    listen(field, args, context, wake) {
      const { viewer } = context;
      if (field === 'taskImportProgress') return viewer && args.id ? imports.listen(viewer, args.id, wake) : nothing;
      if (field === 'notificationReceived') return viewer ? notifications.listen(`user:${viewer.id}`, wake) : nothing;
      const undo = wakeKeysOf(args.scope ?? {}, context).map((key) => tasks.listen(key, wake));
      return () => undo.forEach((unlisten) => unlisten());
    },
    async whoMay({ projectId, channelId }, viewerIds) {
      const place = projectId ? { kind: 'project', id: projectId } : { kind: 'channel', id: channelId };
      const headers = { authorization: `Bearer ${await signer.tokenFor('task')}`, 'content-type': 'application/json' };
      const { status, body } = await client.send({ method: 'POST', path: '/internal/scope-viewers', headers, body: JSON.stringify({ ...place, viewers: viewerIds }), repeatable: true, quiet: true });
      if (status !== 200) throw new Error(`the task subgraph answered ${status}`);
      return new Set(allowed.parse(body).viewers);
    },
  };
}

/** None for a scope that names nothing or several things: the first query refuses it. */
function wakeKeysOf({ projectId, channelId, taskId, mine }: TaskScope, { viewer }: GatewayContext): WakeKey[] {
  if (projectId) return [`scope:${scopeId('project', projectId)}`];
  if (channelId) return [`scope:${scopeId('channel', channelId)}`];
  const own: WakeKey[] = viewer ? [`user:${viewer.id}`] : [];
  // Losing the task's project or channel is no change of the task, but one of the person's.
  if (taskId) return [`task:${taskId.toLowerCase()}`, ...own];
  return mine ? own : [];
}
