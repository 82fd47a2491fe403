// Exported tasks as a file, piece by piece. Imports read both formats again.
import { stringify } from 'csv-stringify/sync';
import { guardCell } from './csv.js';
import type { ExportedTask } from './stream-tasks.js';

const text = (date: Date | null): string | null => date?.toISOString() ?? null;

const header = [
  'id', 'ref', 'title', 'description', 'status', 'priority', 'start', 'due', 'completed', 'assignees', 'labels', 'parent', 'project', 'channel', 'created', 'updated',
];

function cells({ task, assignees, labels, parent }: ExportedTask): (string | number | null)[] {
  return [
    task.id, task.ref, guardCell(task.title), task.description === null ? null : guardCell(task.description), task.status, task.priority,
    text(task.startAt), text(task.dueAt), text(task.completedAt), assignees.join(', '), guardCell(joinLabels(labels)), parent, task.projectId, task.channelId,
    text(task.createdAt), text(task.updatedAt),
  ];
}

/** With line ends between them where a name holds what stands between names otherwise. */
const joinLabels = (names: string[]): string => (names.some((name) => /[,;]/.test(name)) ? names.map((name) => `${name}\n`).join('') : names.join(', '));

function member({ task, assignees, labels, parent }: ExportedTask): object {
  const { id, ref, title, description, status, priority, projectId, channelId } = task;
  return {
    id, ref, title, description, status, priority, startAt: text(task.startAt), dueAt: text(task.dueAt), completedAt: text(task.completedAt), assignees, labels,
    parent, projectId, channelId, createdAt: text(task.createdAt), updatedAt: text(task.updatedAt),
  };
}

export async function* renderCsv(pages: AsyncIterable<ExportedTask[]>): AsyncGenerator<string> {
  // The mark by which spreadsheets know that it is UTF-8.
  yield `\ufeff${stringify([header])}`;
  for await (const page of pages) yield stringify(page.map(cells));
}

export async function* renderJson(pages: AsyncIterable<ExportedTask[]>): AsyncGenerator<string> {
  let begun = false;
  for await (const page of pages) {
    yield `${begun ? ',\n' : '[\n'}${page.map((exported) => JSON.stringify(member(exported))).join(',\n')}`;
    begun = true;
  }
  yield begun ? '\n]\n' : '[]\n';
}
