// What a change of the log is to a reader with a filter (RULES §4).
import type { TaskChanged, TaskState } from '@taskgraph/shared/contracts/task-events';
import type { LoggedEvent } from '@taskgraph/shared/event-log';
import type { ChangeRow } from '../repositories/change-repository.js';
import { textsOf, type Condition } from './conditions.js';
import { factsOf } from './facts.js';
import { matches } from './matches.js';

export interface Judged {
  event: LoggedEvent;
  /** As it is without a filter. */
  change: ChangeRow;
}

/** Which of the tasks match a full-text query now, as far as the viewer sees them. */
export type FindMatching = (taskIds: string[], text: string) => Promise<Set<string>>;

/**
 * Leaves out what concerns no matching task, and says ENTERED or LEFT where a task starts or stops to match. Both sides are
 * judged at the time of the event on the states that it carries, so a replay says what was said live. Full-text conditions
 * alone are judged as of now, one question per text and page.
 */
export async function judgeChanges(changes: Judged[], condition: Condition, findMatching: FindMatching): Promise<ChangeRow[]> {
  const ids = [...new Set(changes.flatMap(({ change }) => change.taskId ?? []))];
  const texts = [...new Set(textsOf(condition))];
  const found = new Map<string, Set<string>>();
  if (ids.length > 0) for (const text of texts) found.set(text, await findMatching(ids, text));

  return changes.flatMap(({ event, change }) => {
    const payload = event.payload as TaskChanged;
    // A lost scope and an erased task concern every reader; nothing is left by which to judge them.
    if (change.taskId === null || !payload.state) return [change];
    const fits = (state: TaskState | null) =>
      state !== null && matches(condition, factsOf(payload, state), event.at, (text) => found.get(text)?.has(payload.taskId) ?? false);
    const now = change.kind !== 'LEFT' && fits(payload.state);
    let before = change.kind !== 'ENTERED' && fits(payload.before);
    // What was written over, or lies out of the reader's sight now, cannot be searched as it was: what matches now may be new,
    // what does not may have matched before.
    const unknown = change.kind === 'LEFT' || event.fromScopeId !== null || payload.changes.some(({ field }) => field === 'title' || field === 'description');
    if (texts.length > 0 && unknown && payload.before) before = !now;
    const kind = kindOf(change.kind, before, now);
    return kind ? [{ ...change, kind }] : [];
  });
}

function kindOf(own: ChangeRow['kind'], before: boolean, now: boolean): ChangeRow['kind'] | null {
  if (!before && !now) return null;
  // The trash is no filter: a matching task that goes there or comes back is told as that.
  if (own === 'DELETED' || own === 'RESTORED' || before === now) return own;
  return now ? 'ENTERED' : 'LEFT';
}
