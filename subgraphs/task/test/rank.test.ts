// Manual order (RULES §6): the algebra of rank keys with the rule by which the database spreads them out, and moves at the same time.
import type { Viewer } from '@taskgraph/shared/identity';
import { someViewer } from '@taskgraph/shared/testing/identity';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstWindow, rankBetween, rankLimit, spreadAround } from '../src/rank.js';
import { createTask, startTask, type Harness } from './harness.js';

/** A list seen from one gap: the ranks on each side of it, nearest last on both, so that the middle of a long list is cheap. */
class Gap {
  readonly left: string[] = [];
  readonly right: string[] = [];
  rewritten = 0;

  /** A key for the gap, by the same steps as place-rank.ts takes with the rows of a scope. */
  take(): string {
    return rankBetween(this.left.at(-1) ?? null, this.right.at(-1) ?? null) ?? this.makeRoom();
  }

  makeRoom(): string {
    for (let window = firstWindow; ; window *= 2) {
      const room = spreadAround(this.left.slice(-window - 1), this.right.slice(-window - 1).toReversed(), window);
      if (!room) continue;
      this.rewritten += room.left.length + room.right.length;
      this.left.splice(this.left.length - room.left.length, room.left.length, ...room.left);
      this.right.splice(this.right.length - room.right.length, room.right.length, ...room.right.toReversed());
      return room.free;
    }
  }

  ranks(): string[] {
    return [...this.left, ...this.right.toReversed()];
  }
}

/** Every key in order, no two alike, none too long. */
function expectOrder(ranks: string[]): void {
  let sound = true;
  for (const [index, rank] of ranks.entries()) sound &&= rank.length <= rankLimit && (index === 0 || (ranks[index - 1] as string) < rank);
  expect(sound).toBe(true);
}

describe('100,000 inserts into one gap', () => {
  test.each([
    ['each behind the first task', 100_000, () => false],
    ['each before the last task', 100_000, () => true],
    // The worst that can be asked for: the gap narrows from both sides.
    ['each beside the one before, on either side in turn', 10_000, (index: number) => index % 2 === 0],
  ] as const)('%s: keys keep to 64 characters and the order, and each insert rewrites few others', (_where, size, goesLeft) => {
    const gap = new Gap();
    gap.left.push('a0');
    gap.right.push('a1');
    for (let index = 0; index < size; index += 1) (goesLeft(index) ? gap.left : gap.right).push(gap.take());
    const ranks = gap.ranks();
    expect(ranks).toHaveLength(size + 2);
    expectOrder(ranks);
    expect(gap.rewritten / size).toBeLessThan(10);
  });
});

test('wherever inserts go, the order is that of the places they were given', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ shift: fc.integer({ min: -6, max: 6 }), times: fc.integer({ min: 1, max: 400 }), left: fc.boolean() }), { minLength: 1, maxLength: 12 }), (steps) => {
      const gap = new Gap();
      for (const { shift, times, left } of steps) {
        // Another gap, some places away.
        const [from, to] = shift < 0 ? [gap.left, gap.right] : [gap.right, gap.left];
        for (let moved = 0; moved < Math.abs(shift) && from.length > 0; moved += 1) to.push(from.pop() as string);
        for (let count = 0; count < times; count += 1) (left ? gap.left : gap.right).push(gap.take());
      }
      expectOrder(gap.ranks());
    }),
    { numRuns: 50 },
  );
});

describe('moves at the same time', () => {
  let task: Harness;
  beforeAll(async () => void (task = await startTask()));
  afterAll(() => task.stop());

  const move = 'mutation ($input: MoveTaskInput!) { moveTask(input: $input) { task { id rank } } }';
  const list = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Project {
    forward: tasks(first: 50, sort: [{ field: RANK, direction: ASC }]) { nodes { id rank } }
    backward: tasks(last: 50, sort: [{ field: RANK, direction: ASC }]) { nodes { id } }
  } } }`;
  const log = 'query ($scope: TaskScope!) { taskChanges(scope: $scope, first: 1000) { nodes { taskId changes { field after } } } }';

  test('give everybody one order, and who follows the log has the same one', async () => {
    const [ada, bob] = [someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'MOV');
    task.addMember('project', projectId, bob, 'MEMBER');
    const ids: string[] = [];
    for (let count = 0; count < 6; count += 1) ids.push((await task.ok(createTask, { input: { title: `t${count}`, projectId } }, ada)).createTask.task.id);
    const ranks = new Map<string, string>();
    const shown = async (viewer: Viewer) => (await task.ok(list, { r: [{ __typename: 'Project', id: projectId }] }, viewer))._entities[0] as Record<'forward' | 'backward', { nodes: { id: string; rank: string }[] }>;
    for (const { id, rank } of (await shown(ada)).forward.nodes) ranks.set(id, rank);

    const index = fc.nat(ids.length - 1);
    const step = fc.record({ task: index, beside: index, behind: fc.boolean(), byBob: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
        const answers = await Promise.all(steps.map(({ task: moved, beside, behind, byBob }) =>
          task.query(move, { input: { id: ids[moved], [behind ? 'after' : 'before']: ids[beside] } }, byBob ? bob : ada)));
        for (const [at, answer] of answers.entries()) expect(answer.errors?.[0]?.extensions.code).toBe(steps[at]?.task === steps[at]?.beside ? 'BAD_USER_INPUT' : undefined);
        const [one, other] = [await shown(ada), await shown(bob)];
        const order = one.forward.nodes.map((node) => node.id);
        expect(order.toSorted()).toEqual(ids.toSorted());
        for (const nodes of [one.backward.nodes, other.forward.nodes, other.backward.nodes]) expect(nodes.map((node) => node.id)).toEqual(order);
        expectOrder(one.forward.nodes.map((node) => node.rank));
      }),
      { numRuns: 12 },
    );

    const { nodes } = (await task.ok(log, { scope: { projectId } }, bob)).taskChanges as { nodes: { taskId: string; changes: { field: string; after: string }[] }[] };
    for (const node of nodes) for (const change of node.changes) if (change.field === 'rank') ranks.set(node.taskId, change.after);
    const replayed = [...ranks].toSorted(([, a], [, b]) => (a < b ? -1 : 1)).map(([id]) => id);
    expect(replayed).toEqual((await shown(ada)).forward.nodes.map((node) => node.id));
  });
});
