// One client that writes: tasks of its own, whose every field it knows, and tasks that everybody writes to.
import { newId } from '@taskgraph/shared/ids';
import { setTimeout as delay } from 'node:timers/promises';
import { write, type Mutation, type Sender } from './client.js';
import type { Scene } from './scene.js';

/** A task as its only writer knows it: what was acknowledged, and nothing else. */
export interface OwnTask {
  id: string;
  title: string;
  priority: number;
  status: 'PENDING' | 'COMPLETED';
  projectId: string | null;
  channelId: string | null;
  assigneeIds: Set<string>;
  deleted: boolean;
}

export interface Writer {
  tasks: OwnTask[];
  /** Ends with the write in flight. */
  run: (until: () => boolean) => Promise<void>;
}

/** Most tasks of one writer; then it goes on with those it has. */
const taskLimit = 150;

export function createWriter(sender: Sender, scene: Scene, name: string): Writer {
  const { dice, person } = sender;
  const tasks: OwnTask[] = [];
  let count = 0;
  const nextKey = (): string => `chaos-${name}-${String((count += 1)).padStart(6, '0')}`;
  const others = scene.writers.filter(({ id }) => id !== person.id);

  async function change(task: OwnTask, field: string, inputType: string, input: object, type: string, effect: () => void, title?: string): Promise<void> {
    const mutation: Mutation = { field, inputType, input: { id: task.id, ...input }, selection: 'cursor task { id version }' };
    const done = await write(sender, mutation, { key: nextKey(), log: 'task', aggregateId: task.id, type, ...(title ? { title } : {}) });
    if (done) effect();
  }

  async function create(): Promise<void> {
    const key = nextKey();
    const place = dice.pick([{ projectId: scene.projectIds[0] }, { projectId: scene.projectIds[0] }, { projectId: scene.projectIds[1] }, { channelId: scene.channelId }]);
    const task: OwnTask = { id: newId(), title: key, priority: dice.between(1, 10), status: 'PENDING', projectId: null, channelId: null, assigneeIds: new Set(), deleted: false, ...place };
    if (dice.chance(0.3)) task.assigneeIds.add(dice.pick(others).id);
    const input = { id: task.id, title: task.title, priority: task.priority, assigneeIds: [...task.assigneeIds], ...place };
    const done = await write(sender, { field: 'createTask', inputType: 'CreateTaskInput', input, selection: 'cursor task { id version }' }, { key, log: 'task', aggregateId: task.id, type: 'task.created', title: key });
    if (done) tasks.push(task);
  }

  async function comment(taskId: string): Promise<void> {
    const id = newId();
    const mention = dice.chance(0.2) ? ` @${dice.pick(others).handle}` : '';
    const key = nextKey();
    const mutation = { field: 'addComment', inputType: 'AddCommentInput', input: { id, taskId, body: `Said in ${key}${mention}` }, selection: 'cursor comment { id }' };
    await write(sender, mutation, { key, log: 'task', aggregateId: taskId, type: 'task.commented', commentId: id });
  }

  async function retitleShared(): Promise<void> {
    const key = nextKey();
    const id = dice.pick(scene.sharedTaskIds);
    await write(sender, { field: 'updateTask', inputType: 'UpdateTaskInput', input: { id, title: key }, selection: 'cursor task { id }' }, { key, log: 'task', aggregateId: id, type: 'task.updated', title: key });
  }

  async function step(): Promise<void> {
    if (tasks.length < 3 || (tasks.length < taskLimit && dice.chance(0.2))) return create();
    const what = dice.below(12);
    if (what === 0) return retitleShared();
    if (what === 1) return comment(dice.pick(scene.sharedTaskIds));
    const task = dice.pick(tasks);
    if (task.deleted) return change(task, 'restoreTask', 'TaskIdInput', {}, 'task.restored', () => (task.deleted = false));
    if (what <= 3) {
      const [title, priority] = [`chaos-${name}-title-${count + 1}`, dice.between(1, 10)];
      return change(task, 'updateTask', 'UpdateTaskInput', { title, priority }, 'task.updated', () => Object.assign(task, { title, priority }), title);
    }
    if (what <= 6) {
      if (task.status === 'PENDING') return change(task, 'completeTask', 'TaskIdInput', {}, 'task.completed', () => (task.status = 'COMPLETED'));
      return change(task, 'reopenTask', 'TaskIdInput', {}, 'task.reopened', () => (task.status = 'PENDING'));
    }
    if (what === 7) return comment(task.id);
    if (what === 8 && task.projectId) {
      const projectId = scene.projectIds.find((id) => id !== task.projectId) as string;
      return change(task, 'moveTask', 'MoveTaskInput', { projectId }, 'task.moved', () => (task.projectId = projectId));
    }
    if (what === 9) return change(task, 'deleteTask', 'TaskIdInput', {}, 'task.deleted', () => (task.deleted = true));
    const { id } = dice.pick(others);
    if (task.assigneeIds.has(id)) return change(task, 'assignTask', 'AssignTaskInput', { remove: [id] }, 'task.assigned', () => task.assigneeIds.delete(id));
    return change(task, 'assignTask', 'AssignTaskInput', { add: [id] }, 'task.assigned', () => task.assigneeIds.add(id));
  }

  return {
    tasks,
    async run(until) {
      while (!until() && !sender.signal.aborted) {
        await step();
        // With more of them in the same time nobody would come back fast: the machine would have nothing left.
        await delay(dice.between(20, 100));
      }
    },
  };
}

/** The visitor joins the channel and leaves it, again and again. */
export async function comeAndGo(sender: Sender, scene: Scene, until: () => boolean): Promise<void> {
  for (let count = 1; !until() && !sender.signal.aborted; count += 1) {
    const about = { log: 'channel' as const, aggregateId: scene.channelId };
    const key = (what: string): string => `chaos-visitor-${what}-${String(count).padStart(5, '0')}`;
    await write(sender, { field: 'joinChannel', inputType: 'JoinChannelInput', input: { code: scene.channelCode }, selection: 'channel { id }' }, { ...about, key: key('join'), type: 'channel.joined' });
    await delay(sender.dice.between(300, 1_500));
    await write(sender, { field: 'leaveChannel', inputType: 'ChannelIdInput', input: { id: scene.channelId }, selection: 'channel { id }' }, { ...about, key: key('leave'), type: 'channel.left' });
    await delay(sender.dice.between(300, 1_500));
  }
}
