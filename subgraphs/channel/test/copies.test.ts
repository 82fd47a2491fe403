// What this subgraph copies from the others, and what it does when their logs begin a new epoch (RULES §4).
import { eventually } from '@taskgraph/shared/testing/eventually';
import { scopeId } from '@taskgraph/shared/scope';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeProject, startWorld, tellTask, type Person, type WorkerHarness } from './worker-harness.js';

let world: WorkerHarness;
let worker: Awaited<ReturnType<WorkerHarness['start']>>;
beforeAll(async () => {
  world = await startWorld();
  worker = await world.start();
});
afterAll(async () => {
  await worker.stop();
  await world.stop();
});

let names = 0;
const someone = (more?: object) => world.person(`c${names++}`, more);
const contact = async (person: Person) => (await world.sql('select handle, name, email, active, version from contacts where user_id = $1', [person.id]))[0];
const kindsOf = async (person: Person): Promise<string[]> =>
  (await world.api.query('{ notifications { nodes { kind } } }', {}, person)).data.notifications.nodes.map((node: { kind: string }) => node.kind);

function tellUser(type: string, person: Person, version: number, more: object = {}): void {
  const payload = { userId: person.id, handle: person.handle, name: 'New Name', email: person.email, emailVerified: true, timeZone: 'UTC', role: 'MEMBER', active: true, version, ...more };
  world.user.append({ type, aggregateId: person.id, actorId: person.id, payload });
}

test('contacts follow what people change about themselves, and an older statement never wins', async () => {
  const person = someone();
  tellUser('user.updated', person, 3, { email: 'new@example.org', changed: ['name', 'email'] });
  tellUser('user.updated', person, 2, { email: 'older@example.org', changed: ['email'] });
  await eventually(async () => expect(await contact(person)).toEqual({ handle: person.handle, name: 'New Name', email: 'new@example.org', active: true, version: 3 }));
});

test('who was deactivated gets no mail, and gets it again when reactivated', async () => {
  const [owner, person] = [someone(), someone()];
  tellUser('user.deactivated', person, 2, { active: false });
  await eventually(async () => expect(await contact(person)).toMatchObject({ active: false }));
  makeProject(world, owner, [person]);
  const states = async () => (await world.sql<{ state: string }>('select d.state from deliveries d join notifications n on n.id = d.notification_id where n.user_id = $1 order by d.id', [person.id])).map((row) => row.state);
  await eventually(async () => expect(await states()).toEqual(['SKIPPED']));
  tellUser('user.reactivated', person, 3);
  await eventually(async () => expect(await contact(person)).toMatchObject({ active: true }));
  makeProject(world, owner, [person]);
  await eventually(async () => expect(await states()).toEqual(['SKIPPED', 'DELIVERED']));
});

test('names of projects follow project.updated', async () => {
  const { id } = makeProject(world, someone());
  world.project.append({ type: 'project.updated', aggregateId: id, actorId: null, payload: { projectId: id, key: 'WEB', name: 'Renamed', status: 'ACTIVE', version: 2, fields: ['name'] } });
  await eventually(async () => expect(await world.sql('select name from scopes where scope_id = $1', [scopeId('project', id)])).toEqual([{ name: 'Renamed' }]));
});

test('an imported task tells nobody (RULES §7)', async () => {
  const [owner, maker, assignee] = [someone(), someone(), someone()];
  const { id: projectId } = makeProject(world, owner, [maker, assignee]);
  tellTask(world, 'task.created', { actor: maker, projectId, after: [assignee], imported: true });
  tellTask(world, 'task.created', { actor: maker, projectId, after: [] });
  await eventually(async () => expect(await kindsOf(owner)).toEqual(['TASK_CREATED']));
  expect(await kindsOf(assignee)).toEqual(['PROJECT_ADDED']);
});

test('a project log restored from a backup: the copy is made anew, and nobody is told anything twice (RULES §4)', async () => {
  const [admin, owner, member, lost] = [someone({ role: 'ADMIN' }), someone(), someone(), someone()];
  await eventually(async () => expect(await contact(admin)).toBeDefined());
  const { id } = makeProject(world, owner, [member, lost]);
  const members = async () => (await world.sql<{ id: string }>('select user_id as id from scope_members where scope_id = $1 and role is not null', [scopeId('project', id)])).map((row) => row.id).sort();
  await eventually(async () => expect(await members()).toEqual([owner.id, member.id, lost.id].sort()));
  await eventually(async () => expect([await kindsOf(member), await kindsOf(lost)]).toEqual([['PROJECT_ADDED'], ['PROJECT_ADDED']]));
  // An ADMIN of today is not told of projects of before, although the events are read again.
  const late = someone({ role: 'ADMIN' });
  await eventually(async () => expect(await contact(late)).toBeDefined());
  const told = async () => (await world.sql<{ n: number }>('select count(*)::int as n from notifications'))[0]?.n;
  const before = await told();
  world.project.restore(1);
  await eventually(async () => expect(await members()).toEqual([owner.id, member.id].sort()));
  expect([await told(), await kindsOf(late)]).toEqual([before, []]);
  const { id: next } = makeProject(world, owner, [lost]);
  await eventually(async () => expect(await kindsOf(late)).toEqual(['PROJECT_CREATED']));
  expect(next).not.toBe(id);
});

test('a user log restored from a backup: contacts are made anew', async () => {
  const [kept, lost] = [someone(), someone()];
  await eventually(async () => expect(await contact(lost)).toBeDefined());
  world.user.restore(1);
  await eventually(async () => expect(await contact(lost)).toBeUndefined());
  await eventually(async () => expect(await contact(kept)).toBeDefined());
});

test('a task log restored from a backup: news goes on at the new epoch and repeats nothing', async () => {
  const [owner, assignee] = [someone(), someone()];
  const { id: projectId } = makeProject(world, owner, [assignee]);
  tellTask(world, 'task.assigned', { actor: owner, projectId, before: [], after: [assignee] });
  await eventually(async () => expect(await kindsOf(assignee)).toEqual(['TASK_ASSIGNED', 'PROJECT_ADDED']));
  world.task.restore(0);
  tellTask(world, 'task.completed', { actor: owner, projectId, before: [assignee], after: [assignee] });
  await eventually(async () => expect(await kindsOf(assignee)).toEqual(['TASK_COMPLETED', 'TASK_ASSIGNED', 'PROJECT_ADDED']));
});
