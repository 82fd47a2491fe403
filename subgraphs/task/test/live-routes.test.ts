// What the gateway asks beside the graph for its subscriptions: whether an import got on, and who still sees a scope.
import { newId } from '@taskgraph/shared/ids';
import type { Viewer } from '@taskgraph/shared/identity';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTask, type Harness } from './harness.js';
import { begin, cancelImport, ended, startImport } from './import-tools.js';

let task: Harness;
beforeAll(async () => (task = await startTask()));
afterAll(() => task.stop());

async function ask(caller: 'gateway' | 'stats', viewer: Viewer | null, path: string, body?: object): Promise<{ status: number; answer: any }> {
  const authorization = `Bearer ${await task.identities.signer(caller).tokenFor('task', viewer)}`;
  const init = body ? { method: 'POST', body: JSON.stringify(body), headers: { authorization, 'content-type': 'application/json' } } : { headers: { authorization } };
  const response = await fetch(`${task.url}${path}`, init);
  return { status: response.status, answer: await response.json() };
}

describe('GET /internal/imports/<id>/moves', () => {
  const moves = async (viewer: Viewer, id: string, seen: string, wait: number) => (await ask('gateway', viewer, `/internal/imports/${id}/moves?wait=${wait}&seen=${encodeURIComponent(seen)}`)).answer.mark as string;

  test('answers at once where something is new, and otherwise when the import moves', async () => {
    const ada = someViewer();
    const { taskImport } = (await task.ok(startImport, { input: { format: 'CSV', personal: true } }, ada)).startTaskImport;
    const first = await moves(ada, taskImport.id, '', 20_000);
    expect(first).toMatch(/^AWAITING_UPLOAD/);
    expect(await moves(ada, taskImport.id, first, 0)).toBe(first);
    const waiting = moves(ada, taskImport.id, first, 20_000);
    await task.ok(cancelImport, { input: { id: taskImport.id } }, ada);
    expect(await waiting).toMatch(/^CANCELLED/);
  });

  test('hears of what the worker does', async () => {
    const ada = someViewer();
    const id = await begin(task, ada, { personal: true }, `title\n${'row\n'.repeat(500)}`);
    let mark = '';
    await eventually(async () => (mark = await moves(ada, id, mark, 2_000)).startsWith('COMPLETED'));
    expect(await ended(task, ada, id)).toMatchObject({ createdRows: 500 });
  });

  test('of somebody else, of none and of no id are alike, and only the gateway may ask, for a viewer', async () => {
    const [ada, eve] = [someViewer(), someViewer()];
    const { taskImport } = (await task.ok(startImport, { input: { format: 'CSV', personal: true } }, ada)).startTaskImport;
    const answers = await Promise.all([taskImport.id, newId(), 'none'].map((id) => moves(eve, id as string, '', 0)));
    expect(new Set(answers).size).toBe(1);
    expect((await ask('gateway', null, `/internal/imports/${taskImport.id}/moves`)).status).toBe(403);
    expect((await ask('stats', null, `/internal/imports/${taskImport.id}/moves`)).status).toBe(403);
  });
});

describe('POST /internal/scope-viewers', () => {
  const viewers = async (kind: string, id: string, people: Viewer[]) => (await ask('gateway', null, '/internal/scope-viewers', { kind, id, viewers: people.map((person) => person.id) })).answer.viewers as string[];

  test('names those who see the place now: members, also of a moment ago, and nobody who has lost it (RULES §8)', async () => {
    const [ada, bob, eve] = [someViewer(), someViewer(), someViewer()];
    const projectId = task.addProject(ada, 'SEE');
    task.addMember('project', projectId, bob, 'VIEWER');
    expect((await viewers('project', projectId, [ada, bob, eve])).toSorted()).toEqual([ada.id, bob.id].toSorted());
    task.removeMember('project', projectId, bob);
    await eventually(async () => expect(await viewers('project', projectId, [ada, bob, eve])).toEqual([ada.id]));
    expect(await viewers('channel', projectId, [ada])).toEqual([]);
    expect(await viewers('project', newId(), [ada])).toEqual([]);
  });

  test('is for the gateway on its own account', async () => {
    const body = { kind: 'project', id: newId(), viewers: [] };
    expect((await ask('stats', null, '/internal/scope-viewers', body)).status).toBe(403);
    expect((await ask('gateway', someViewer(), '/internal/scope-viewers', body)).status).toBe(403);
  });
});
