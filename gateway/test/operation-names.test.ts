import { expect, test } from 'vitest';
import { createOperationNames } from '../src/operation-names.js';

test('names of operations count by themselves up to a bound, of which strangers can take only a part', () => {
  const nameOf = createOperationNames();
  const names = (signedIn: boolean, word: string) => new Set(Array.from({ length: 500 }, (_, index) => nameOf(`${word}${'abcdefghij'[index % 10]}${'KLMNOPQRST'[Math.floor(index / 10) % 10]}${'uvwxy'[Math.floor(index / 100)]}`, signedIn)));
  expect(names(false, 'Stranger').size).toBe(21);
  expect(names(true, 'Member').size).toBe(81);
  expect(nameOf('OneMore', true)).toBe('other');
  // What is known stays itself, whoever asks.
  expect(nameOf('StrangeraKu', false)).toBe('StrangeraKu');
  expect(nameOf('MemberaKu', false)).toBe('MemberaKu');
});

test('what has no name, or one that holds an id, becomes no label', () => {
  const nameOf = createOperationNames();
  expect(nameOf(undefined, true)).toBe('unnamed');
  for (const name of ['Task_0199a1b2', 'Task_0199A1B2c3d4', 'Get12345', `Q${'x'.repeat(80)}`]) expect(nameOf(name, true)).toBe('other');
  for (const name of ['TaskList', 'Page2', 'home_v3', 'Feedback', 'Facade']) expect(nameOf(name, true)).toBe(name);
});
