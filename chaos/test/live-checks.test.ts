// What the fault run says of live readers, on histories written by hand.
import { expect, test } from 'vitest';
import { checkLoss, compareStates, compareWithLog } from '../src/checks/live.js';
import type { Heard, LiveTask, Reading } from '../src/reader.js';

const heard = (cursor: string, taskId: string | null = 'a', kind = 'UPDATED', coalesced = false): Heard => ({ cursor, kind, taskId, coalesced });
const log = [heard('1'), heard('2', 'b'), heard('3'), heard('4', 'b')];
const counts = (all: Heard[], whole = true) => {
  const { missed, doubled, inverted } = compareWithLog(all, log, whole);
  return { missed, doubled, inverted };
};

test('a reader that heard the whole log is green', () => {
  expect(counts(log)).toEqual({ missed: 0, doubled: 0, inverted: 0 });
});

test('what is missed, doubled, inverted or made up is counted', () => {
  expect(counts([log[0]!, log[1]!, log[3]!])).toEqual({ missed: 1, doubled: 0, inverted: 0 });
  expect(counts([log[0]!, log[1]!, log[1]!, log[2]!, log[3]!])).toEqual({ missed: 0, doubled: 1, inverted: 0 });
  expect(counts([log[0]!, log[2]!, log[1]!, log[3]!])).toEqual({ missed: 0, doubled: 0, inverted: 1 });
  expect(counts([...log, heard('5')])).toEqual({ missed: 0, doubled: 0, inverted: 1 });
});

test('a change may stand for earlier ones of its task where it says so, and for none of others', () => {
  expect(counts([heard('2', 'b'), heard('3', 'a', 'UPDATED', true), heard('4', 'b')])).toEqual({ missed: 0, doubled: 0, inverted: 0 });
  expect(counts([heard('3', 'a', 'UPDATED', true), heard('4', 'b')])).toEqual({ missed: 1, doubled: 0, inverted: 0 });
});

test('a reading that was ended may stop anywhere and leave out nothing before that', () => {
  expect(counts(log.slice(0, 2), false)).toEqual({ missed: 0, doubled: 0, inverted: 0 });
  expect(counts([log[0]!, log[2]!], false)).toEqual({ missed: 1, doubled: 0, inverted: 0 });
});

test('lost access is heard of once and last, and ends the reading', () => {
  const reading = (all: Heard[], ended: boolean): Reading => ({ startedAfter: '0', heard: all, state: new Map(), ended });
  const loss = heard('9', null, 'ACCESS_LOST');
  expect(checkLoss('guest', reading([...log, loss], true))).toEqual([]);
  expect(checkLoss('guest', reading(log, false))).toEqual([]);
  for (const [all, ended] of [[log, true], [[...log, loss, loss], true], [[loss, ...log], true], [[...log, loss], false]] as const) expect(checkLoss('guest', reading([...all], ended))).toHaveLength(1);
});

test('a state that differs from the server\'s in one field, or in one task, is red', () => {
  const task: LiveTask = { id: 'a', title: 'A', status: 'PENDING', priority: 5, version: 2 };
  const of = (...tasks: LiveTask[]) => new Map(tasks.map((one) => [one.id, one]));
  expect(compareStates('reader', of(task), of(task))).toEqual([]);
  expect(compareStates('reader', of(task), of({ ...task, version: 3 }))).toHaveLength(1);
  expect(compareStates('reader', of(), of(task))).toHaveLength(1);
  expect(compareStates('reader', of(task), of())).toHaveLength(1);
});
