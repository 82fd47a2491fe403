// What a live reader heard against the log, and what it made of it against the server.
import type { Heard, LiveTask, Reading } from '../reader.js';

export interface LiveCounts {
  heard: number;
  missed: number;
  doubled: number;
  inverted: number;
  /** One sentence each. */
  details: string[];
}

/**
 * `log`: the same scope behind the same cursor, read at the end. A change may be left out where a later one of the same task says
 * that it stands for several. `whole`: the reading went on to the end of the log.
 */
export function compareWithLog(heard: readonly Heard[], log: readonly Heard[], whole: boolean): LiveCounts {
  const places = new Map(log.map(({ cursor }, index) => [cursor, index]));
  const seen = new Map<string, Heard>();
  const counts: LiveCounts = { heard: heard.length, missed: 0, doubled: 0, inverted: 0, details: [] };
  let furthest = -1;
  for (const one of heard) {
    const { cursor, kind, connection } = one;
    if (kind === 'ACCESS_LOST') continue;
    const before = seen.get(cursor);
    if (before) {
      counts.doubled += 1;
      counts.details.push(`${kind} of ${one.taskId} at place ${places.get(cursor)} came twice, over connections ${before.connection} and ${connection}, and the furthest was ${furthest}`);
      continue;
    }
    seen.set(cursor, one);
    const place = places.get(cursor);
    // A cursor that the log does not know is one that nothing was written under.
    if (place === undefined || place < furthest) {
      counts.inverted += 1;
      counts.details.push(`${kind} of ${one.taskId} at place ${place} came over connection ${connection} behind ${furthest}`);
    }
    furthest = Math.max(furthest, place ?? furthest);
  }
  const until = whole ? log.length : furthest + 1;
  const covered = new Map<string | null, number>();
  for (const { taskId, coalesced, cursor } of heard) if (coalesced) covered.set(taskId, Math.max(covered.get(taskId) ?? -1, places.get(cursor) ?? -1));
  log.slice(0, until).forEach(({ cursor, taskId, kind }, index) => {
    if (seen.has(cursor) || (covered.get(taskId) ?? -1) >= index) return;
    counts.missed += 1;
    counts.details.push(`${kind} of ${taskId} at place ${index} never came`);
  });
  return counts;
}

/** One that lost access heard so once, as the last thing. */
export function checkLoss(name: string, { heard, ended }: Reading): string[] {
  const losses = heard.filter(({ kind }) => kind === 'ACCESS_LOST').length;
  if (!ended) return losses === 0 ? [] : [`live: ${name} heard of its loss and was not ended`];
  if (losses !== 1) return [`live: ${name} was ended and heard ${losses} times that access is lost`];
  return heard.at(-1)?.kind === 'ACCESS_LOST' ? [] : [`live: ${name} heard something after access was lost`];
}

export function compareStates(name: string, mine: ReadonlyMap<string, LiveTask>, servers: ReadonlyMap<string, LiveTask>): string[] {
  const text = (task: LiveTask | undefined): string => (task ? JSON.stringify([task.title, task.status, task.priority, task.version]) : 'none');
  const ids = [...new Set([...mine.keys(), ...servers.keys()])];
  return ids.filter((id) => text(mine.get(id)) !== text(servers.get(id))).map((id) => `live: ${name} holds ${text(mine.get(id))} of task ${id}, the server ${text(servers.get(id))}`);
}
