import { describe, expect, test } from 'vitest';
import { recipients, type TaskEvent } from '../src/recipients.js';

const [creator, ann, bob, carol, owner] = ['creator', 'ann', 'bob', 'carol', 'owner'];
const state = (assigneeIds: string[]) => ({ assigneeIds }) as TaskEvent['task']['state'];
const told = (type: TaskEvent['type'], actorId: string | null, before: string[] | null, after: string[], watcherIds: string[] = []) =>
  Object.fromEntries(
    recipients({ type, actorId, watcherIds, task: { creatorId: creator, state: state(after), before: before && state(before) } }).map(({ userId, kind }) => [userId, kind]),
  );

describe('who is told what of a task (RULES §7)', () => {
  test('TASK_ASSIGNED goes to new assignees only; the others hear of a change', () => {
    expect(told('task.assigned', creator, [ann], [ann, bob])).toEqual({ bob: 'TASK_ASSIGNED', ann: 'TASK_UPDATED' });
    expect(told('task.assigned', creator, [ann, bob], [ann])).toEqual({ ann: 'TASK_UPDATED' });
  });

  test('TASK_CREATED goes to owner and maintainers of the project', () => {
    expect(told('task.created', creator, null, [], [owner, carol])).toEqual({ owner: 'TASK_CREATED', carol: 'TASK_CREATED' });
  });

  test('TASK_COMPLETED and TASK_REOPENED go to creator and assignees', () => {
    expect(told('task.completed', bob, [ann, bob], [ann, bob], [owner])).toEqual({ creator: 'TASK_COMPLETED', ann: 'TASK_COMPLETED' });
    expect(told('task.reopened', bob, [ann], [ann])).toEqual({ creator: 'TASK_REOPENED', ann: 'TASK_REOPENED' });
  });

  test('TASK_UPDATED goes to assignees', () => {
    expect(told('task.updated', owner, [ann], [ann])).toEqual({ ann: 'TASK_UPDATED' });
  });

  test('nobody is told of their own action', () => {
    for (const type of ['task.created', 'task.updated', 'task.assigned', 'task.completed', 'task.reopened'] as const) {
      expect(told(type, creator, null, [creator], [creator])).toEqual({});
    }
  });

  test('one person gets one notification per event, of the most specific kind', () => {
    expect(told('task.created', creator, null, [owner], [owner])).toEqual({ owner: 'TASK_ASSIGNED' });
    expect(told('task.completed', owner, [], [creator])).toEqual({ creator: 'TASK_ASSIGNED' });
  });
});
