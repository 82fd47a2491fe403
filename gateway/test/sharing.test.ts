// One run for all who ask the same, and nobody sees by it what is not theirs.
import { readFileSync } from 'node:fs';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { buildSchema, getOperationAST, isObjectType, parse, validate, type OperationDefinitionNode } from 'graphql';
import { afterEach, describe, expect, test } from 'vitest';
import { supergraphFile } from '../src/composition.js';
import { mayShare, sharedFields } from '../src/subscriptions/sharing.js';
import { cursors, newest, personId, startEngine, type Engine, type Taken } from './support/engine.js';

const graph = buildSchema(readFileSync(supergraphFile, 'utf8'), { assumeValid: true, assumeValidSDL: true });
const selecting = (selection: string) => {
  const document = parse(`subscription { taskChanges(scope: { projectId: "p" }) { ${selection} } }`);
  expect(validate(graph, document)).toEqual([]);
  return mayShare(graph, document, getOperationAST(document) as OperationDefinitionNode);
};

describe('a selection may be shared', () => {
  test('where every field is the same for all who see the scope, in fragments too', () => {
    expect(selecting('cursor kind __typename changes { field after } task { ref ...Rest creator { name avatarUrl } project { key } labels { name } }'.replace('...Rest', '... on Task { title assignees { handle } }'))).toBe(true);
  });

  test.each([
    'task { project { viewerRole } }',
    'task { channel { code } }',
    'actor { email }',
    'task { assignees { emailVerified } }',
    'task { blockedBy { id } }',
    'task { blocks { title } }',
    'task { parent { title } }',
    'task { subtasks { nodes { id } } }',
    'task { comments { totalCount } }',
    'task { history { nodes { kind } } }',
    'task { project { members { totalCount } } }',
    'task { project { invites { id } } }',
    'task { creator { tasks { totalCount } } }',
    '... on TaskChange { task { ... on Task { creator { role } } } }',
  ])('and not with { %s }', (selection) => {
    expect(selecting(selection)).toBe(false);
  });

  test('by a list of fields that all exist', () => {
    const missing = Object.entries(sharedFields).flatMap(([name, fields]) => {
      const type = graph.getType(name);
      return fields.filter((field) => !isObjectType(type) || !type.getFields()[field]).map((field) => `${name}.${field}`);
    });
    expect(missing).toEqual([]);
  });
});

let engine: Engine;
afterEach(() => engine?.stop());

/** All of them stand at the end of the log and wait. Until then they ask on their own account. */
const joined = (all: Taken[]) => eventually(() => engine.resting() === all.length);

let told = 0;
/** What one event costs, told once to all of them: queries, and people asked about. */
async function costOfOne(all: Taken[]): Promise<{ queries: number; asked: number }> {
  await joined(all);
  const [queries, asked] = [engine.calls(), engine.log.asked.length];
  const title = `told ${(told += 1)}`;
  engine.log.append({ title });
  await eventually(() => all.every(({ results }) => results.at(-1)?.data.taskChanges.task.title === title));
  await joined(all);
  return { queries: engine.calls() - queries, asked: engine.log.asked.length - asked };
}

describe('the cost of one change', () => {
  test('is one query for one subscriber and for a thousand equal ones, of one person or of many', async () => {
    engine = await startEngine();
    const all = [await engine.subscribe(personId(1), { after: 'c0' })];
    const one = { queries: 1, asked: 1 };
    expect(await costOfOne(all)).toEqual(one);
    const add = async (count: number, person: (index: number) => string, from: (index: number) => object) => {
      for (let left = count; left > 0; left -= 50) {
        all.push(...(await Promise.all(Array.from({ length: Math.min(50, left) }, (_, index) => engine.subscribe(person(all.length + index), from(index))))));
        await joined(all);
      }
    };
    await add(499, () => personId(1), () => ({ after: 'c0' }));
    expect(await costOfOne(all)).toEqual(one);
    await add(500, personId, (index) => (index % 2 ? {} : { after: 'c1' }));
    expect(await costOfOne(all)).toEqual(one);
    expect(all).toHaveLength(1_000);
    expect(new Set(all.map(({ results }) => JSON.stringify(results.at(-1)))).size).toBe(1);
    // Joining is two queries each, one after the other on a machine that does much else.
  }, 300_000);

  test('is one query per person where the selection depends on who asks, whatever the number of sockets', async () => {
    engine = await startEngine();
    const own = newest.replace('title', 'title seenBy');
    const all: Taken[] = [];
    for (const person of [1, 1, 1, 2, 2, 3]) all.push(await engine.subscribe(personId(person), { after: 'c0' }, own));
    expect(await costOfOne(all)).toEqual({ queries: 3, asked: 0 });
    for (const [index, person] of [1, 1, 1, 2, 2, 3].entries()) {
      for (const { data } of all[index]?.results ?? []) expect(data.taskChanges.task.seenBy).toBe(personId(person));
    }
  });
});

describe('shared results', () => {
  test('reach nobody who has lost the scope: one ACCESS_LOST, then the end, while the others go on (RULES §4)', async () => {
    engine = await startEngine();
    const [ada, bob, eve] = [await engine.subscribe(personId(1)), await engine.subscribe(personId(2)), await engine.subscribe(personId(3))];
    engine.log.append({ title: 'for all' });
    await Promise.all([ada, bob, eve].map((person) => person.atLeast(1)));
    // The first of them is the one as whom the shared query runs.
    engine.log.lost.add(personId(1));
    engine.log.append({ title: 'secret' });
    await bob.atLeast(2);
    await ada.ended;
    engine.log.lost.add(personId(3));
    engine.log.append({ title: 'secret too' });
    await bob.atLeast(3);
    await eve.ended;
    const kinds = (person: Taken) => person.results.map(({ data }) => data.taskChanges.kind);
    expect([kinds(ada), kinds(bob), kinds(eve)]).toEqual([['UPDATED', 'ACCESS_LOST'], ['UPDATED', 'UPDATED', 'UPDATED'], ['UPDATED', 'UPDATED', 'ACCESS_LOST']]);
    expect(JSON.stringify(ada.results)).not.toContain('secret');
    expect(JSON.stringify(eve.results)).not.toContain('secret too');
  });

  test('end for who is removed from the scope although nothing else happens there: one ACCESS_LOST (RULES §4)', async () => {
    engine = await startEngine();
    const [owner, guest] = [await engine.subscribe(personId(1)), await engine.subscribe(personId(2))];
    engine.log.append({ title: 'for both' });
    await Promise.all([owner, guest].map((person) => person.atLeast(1)));
    await joined([owner, guest]);
    const before = [owner, guest].map(({ results }) => results.length);
    engine.log.lost.add(personId(2));
    engine.log.append({ hidden: true });
    expect(await guest.ended).toEqual({ done: true, value: undefined });
    expect(guest.results.slice(before[1]).map(({ data }) => data.taskChanges.kind)).toEqual(['ACCESS_LOST']);
    engine.log.append({ title: 'for the owner' });
    await owner.atLeast((before[0] as number) + 1);
    expect(owner.results.slice(before[0]).map(({ data }) => [data.taskChanges.kind, data.taskChanges.task.title])).toEqual([['UPDATED', 'for the owner']]);
  });

  test('show a task that has left the scope to each as they may see it', async () => {
    engine = await startEngine();
    const all = [await engine.subscribe(personId(1)), await engine.subscribe(personId(2)), await engine.subscribe(personId(2))];
    engine.log.append({ title: 'one' });
    engine.log.append({ kind: 'MOVED', title: `gone to ${personId(2)}`, elsewhere: true });
    engine.log.append({ title: 'three' });
    await Promise.all(all.map((one) => one.atLeast(3)));
    const titles = all.map(({ results }) => results.map(({ data }) => data.taskChanges.task?.title ?? null));
    const moved = `gone to ${personId(2)}`;
    expect(titles).toEqual([['one', null, 'three'], ['one', moved, 'three'], ['one', moved, 'three']]);
  });
});

test('whoever comes, leaves or lags at whatever moment gets each change once and in order', async () => {
  engine = await startEngine({ queueEvents: 8, queueBytes: 40_000 });
  const seed = Math.floor(Math.random() * 2 ** 31);
  process.stdout.write(`[sharing] seed ${seed}\n`);
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((state / 0x8000_0000) * below);
  };
  const plain = 'subscription ($p: ID!, $after: String) { taskChanges(scope: { projectId: $p }, after: $after) { cursor task { title } } }';
  const all: { consumer: Taken; from: number }[] = [];
  let written = 0;
  for (let round = 0; round < 80; round += 1) {
    const step = random(6);
    if (step <= 2) for (let count = random(4); count >= 0; count -= 1, written += 1) engine.log.append({ title: 'x'.repeat(random(3_000)) });
    else if (step === 3 && all.length < 12) {
      const from = random(written + 1);
      all.push({ consumer: await engine.subscribe(personId(random(4)), { after: `c${from}` }, plain), from });
    } else if (step === 4) all[random(all.length)]?.consumer.hold();
    else all[random(all.length)]?.consumer.take();
    if (random(3) === 0) await new Promise((resolve) => setTimeout(resolve, random(15)));
  }
  for (const { consumer } of all) consumer.take();
  const numbered = (from: number) => Array.from({ length: written - from }, (_, index) => `c${from + index + 1}`);
  await eventually(() => all.every(({ consumer }) => cursors(consumer.results).at(-1) === `c${written}`)).catch(() => undefined);
  // Every change has a task of its own here, so nothing is united.
  for (const { consumer, from } of all) expect(cursors(consumer.results)).toEqual(numbered(from));
});
