import { expect, test } from 'vitest';
import { eventually } from '../src/testing/eventually.js';

test('retries until the check stops throwing', async () => {
  let calls = 0;
  await eventually(() => expect(++calls).toBe(3));
  expect(calls).toBe(3);
});

test('retries a falsy answer and returns the first truthy one', async () => {
  let calls = 0;
  expect(await eventually(async () => (++calls === 3 ? 'here' : null))).toBe('here');
});

test('throws the last error when the time is up', async () => {
  let calls = 0;
  const failing = eventually(() => { throw new Error(`call ${++calls}`); }, { timeoutMs: 50, intervalMs: 5 });
  await expect(failing).rejects.toThrow(/^call \d+$/);
  expect(calls).toBeGreaterThan(2);
});
