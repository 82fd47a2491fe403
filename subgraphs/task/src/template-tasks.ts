// What a template holds. Dates are spans from the start of its use, so that they fit whenever it is used.
import { z } from 'zod';

/** Most tasks in one template, subtasks included; most levels; most bytes as JSON. */
export const templateLimit = 100;
export const templateLevels = 10;
export const templateBytes = 131_072;

export interface TemplateTask {
  title: string;
  description?: string | undefined;
  priority?: number | undefined;
  /** ISO 8601, for example P2DT4H; a leading minus lies before the start. */
  startAfter?: string | undefined;
  dueAfter?: string | undefined;
  /** Names of labels of the project it is used in; those it does not know are left out. */
  labels?: string[] | undefined;
  recurrence?: { rule: string; timeZone: string } | undefined;
  subtasks?: TemplateTask[] | undefined;
}

const spanPattern = /^(-)?P(?=.)(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;
const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];

/** Milliseconds of a span in weeks, days, hours, minutes and seconds; null for anything else. A day is 24 hours. */
export function readSpan(text: string): number | null {
  const match = spanPattern.exec(text);
  if (!match) return null;
  const [weeks, days, hours, minutes, seconds] = match.slice(2).map((part) => Number(part ?? 0)) as [number, number, number, number, number];
  const length = (weeks * 7 + days) * day + hours * hour + minutes * minute + seconds * second;
  return match[1] && length > 0 ? -length : length;
}

/** Whole seconds as a span that `readSpan` reads. */
export function writeSpan(ms: number): string {
  const total = Math.trunc(Math.abs(ms) / second);
  const [days, rest] = [Math.floor(total / 86_400), total % 86_400];
  const time = [[Math.floor(rest / 3_600), 'H'], [Math.floor((rest % 3_600) / 60), 'M'], [rest % 60, 'S']].filter(([count]) => count !== 0).flat().join('');
  return `${ms < 0 && total > 0 ? '-' : ''}P${days > 0 || time === '' ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`;
}

const span = z.string().refine((text) => readSpan(text) !== null, 'must be a span such as P7D or PT4H');

/** The shape alone; text and dates are checked beside it, with the path of what is wrong. */
export const templateModel: z.ZodType<TemplateTask> = z.strictObject({
  title: z.string(),
  description: z.string().optional(),
  priority: z.number().int().min(1).max(10).optional(),
  startAfter: span.optional(),
  dueAfter: span.optional(),
  labels: z.array(z.string().max(64)).max(50).optional(),
  recurrence: z.strictObject({ rule: z.string().max(2_000), timeZone: z.string().max(64) }).optional(),
  get subtasks() {
    return z.array(templateModel).max(templateLimit).optional();
  },
});

/** Every task with its depth and where it stands, parents first. */
export function* walk(tasks: readonly TemplateTask[], depth = 0, path: (string | number)[] = []): Generator<{ task: TemplateTask; depth: number; path: (string | number)[] }> {
  for (const [index, task] of tasks.entries()) {
    yield { task, depth, path: [...path, index] };
    yield* walk(task.subtasks ?? [], depth + 1, [...path, index, 'subtasks']);
  }
}
