import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createWaitingLine } from '../src/waiting-line.js';

/** For tests that run to the end on any machine. */
const late = () => performance.now() + 600_000;

test('it runs so many, lets so many wait in order, and refuses the rest at once with a time to come again', async () => {
  const line = createWaitingLine({ limit: 2, queue: 2, retryAfter: 7 });
  const ends: (() => void)[] = [];
  const began: number[] = [];
  const calls = [0, 1, 2, 3, 4].map((index) => line.run(() => (began.push(index), new Promise<number>((resolve) => ends.push(() => resolve(index)))), late()));
  await expect(calls[4]).rejects.toMatchObject({ code: 'OVERLOADED', details: { retryAfter: 7 } });
  expect([began, line.running(), line.waiting()]).toEqual([[0, 1], 2, 2]);
  for (const index of [0, 1, 2, 3]) {
    ends[index]?.();
    expect(await calls[index]).toBe(index);
    await nextTurn();
  }
  expect([began, line.running(), line.waiting()]).toEqual([[0, 1, 2, 3], 0, 0]);
});

test('one that waits too long is refused and leaves its place to others, who may wait longer; a failure gives its place back', async () => {
  const line = createWaitingLine({ limit: 1, queue: 2, retryAfter: 1 });
  let end = () => undefined as void;
  const first = line.run(() => new Promise<void>((_resolve, reject) => (end = () => reject(new Error('broken')))), late());
  const patient = line.run(async () => 'patient', late());
  await expect(line.run(async () => 'never', performance.now() + 1)).rejects.toMatchObject({ code: 'OVERLOADED' });
  expect(line.waiting()).toBe(1);
  end();
  await expect(first).rejects.toThrow('broken');
  expect(await patient).toBe('patient');
  expect([line.running(), line.waiting()]).toEqual([0, 0]);
});

test('whoever comes after their time begins nothing, even where there is room', async () => {
  const line = createWaitingLine({ limit: 1, queue: 1, retryAfter: 1 });
  await expect(line.run(async () => 'never', performance.now())).rejects.toMatchObject({ code: 'OVERLOADED' });
  expect(await line.run(async () => 'next', late())).toBe('next');
});
