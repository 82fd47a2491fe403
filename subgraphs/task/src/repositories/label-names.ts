// Events carry the names of labels as they are at the time, so that a filter judges a replay of the log like live changes.
import type { TaskChanged, TaskState } from '@taskgraph/shared/contracts/task-events';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { fold } from '../filter/fold.js';

/** The same transaction, in whose task events each state names its labels. Every writer of task events goes through it. */
export function namingLabels(tx: WriteTransaction): WriteTransaction {
  const names = new Map<string, string>();
  const named = (state: TaskState): TaskState => ({ ...state, labels: (state.labelIds ?? []).flatMap((id) => names.get(id) ?? []) });
  return {
    ...tx,
    async emit(event) {
      const { state, before } = event.payload as Partial<TaskChanged>;
      if (!event.type.startsWith('task.') || !state) return tx.emit(event);
      const missing = [...(state.labelIds ?? []), ...(before?.labelIds ?? [])].filter((id) => !names.has(id));
      if (missing.length > 0) {
        const found = await tx.query<{ id: string; name: string }>('select id, name from labels where id = any ($1::uuid[])', [missing]);
        for (const { id, name } of found) names.set(id, fold(name));
      }
      return tx.emit({ ...event, payload: { ...(event.payload as TaskChanged), state: named(state), before: before ? named(before) : null } });
    },
  };
}
