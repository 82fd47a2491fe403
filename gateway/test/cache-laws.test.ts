// What holds for the store and its tags whatever happens in whatever order: nothing is found that was read before something it
// depends on was said to have changed, also where the read was under way, and where the store has put entries out.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMemoryStore, type CacheStore } from '../src/caching/store.js';
import { createTags, type Seen } from '../src/caching/tags.js';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const names = ['a', 'b', 'c'];

type Step = { do: 'read' | 'keep' | 'change'; entry: number; tag: number };
const steps = fc.array(fc.record({ do: fc.constantFrom('read', 'keep', 'change'), entry: fc.nat(5), tag: fc.nat(2) }) as fc.Arbitrary<Step>, { maxLength: 60 });
/** Each entry depends on two of the tags, or on one. */
const tagsOf = (entry: number) => [...new Set([names[entry % 3] as string, names[Math.floor(entry / 2)] as string])];

test(`nothing is found that is older than a change of what it depends on (SEED=${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom(700, 1_500, 100_000), async (run, characters) => {
      const store = createMemoryStore({ characters });
      const tags = createTags(store);
      const version = new Map<string, number>();
      const truth = (entry: number) => tagsOf(entry).map((tag) => version.get(tag) ?? 0).join();
      /** Reads under way: what they were answered, and what they may keep it with. */
      const underWay: { entry: number; text: string; seen: Seen }[] = [];
      for (const step of run) {
        const of = tagsOf(step.entry);
        if (step.do === 'change') {
          const tag = names[step.tag] as string;
          version.set(tag, (version.get(tag) ?? 0) + 1);
          await tags.invalidate({ changed: [tag] });
        } else if (step.do === 'read') {
          const seen = (await tags.look(of, [`e${step.entry}`])) as Seen;
          const found = seen.find(`e${step.entry}`, of);
          if (found) expect(found.text).toBe(truth(step.entry));
          else if (await seen.claim(of)) underWay.push({ entry: step.entry, text: truth(step.entry), seen });
        } else {
          // The first or the last of them: answers overtake one another.
          const one = step.tag === 0 ? underWay.shift() : underWay.pop();
          const stamps = one?.seen.stamps(tagsOf(one.entry));
          if (one && stamps) tags.write([{ key: `e${one.entry}`, stamps, text: one.text, until: Date.now() + 60_000 }]);
        }
        expect(store.size?.().characters).toBeLessThanOrEqual(characters);
      }
    }),
    { seed, numRuns: 500 },
  );
});

test('what is held is neither found nor kept, also where the store has lost it or cannot be told', async () => {
  const kept = createMemoryStore({ characters: 100_000 });
  const deaf: CacheStore = { ...createMemoryStore({ characters: 100_000 }), set: async () => false };
  for (const store of [kept, deaf]) {
    const tags = createTags(store);
    const first = (await tags.look(['viewer', 'type'], ['e'])) as Seen;
    await first.claim(['viewer', 'type']);
    tags.write([{ key: 'e', stamps: first.stamps(['viewer', 'type']) as string, text: '1', until: Date.now() + 60_000 }]);
    expect((await tags.look(['viewer', 'type'], ['e']))?.find('e', ['viewer', 'type'])?.text).toBe('1');
    expect(await tags.invalidate({ held: ['viewer'] })).toBe(store === kept);
    const after = (await tags.look(['viewer', 'type'], ['e'])) as Seen;
    expect(after.find('e', ['viewer', 'type'])).toBe(null);
    expect(after.stamps(['viewer', 'type'])).toBe(null);
    // Another gateway over the same store hears of it from there.
    const other = (await createTags(store).look(['viewer', 'type'], ['e'])) as Seen;
    expect(other.find('e', ['viewer', 'type'])?.text).toBe(store === kept ? undefined : '1');
  }
});

test('a text that has ended, or whose tag is not there any more, is not found', async () => {
  const store = createMemoryStore({ characters: 100_000 });
  const tags = createTags(store);
  const seen = (await tags.look(['t'], [])) as Seen;
  tags.write([{ key: 'unclaimed', stamps: seen.stamps(['t']) as string, text: 'x', until: Date.now() + 60_000 }]);
  expect((await tags.look(['t'], ['unclaimed']))?.find('unclaimed', ['t'])).toBe(null);
  await seen.claim(['t']);
  tags.write([{ key: 'ended', stamps: seen.stamps(['t']) as string, text: 'x', until: Date.now() - 1 }]);
  expect((await tags.look(['t'], ['ended']))?.find('ended', ['t'])).toBe(null);
});
