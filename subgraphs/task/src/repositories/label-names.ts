// Events carry the names of labels as they are at the time, so that a filter judges a replay of the log like live changes.
import type { TaskChanged, TaskState } from '@taskgraph/shared/contracts/task-events';
import type { NewEvent } from '@taskgraph/shared/event-log';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { fold } from '../filter/fold.js';
import { toldLabels } from './label-rename-repository.js';

/** The same transaction, in whose task events each state names its labels. Every writer of task events goes through it. */
export function namingLabels(tx: WriteTransaction): WriteTransaction {
  const names = new Map<string, string>();
  const renamed = new Set<string>();
  // Who knows the names already has written them into the state.
  const named = (state: TaskState): TaskState => (state.labels ? state : { ...state, labels: (state.labelIds ?? []).flatMap((id) => names.get(id) ?? []) });
  /** Before the event a task had the labels that the event before it told of: a label that was renamed since had its old name. */
  const namedBefore = async (state: TaskState, taskId: string): Promise<TaskState> => {
    const labels = (state.labelIds ?? []).some((id) => renamed.has(id)) ? await toldLabels(tx.query, taskId) : null;
    return labels ? { ...state, labels } : named(state);
  };
  const withNames = async (events: readonly NewEvent[]): Promise<NewEvent[]> => {
    const states = events.flatMap(statesOf).filter((state) => !state.labels);
    const missing = [...new Set(states.flatMap((state) => state.labelIds ?? []))].filter((id) => !names.has(id));
    if (missing.length > 0) {
      for (const { id, name, isRenamed } of await findNames(tx.query, missing)) {
        names.set(id, fold(name));
        if (isRenamed) renamed.add(id);
      }
    }
    const written: NewEvent[] = [];
    for (const event of events) {
      if (statesOf(event).length === 0) {
        written.push(event);
        continue;
      }
      const { state, before, ...payload } = event.payload as TaskChanged;
      written.push({ ...event, payload: { ...payload, state: named(state), before: before && (await namedBefore(before, event.aggregateId)) } });
    }
    return written;
  };
  return {
    ...tx,
    emit: async (event) => tx.emit((await withNames([event]))[0] as NewEvent),
    emitAll: async (events) => tx.emitAll(await withNames(events)),
  };
}

/** Both sides of a task event; nothing for any other. */
function statesOf({ type, payload }: NewEvent): TaskState[] {
  const { state, before } = payload as Partial<TaskChanged>;
  return type.startsWith('task.') && state ? [state, ...(before ? [before] : [])] : [];
}

const findNames = (query: WriteTransaction['query'], ids: readonly string[]): Promise<{ id: string; name: string; isRenamed: boolean }[]> =>
  query('select l.id, l.name, exists (select from label_renames r where r.label_id = l.id) as "isRenamed" from labels l where l.id = any ($1::uuid[])', [ids]);

/** Names of labels as an event of now carries them, in the order of the ids. */
export async function labelNames(query: WriteTransaction['query'], ids: readonly string[]): Promise<string[]> {
  const names = new Map((await findNames(query, ids)).map(({ id, name }) => [id, fold(name)]));
  return ids.flatMap((id) => names.get(id) ?? []);
}
