// Every acknowledged write is there with its effect, once; nothing is there that nobody was told of.
import type { Journal, Log, Write } from '../journal.js';
import type { LogEvent, Snapshot } from '../snapshot.js';
import type { OwnTask } from '../writer.js';

const logNames = ['task', 'project', 'channel'] as const satisfies readonly Log[];
/** Events that may follow a write on the same task, by the same request, for people's own lists. */
const sideEvents = new Set(['task.watched', 'task.unwatched', 'task.entered', 'task.left']);

/** What went wrong, one sentence each; empty is well. */
export function checkWrites(journal: Pick<Journal, 'writes' | 'differing'>, { logs }: Pick<Snapshot, 'logs'>): string[] {
  const wrong = journal.differing.map((text) => `a resend was answered otherwise: ${text}`);
  for (const log of logNames) {
    const left = new Map<string, LogEvent[]>();
    for (const event of logs[log]) {
      if (event.traceId === null || sideEvents.has(event.type)) continue;
      left.set(event.traceId, [...(left.get(event.traceId) ?? []), event]);
    }
    for (const write of journal.writes) if (write.log === log) wrong.push(...judge(write, left.get(write.key) ?? []));
    const known = new Set(journal.writes.map(({ key }) => key));
    for (const [traceId, [event]] of left) if (traceId.startsWith('chaos-') && !known.has(traceId)) wrong.push(`phantom: ${event?.type} of ${traceId}, which nobody sent`);
  }
  return wrong;
}

function judge(write: Write, events: readonly LogEvent[]): string[] {
  const name = `${write.field} ${write.key}`;
  const own = events.filter(({ aggregateId }) => aggregateId === write.aggregateId);
  if (write.state === 'open') return [`undecided: ${name} has no answer`];
  if (write.state === 'refused') return [`refused: ${name} (${write.reason})${events.length > 0 ? ', and it took effect' : ''}`];
  const matching = own.filter((event) => event.type === write.type && (!write.commentId || (event.payload as { commentId?: unknown }).commentId === write.commentId));
  if (matching.length === 0) return [`lost: ${name} was acknowledged and left no ${write.type}`];
  if (own.length > 1) return [`doubled: ${name} left ${own.map(({ type }) => type).join(', ')}`];
  if (write.title !== undefined && matching[0]?.payload.state.title !== write.title) return [`lost: ${name} did not set the title`];
  return [];
}

/** The rows are what the last event says, and what their only writer knows. */
export function checkTasks(own: readonly OwnTask[], sharedTaskIds: readonly string[], { tasks, logs, comments }: Pick<Snapshot, 'tasks' | 'logs' | 'comments'>, journal: Pick<Journal, 'writes'>): string[] {
  const wrong: string[] = [];
  const rows = new Map(tasks.map((row) => [row.id, row]));
  for (const task of own) {
    const row = rows.get(task.id);
    if (!row) {
      wrong.push(`lost: task ${task.id} has no row`);
      continue;
    }
    const [seen, known] = [row, task].map(({ title, status, priority, projectId, channelId, assigneeIds, deleted }) =>
      JSON.stringify({ title, status, priority, projectId, channelId, assigneeIds: [...assigneeIds].toSorted(), deleted }));
    if (seen !== known) wrong.push(`wrong: task ${task.id} is ${seen} and its writer was told ${known}`);
  }
  const made = new Set([...own.map(({ id }) => id), ...sharedTaskIds]);
  for (const { id } of tasks) if (!made.has(id)) wrong.push(`phantom: task ${id}, which nobody was told of`);
  const last = new Map<string, LogEvent>();
  for (const event of logs.task) if (event.payload.state !== undefined) last.set(event.aggregateId, event);
  for (const row of tasks) {
    const event = last.get(row.id);
    const { state, version } = event?.payload ?? {};
    if (!state || state.title !== row.title || state.status !== row.status || version !== row.version) wrong.push(`wrong: task ${row.id} has version ${row.version}, its last event ${event?.type} says ${version}`);
  }
  const said = new Set(journal.writes.filter(({ state, commentId }) => state === 'acknowledged' && commentId).map(({ commentId }) => commentId as string));
  const there = new Set(comments.map(({ id }) => id));
  for (const id of said) if (!there.has(id)) wrong.push(`lost: comment ${id}`);
  for (const id of there) if (!said.has(id)) wrong.push(`phantom: comment ${id}`);
  return wrong;
}

/** In each log the events of one aggregate stand in their order, without a gap. */
export function checkOrder(logs: Partial<Snapshot['logs']>): string[] {
  const wrong: string[] = [];
  for (const [log, events] of Object.entries(logs)) {
    const seqs = new Map<string, number>();
    for (const { aggregateId, seq, type } of events) {
      const before = seqs.get(aggregateId) ?? 0;
      if (seq !== before + 1) wrong.push(`order: ${log} ${aggregateId} has ${type} with seq ${seq} behind ${before}`);
      seqs.set(aggregateId, seq);
    }
  }
  return wrong;
}
