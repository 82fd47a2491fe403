import { describe, expect, test } from 'vitest';
import { recipients, tellingTypes, type TaskEvent } from '../src/recipients.js';

const [creator, ann, bob, carol, owner, wendy] = ['creator', 'ann', 'bob', 'carol', 'owner', 'wendy'];
const state = (assigneeIds: string[], more: object = {}) => ({ assigneeIds, watcherIds: [wendy], projectId: 'here', ...more }) as TaskEvent['task']['state'];
interface More {
  projectWatchers?: string[];
  comment?: TaskEvent['comment'];
  to?: string;
}
const told = (type: TaskEvent['type'], actorId: string | null, before: string[] | null, after: string[], { projectWatchers = [], comment, to = 'here' }: More = {}) =>
  Object.fromEntries(
    recipients({ type, actorId, projectWatcherIds: projectWatchers, comment, task: { creatorId: creator, state: state(after, { projectId: to }), before: before && state(before) } })
      .map(({ userId, kind }) => [userId, kind]),
  );

describe('who is told what of a task (RULES §7)', () => {
  test('TASK_ASSIGNED goes to new assignees only; the others and watchers hear of a change', () => {
    expect(told('task.assigned', creator, [ann], [ann, bob])).toEqual({ bob: 'TASK_ASSIGNED', ann: 'TASK_UPDATED', wendy: 'TASK_UPDATED' });
    expect(told('task.assigned', creator, [ann, bob], [ann])).toEqual({ ann: 'TASK_UPDATED', wendy: 'TASK_UPDATED' });
  });

  test('TASK_CREATED goes to owner and maintainers of the project', () => {
    expect(told('task.created', creator, null, [], { projectWatchers: [owner, carol] })).toEqual({ owner: 'TASK_CREATED', carol: 'TASK_CREATED' });
  });

  test('TASK_COMPLETED, TASK_REOPENED and TASK_COMMENTED go to creator, assignees and watchers', () => {
    const comment = { action: 'added' as const, newMentionIds: [] };
    expect(told('task.completed', bob, [ann, bob], [ann, bob])).toEqual({ creator: 'TASK_COMPLETED', ann: 'TASK_COMPLETED', wendy: 'TASK_COMPLETED' });
    expect(told('task.reopened', bob, [ann], [ann])).toEqual({ creator: 'TASK_REOPENED', ann: 'TASK_REOPENED', wendy: 'TASK_REOPENED' });
    expect(told('task.commented', bob, [ann], [ann], { comment })).toEqual({ creator: 'TASK_COMMENTED', ann: 'TASK_COMMENTED', wendy: 'TASK_COMMENTED' });
  });

  test('MENTIONED goes to whom a comment names anew; an edited comment tells nobody else, a deleted one nobody', () => {
    expect(told('task.commented', bob, [ann], [ann], { comment: { action: 'added', newMentionIds: [ann, carol] } })).toEqual({
      ann: 'MENTIONED', carol: 'MENTIONED', creator: 'TASK_COMMENTED', wendy: 'TASK_COMMENTED',
    });
    expect(told('task.commented', bob, [ann], [ann], { comment: { action: 'edited', newMentionIds: [carol] } })).toEqual({ carol: 'MENTIONED' });
    expect(told('task.commented', bob, [ann], [ann], { comment: { action: 'deleted', newMentionIds: [] } })).toEqual({});
  });

  test('TASK_UPDATED goes to assignees and watchers, also when the task goes to another project; a place in the manual order is no news', () => {
    expect(told('task.updated', owner, [ann], [ann])).toEqual({ ann: 'TASK_UPDATED', wendy: 'TASK_UPDATED' });
    expect(told('task.moved', owner, [ann], [ann], { to: 'there' })).toEqual({ ann: 'TASK_UPDATED', wendy: 'TASK_UPDATED' });
    expect(told('task.moved', owner, [ann], [ann])).toEqual({});
  });

  test('TASK_DUE_SOON and TASK_OVERDUE go to assignees, or to the creator where there are none', () => {
    expect(told('task.due-soon', null, [ann, bob], [ann, bob])).toEqual({ ann: 'TASK_DUE_SOON', bob: 'TASK_DUE_SOON' });
    expect(told('task.overdue', null, [ann], [ann])).toEqual({ ann: 'TASK_OVERDUE' });
    expect(told('task.due-soon', null, [], [])).toEqual({ creator: 'TASK_DUE_SOON' });
    expect(told('task.overdue', null, [], [])).toEqual({ creator: 'TASK_OVERDUE' });
  });

  test('nobody is told of their own action', () => {
    for (const type of tellingTypes) {
      const comment = { action: 'added' as const, newMentionIds: [wendy] };
      expect(recipients({ type, actorId: wendy, projectWatcherIds: [wendy], comment, task: { creatorId: wendy, state: state([wendy], { projectId: 'there' }), before: state([]) } })).toEqual([]);
    }
  });

  test('one person gets one notification per event, of the most specific kind', () => {
    expect(told('task.created', creator, null, [owner], { projectWatchers: [owner] })).toEqual({ owner: 'TASK_ASSIGNED' });
    expect(told('task.completed', owner, [], [creator])).toEqual({ creator: 'TASK_ASSIGNED', wendy: 'TASK_COMPLETED' });
    expect(told('task.completed', owner, [wendy], [wendy])).toEqual({ creator: 'TASK_COMPLETED', wendy: 'TASK_COMPLETED' });
  });
});
