import { expect, test } from 'vitest';
import { claimedTogether, inBatches } from '../src/in-batches.js';

test('what is asked while a batch is under way goes with the next, in its order, and no batch is larger than it may be', async () => {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const doubled = inBatches<number, number>(async (keys) => {
    batches.push(keys);
    await new Promise<void>((resolve) => gates.push(resolve));
    return keys.map((key) => key * 2);
  }, 3);
  const begun = async (count: number) => {
    while (gates.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  const first = doubled(1);
  await begun(1);
  const others = Promise.all([2, 3, 4, 5].map(doubled));
  gates[0]?.();
  expect(await first).toBe(2);
  await begun(2);
  gates[1]?.();
  await begun(3);
  gates[2]?.();
  expect(await others).toEqual([4, 6, 8, 10]);
  expect(batches).toEqual([[1], [2, 3, 4], [5]]);
});

test('a batch that fails fails for those in it, and for nobody who asks later', async () => {
  let fails = true;
  const ask = inBatches<string, string>(async (keys) => {
    if (fails) throw new Error('the database is away');
    return keys;
  });
  const answers = await Promise.allSettled([ask('a'), ask('b')]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await ask('c')).toBe('c');
});

test('of two jobs that claim one delivery in one batch only the first gets it', async () => {
  const claims: string[][] = [];
  const claim = claimedTogether(async (ids) => {
    claims.push(ids);
    return new Map(ids.map((id) => [id, 1]));
  });
  expect(await Promise.all([claim('a'), claim('a'), claim('b')])).toEqual([1, 0, 1]);
  expect(claims).toEqual([['a', 'b']]);
});
