// The list of everybody's dead letters, and running them again (RULES §1: ADMIN only, ids only).
import type { Viewer } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeProject, startWorld, type WorkerHarness } from './worker-harness.js';

const admin: Viewer = { ...someViewer(), role: 'ADMIN' };
let world: WorkerHarness;
let worker: Awaited<ReturnType<WorkerHarness['start']>>;
beforeAll(async () => {
  world = await startWorld();
  worker = await world.start();
});
afterAll(async () => {
  await worker?.stop();
  await world?.stop();
});

const fields = 'totalCount pageInfo { hasNextPage endCursor } nodes { id queue name reason attempts failedAt payload }';
const list = async (queue: string | null, viewer: Viewer | null = admin, page = '') =>
  world.api.query(`query ($queue: String) { deadLetters(queue: $queue ${page}) { ${fields} } }`, { queue }, viewer);
const redrive = (input: object, viewer: Viewer | null = admin, headers: Record<string, string> = {}) =>
  world.api.query('mutation ($input: RedriveDeadLettersInput!) { redriveDeadLetters(input: $input) { redriven } }', { input }, viewer, headers);

function giveUp(owner: 'user' | 'project' | 'task' | 'stats', queue: string, minute: number): string {
  const deadLetterId = newId();
  const failedAt = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  const payload = { deadLetterId, queue, name: 'send', reason: 'sending failed 451', attempts: 8, failedAt, ids: [{ name: 'userId', id: admin.id }] };
  world[owner].append({ type: `${owner}.dead-lettered`, aggregateId: deadLetterId, payload, actorId: null });
  return deadLetterId;
}
const listed = (queue: string, ids: string[]) => eventually(async () => expect((await list(queue)).data.deadLetters.nodes.map((node: { id: string }) => node.id)).toEqual(ids));
async function requested(): Promise<string[][]> {
  const events = (await (await world.api.internal('/internal/events?types=dead-letters.redrive-requested')).json()) as { events: { payload: { deadLetterIds: string[] } }[] };
  return events.events.map(({ payload }) => payload.deadLetterIds);
}

test('RULES §1: dead letters of every subgraph are listed for an ADMIN, newest first, page by page, with ids only', async () => {
  const letters = (['user', 'project', 'task', 'stats'] as const).map((owner, index) => giveUp(owner, 'listed', index));
  await listed('listed', letters.toReversed());
  const { data, errors } = await list('listed', admin, ', first: 3');
  expect(errors).toBeUndefined();
  expect(data.deadLetters).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } });
  expect(data.deadLetters.nodes[0]).toEqual({
    id: letters[3], queue: 'listed', name: 'send', reason: 'sending failed 451', attempts: 8, failedAt: '2026-01-01T00:03:00.000Z', payload: { userId: admin.id },
  });
  const rest = await list('listed', admin, `, first: 3, after: "${data.deadLetters.pageInfo.endCursor}"`);
  expect(rest.data.deadLetters).toMatchObject({ pageInfo: { hasNextPage: false }, nodes: [{ id: letters[0] }] });
  expect((await list('no such queue')).data.deadLetters).toMatchObject({ totalCount: 0, nodes: [] });
  expect((await list(null)).data.deadLetters.totalCount).toBeGreaterThanOrEqual(4);
});

describe('running them again', () => {
  test('takes them from the list and asks their owners, once per Idempotency-Key', async () => {
    const [first, second, third] = [giveUp('user', 'again', 1), giveUp('project', 'again', 2), giveUp('task', 'again', 3)];
    await listed('again', [third, second, first]);
    const key = { 'idempotency-key': 'redrive' };
    const input = { ids: [first, newId(), 'nothing', second] };
    for (let sent = 0; sent < 2; sent += 1) expect(await redrive(input, admin, key)).toMatchObject({ data: { redriveDeadLetters: { redriven: 2 } } });
    await listed('again', [third]);
    const asked = await requested();
    expect(asked.filter((ids) => ids.includes(first)).map((ids) => ids.toSorted())).toEqual([[first, second].toSorted()]);
    expect((await redrive({ queue: 'again' })).data.redriveDeadLetters).toEqual({ redriven: 1 });
    expect((await redrive({ queue: 'again' })).data.redriveDeadLetters).toEqual({ redriven: 0 });
    expect((await requested()).at(-1)).toEqual([third]);
  });

  test('an e-mail of a notification that was given up is tried again, and is listed anew when it fails again', async () => {
    const [owner, member] = [world.person('olga'), world.person('mona')];
    world.smtp.refuse = true;
    makeProject(world, owner, [member]);
    const rows = () => world.sql<{ id: string; state: string; attempts: number }>('select d.id, d.state, d.attempts from deliveries d join notifications n on n.id = d.notification_id where n.user_id = $1', [member.id]);
    await eventually(async () => expect((await rows())[0]?.attempts).toBe(1));
    const deliveryId = (await rows())[0]?.id as string;
    await world.sql(`update deliveries set attempts = 7, next_attempt_at = now() where id = $1`, [deliveryId]);
    const letter = await eventually(async () => {
      const { nodes } = (await list('deliveries')).data.deadLetters;
      expect(nodes).toMatchObject([{ attempts: 8, payload: { deliveryId } }]);
      return nodes[0] as { id: string };
    });
    expect(JSON.stringify(letter)).not.toContain('@');
    world.smtp.refuse = false;
    expect(await redrive({ ids: [letter.id] })).toMatchObject({ data: { redriveDeadLetters: { redriven: 1 } } });
    await eventually(async () => expect(await rows()).toMatchObject([{ state: 'DELIVERED', attempts: 1 }]));
    expect(await world.sql('select 1 from dead_letters where id = $1', [letter.id])).toEqual([]);

    const unknown = newId();
    await world.sql(`insert into dead_letters (id, queue, name, reason, attempts, payload) values ($1, 'nobody-runs-it', 'x', 'x', 1, '{}')`, [unknown]);
    await listed('nobody-runs-it', [unknown]);
    await redrive({ queue: 'nobody-runs-it' });
    await eventually(async () => {
      const { nodes } = (await list('nobody-runs-it')).data.deadLetters;
      expect(nodes).toMatchObject([{ attempts: 2 }]);
      expect(nodes[0].id).not.toBe(unknown);
    });
  });
});

test('RULES §1: who is no ADMIN hears FORBIDDEN, without a token UNAUTHENTICATED, and nothing changes', async () => {
  const letter = giveUp('user', 'kept', 1);
  await listed('kept', [letter]);
  // An API token without the scope ADMIN makes its owner a MEMBER behind the door (identity.ts).
  const limited: Viewer = { ...admin, scopes: ['READ', 'WRITE'] };
  for (const [viewer, code] of [[someViewer(), 'FORBIDDEN'], [limited, 'FORBIDDEN'], [null, 'UNAUTHENTICATED']] as const) {
    const answers = [await list('kept', viewer), await redrive({ ids: [letter] }, viewer), await redrive({ queue: 'kept' }, viewer)];
    expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual([code, code, code]);
    expect(JSON.stringify(answers)).not.toContain(letter);
  }
  await listed('kept', [letter]);
});

test('bad input is BAD_USER_INPUT that names the field', async () => {
  const tooMany = Array.from({ length: 1_001 }, newId);
  for (const [input, path] of [[{}, 'input.ids'], [{ ids: [], queue: 'x' }, 'input.ids'], [{ ids: tooMany }, 'input.ids'], [{ queue: 'a\u0000' }, 'input.queue'], [{ queue: 'q'.repeat(201) }, 'input.queue']] as const) {
    expect((await redrive(input)).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
  }
  expect((await list('\u0000')).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'queue' }] });
  expect((await list(null, admin, ', first: 0')).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect((await list(null, admin, ', after: "forged"')).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});
