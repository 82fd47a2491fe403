// Which of their open tasks a person may want to do next, and why. Pure.

/** An open task, with what speaks for it. */
export interface Candidate {
  taskId: string;
  projectId: string | null;
  channelId: string | null;
  priority: number;
  dueAt: Date | null;
  updatedAt: Date;
  /** Waits for another task, so that it cannot be completed yet. */
  blocked: boolean;
  /** Open tasks of the same place that wait for it. */
  waiting: number;
}

export interface Recommendation {
  taskId: string;
  /** 0 to 100, the higher the sooner. */
  score: number;
  reasons: string[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

type Part = [points: number, reason: string | null];

/** Overdue: 40. Due: from 35 now to 0 in seven days. */
function duePart({ dueAt }: Candidate, now: Date): Part {
  const left = dueAt === null ? Infinity : dueAt.getTime() - now.getTime();
  if (left < 0) return [40, `Overdue by ${inWords(-left)}`];
  if (left >= 7 * dayMs) return [0, null];
  return [35 * (1 - left / (7 * dayMs)), `Due in ${inWords(left)}`];
}

/** From 25 for priority 1 to 0 for 10; a reason for the highest three. */
const priorityPart = ({ priority }: Candidate): Part => [(25 * (10 - priority)) / 9, priority <= 3 ? `Priority ${priority}` : null];

/** 15 for one task that waits for it, 25 for many. */
const blocksPart = ({ waiting }: Candidate): Part =>
  waiting === 0 ? [0, null] : [25 - 10 / waiting, waiting === 1 ? 'Blocks 1 other task' : `Blocks ${waiting} other tasks`];

/** 10 just now to 0 after three days. */
function touchedPart({ updatedAt }: Candidate, now: Date): Part {
  const ago = Math.max(0, now.getTime() - updatedAt.getTime());
  return ago >= 3 * dayMs ? [0, null] : [10 * (1 - ago / (3 * dayMs)), 'Recently touched'];
}

/** One that waits for others keeps half of its points: it cannot be completed yet. */
export function recommend(candidate: Candidate, now: Date): Recommendation {
  const parts = [duePart(candidate, now), blocksPart(candidate), priorityPart(candidate), touchedPart(candidate, now)];
  const points = parts.reduce((sum, [part]) => sum + part, 0);
  const reasons = parts.flatMap(([, reason]) => reason ?? []);
  if (reasons.length === 0) reasons.push(`Priority ${candidate.priority}`);
  if (candidate.blocked) reasons.push('Waits for another task');
  return { taskId: candidate.taskId, score: Math.round(points * (candidate.blocked ? 50 : 100)) / 100, reasons };
}

/** Highest score first; ties by id, so that an answer does not change from one moment to the next. */
export const inOrder = (one: Recommendation, other: Recommendation): number => other.score - one.score || (one.taskId < other.taskId ? -1 : 1);

function inWords(ms: number): string {
  const [count, unit] = ms >= dayMs ? [Math.floor(ms / dayMs), 'day'] : ms >= hourMs ? [Math.floor(ms / hourMs), 'hour'] : [Math.floor(ms / 60_000), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
