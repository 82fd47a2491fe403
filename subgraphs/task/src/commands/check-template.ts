// Checks on the tasks of a template: whatever is wrong is BAD_USER_INPUT with the path inside the list.
import { badInput, DomainError } from '@taskgraph/shared/errors';
import { checkMarkdown, checkText } from '@taskgraph/shared/text';
import { checkRecurrence } from '../recurrence/check-recurrence.js';
import { readSpan, templateBytes, templateLevels, templateLimit, templateModel, walk, type TemplateTask } from '../template-tasks.js';

const root = 'input.tasks';

export function checkTemplateTasks(given: unknown): TemplateTask[] {
  if (!Array.isArray(given) || given.length === 0) throw badInput(root, 'must be a list of at least one task');
  refuseHuge(given);
  const parsed = templateModel.array().safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw badInput([root, ...(issue?.path ?? [])].join('.'), `is no template: ${issue?.message ?? 'unknown'}`);
  }
  let count = 0;
  for (const { task, depth, path } of walk(parsed.data)) {
    count += 1;
    const at = [root, ...path].join('.');
    if (depth >= templateLevels) throw badInput(at, `nests more than ${templateLevels} levels`);
    checkTask(task, at);
  }
  if (count > templateLimit) throw badInput(root, `must hold at most ${templateLimit} tasks, subtasks included`);
  return parsed.data;
}

function checkTask(task: TemplateTask, at: string): void {
  checkText(`${at}.title`, task.title, { min: 1, max: 255 });
  if (task.description !== undefined) checkMarkdown(`${at}.description`, task.description);
  for (const label of task.labels ?? []) checkText(`${at}.labels`, label, { min: 1, max: 64 });
  const [start, due] = [readSpan(task.startAfter ?? 'P0D'), readSpan(task.dueAfter ?? 'P0D')] as [number, number];
  if (task.startAfter !== undefined && task.dueAfter !== undefined && due < start) throw badInput(`${at}.dueAfter`, 'must not lie before startAfter');
  if (!task.recurrence) return;
  try {
    checkRecurrence(task.recurrence, null);
  } catch (error) {
    throw error instanceof DomainError ? badInput(`${at}.recurrence`, `is refused: ${error.message}`) : error;
  }
}

/** Before anything walks it by recursion: JSON from outside can nest deeper than the stack. */
function refuseHuge(given: unknown[]): void {
  const tooMuch = badInput(root, `must have at most ${templateBytes / 1_024} KiB and ${templateLevels} levels`);
  const open: { value: unknown; depth: number }[] = [{ value: given, depth: 0 }];
  let bytes = 0;
  for (let item = open.pop(); item; item = open.pop()) {
    const { value, depth } = item;
    if (depth > templateLevels * 4) throw tooMuch;
    if (typeof value === 'string') bytes += Buffer.byteLength(value);
    bytes += 4;
    if (bytes > templateBytes) throw tooMuch;
    if (value === null || typeof value !== 'object') continue;
    for (const [key, child] of Object.entries(value)) {
      bytes += key.length;
      open.push({ value: child, depth: depth + 1 });
    }
  }
}
