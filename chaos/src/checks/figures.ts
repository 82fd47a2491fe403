// Figures equal counts over the rows of the tasks.
import { read } from '../client.js';
import type { Scene } from '../scene.js';
import type { TaskRow } from '../snapshot.js';

interface Figures {
  total: number;
  byStatus: { pending: number; inProgress: number; completed: number; cancelled: number };
  completionRate: number;
}

const selection = 'stats { total byStatus { pending inProgress completed cancelled } completionRate }';

export function countTasks(tasks: readonly TaskRow[]): Figures {
  const there = tasks.filter(({ deleted }) => !deleted);
  const of = (status: string): number => there.filter((task) => task.status === status).length;
  const [cancelled, completed] = [of('CANCELLED'), of('COMPLETED')];
  const total = there.length;
  return {
    total, byStatus: { pending: of('PENDING'), inProgress: of('IN_PROGRESS'), completed, cancelled },
    completionRate: total === cancelled ? 0 : completed / (total - cancelled),
  };
}

/** Asks as clients do. */
export async function checkFigures(url: string, { owner, writers, projectIds, channelId }: Scene, tasks: readonly TaskRow[]): Promise<string[]> {
  const wrong: string[] = [];
  const compare = (name: string, shown: Figures | null, counted: Figures): void => {
    if (!shown) return void wrong.push(`figures: ${name} has none`);
    const [seen, due] = [shown, counted].map(({ total, byStatus: { pending, inProgress, completed, cancelled }, completionRate }) => JSON.stringify([total, pending, inProgress, completed, cancelled, completionRate]));
    if (seen !== due) wrong.push(`figures: ${name} shows ${seen}, the rows are ${due}`);
  };
  for (const id of projectIds) {
    const { project } = await read(url, owner, `query ($id: ID!) { project(id: $id) { ${selection} } }`, { id });
    compare(`project ${id}`, project?.stats ?? null, countTasks(tasks.filter((task) => task.projectId === id)));
  }
  const { channel } = await read(url, owner, `query ($id: ID!) { channel(id: $id) { ${selection} } }`, { id: channelId });
  compare('the channel', channel?.stats ?? null, countTasks(tasks.filter((task) => task.channelId === channelId)));
  for (const writer of writers) {
    const { me } = await read(url, writer, `{ me { ${selection} } }`);
    compare(writer.handle, me?.stats ?? null, countTasks(tasks.filter(({ assigneeIds }) => assigneeIds.includes(writer.id))));
  }
  return wrong;
}
