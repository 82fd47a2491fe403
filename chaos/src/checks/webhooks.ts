// Each event of a project that has a webhook was posted there and taken, under its own id; nothing else was.
import type { TaskChanged } from '@taskgraph/shared/contracts/task-events';
import type { LogEvent, Snapshot } from '../snapshot.js';
import type { Received } from '../webhook-receiver.js';

const postedOfTask = new Set(['task.created', 'task.updated', 'task.assigned', 'task.completed', 'task.reopened', 'task.moved', 'task.deleted', 'task.restored', 'task.commented']);
const postedOfProject = new Set(['project.member-added', 'project.member-removed']);

/** The projects that hear of an event; of a move also the one that was left. */
function projectsOf({ type, payload }: LogEvent): Set<string> {
  const { projectId, before } = payload as Partial<TaskChanged>;
  const left = type === 'task.moved' ? before?.projectId : null;
  return new Set([projectId, left].filter((id) => typeof id === 'string'));
}

/** `hooks`: name of the address → project. */
export function checkWebhooks(snapshot: Pick<Snapshot, 'logs' | 'posts'>, received: readonly Received[], hooks: ReadonlyMap<string, string>): string[] {
  const wrong: string[] = [];
  const events = new Map([...snapshot.logs.task.filter(({ type }) => postedOfTask.has(type)), ...snapshot.logs.project.filter(({ type }) => postedOfProject.has(type))].map((event) => [event.id, event]));
  const got = new Map(received.map((one) => [`${one.hook} ${one.eventId}`, one]));
  for (const { hook, eventId } of received) {
    const event = events.get(eventId);
    if (!event || !projectsOf(event).has(hooks.get(hook) ?? '')) wrong.push(`phantom: a post to ${hook} about ${eventId}, which is ${event ? `${event.type} of another place` : 'in no log'}`);
  }
  for (const [hook, projectId] of hooks) {
    for (const event of events.values()) {
      // What happened before the webhook was made need not come.
      if (!event.traceId?.startsWith('chaos-') || !projectsOf(event).has(projectId)) continue;
      const one = got.get(`${hook} ${event.id}`);
      if (!one || one.taken === 0) wrong.push(`missing: post to ${hook} about ${event.type} ${event.id}, tried ${one?.tries ?? 0} times`);
    }
  }
  for (const { id, state, attempts, reason } of snapshot.posts) if (state !== 'DELIVERED') wrong.push(`stuck: post ${id} is ${state} after ${attempts} tries (${reason})`);
  return wrong;
}
