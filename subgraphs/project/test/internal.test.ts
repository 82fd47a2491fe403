import type { LoggedEvent } from '@taskgraph/shared/event-log';
import { newId } from '@taskgraph/shared/ids';
import { scopeId } from '@taskgraph/shared/scope';
import { someViewer } from '@taskgraph/shared/testing/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProject, type Harness } from './harness.js';

let project: Harness;
beforeAll(async () => void (project = await startProject()));
afterAll(() => project.stop());

describe('GET /internal/memberships', () => {
  const ask = async (place: string, user: string) => (await project.internal(`/internal/memberships?place=${place}&user=${user}`)).json();

  test('it follows each committed change, with the version of the project', async () => {
    const owner = project.someone();
    const member = project.users.someone();
    const id = newId();
    await project.create(owner, { id, key: 'ASKED', name: 'Asked' });
    const place = { id, name: 'Asked', key: 'ASKED', writable: true };
    expect(await ask(id, owner.id)).toEqual({ ...place, role: 'OWNER', version: 1 });
    expect(await ask(id, member)).toEqual({ ...place, role: null, version: 1 });
    await project.add(owner, id, member, 'MAINTAINER');
    expect(await ask(id.toUpperCase(), member.toUpperCase())).toEqual({ ...place, role: 'MAINTAINER', version: 2 });
    await project.remove(owner, id, member);
    expect(await ask(id, member)).toEqual({ ...place, role: null, version: 3 });
  });

  test('a project that does not exist has version 0', async () => {
    const id = newId();
    expect(await ask(id, newId())).toEqual({ id, name: null, key: null, role: null, version: 0, writable: false });
  });

  test('a question that is none is 400', async () => {
    for (const query of ['', `?place=${newId()}`, `?place=x&user=${newId()}`, `?place=${newId()}&place=${newId()}&user=${newId()}`]) {
      expect((await project.internal(`/internal/memberships${query}`)).status).toBe(400);
    }
  });

  test('without the internal identity of this subgraph it is 401, and for viewers and the gateway 403', async () => {
    const path = `/internal/memberships?place=${newId()}&user=${newId()}`;
    expect((await fetch(`${project.url}${path}`)).status).toBe(401);
    const elsewhere = await project.identities.signer('task').tokenFor('channel');
    expect((await fetch(`${project.url}${path}`, { headers: { authorization: `Bearer ${elsewhere}` } })).status).toBe(401);
    // A service that claims a viewer is not believed at all.
    expect((await project.internal(path, 'task', someViewer())).status).toBe(401);
    expect((await project.internal(path, 'gateway', someViewer())).status).toBe(403);
    expect((await project.internal(path, 'gateway')).status).toBe(403);
    for (const caller of ['task', 'channel', 'stats', 'user'] as const) expect((await project.internal(path, caller)).status).toBe(200);
    expect((await fetch(`${project.url}/readyz`)).status).toBe(200);
  });
});

describe('the event log', () => {
  const eventsOf = async (id: string): Promise<LoggedEvent[]> => {
    const answer = await project.internal('/internal/events?limit=1000');
    const { events } = (await answer.json()) as { events: LoggedEvent[] };
    return events.filter((event) => event.aggregateId === id);
  };

  test('it tells of each change once, in order, with versions that also count members', async () => {
    const owner = project.someone();
    const [bob, eve] = [project.users.someone(), project.someone()];
    const id = newId();
    await project.create(owner, { id, key: 'LOG', name: 'Logged' });
    await project.create(owner, { id, key: 'LOG', name: 'Logged' });
    await project.add(owner, id, bob, 'VIEWER');
    await project.add(owner, id, bob, 'VIEWER');
    await project.add(owner, id, eve.id, 'MAINTAINER');
    await project.add(eve, id, project.users.someone(), 'OWNER');
    await project.remove(eve, id, bob);
    await project.remove(eve, id, eve.id);
    const events = await eventsOf(id);
    const of = { projectId: id, projectName: 'Logged' };
    expect(events.map(({ type, seq, version, actorId, audience, payload }) => ({ type, seq, version, actorId, audience, payload }))).toEqual([
      { type: 'project.created', seq: 1, version: 1, actorId: owner.id, audience: [], payload: { projectId: id, key: 'LOG', name: 'Logged', status: 'ACTIVE', ownerId: owner.id, version: 1 } },
      { type: 'project.member-added', seq: 2, version: 2, actorId: owner.id, audience: [bob], payload: { ...of, userId: bob, role: 'VIEWER', version: 2 } },
      { type: 'project.member-added', seq: 3, version: 3, actorId: owner.id, audience: [eve.id], payload: { ...of, userId: eve.id, role: 'MAINTAINER', version: 3 } },
      { type: 'project.member-removed', seq: 4, version: 4, actorId: eve.id, audience: [bob], payload: { ...of, userId: bob, role: 'VIEWER', version: 4 } },
      { type: 'project.member-removed', seq: 5, version: 5, actorId: eve.id, audience: [eve.id], payload: { ...of, userId: eve.id, role: 'MAINTAINER', version: 5 } },
    ]);
    expect(new Set(events.map((event) => event.scopeId))).toEqual(new Set([scopeId('project', id)]));
    expect(events.every((event) => typeof event.traceId === 'string')).toBe(true);
  });

  test('concurrent changes of one project give versions without gap in the order of the log', async () => {
    const owner = project.someone();
    const id = await project.project(owner);
    await Promise.all(Array.from({ length: 10 }, () => project.add(owner, id, project.users.someone())));
    const events = await eventsOf(id);
    expect(events.map((event) => event.version)).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
    expect(events.map((event) => event.seq)).toEqual(events.map((event) => event.version));
  });

  test('the gateway may read what voids its cache and no more (docs/caching.md)', async () => {
    const ask = (types: string) => project.internal(`/internal/events?types=${types}`, 'gateway');
    for (const types of ['', 'project.invited', 'project.updated,project.invited']) expect((await ask(types)).status).toBe(403);
    const types = ['project.created', 'project.updated', 'project.archived', 'project.restored', 'project.member-added', 'project.member-changed', 'project.member-removed'];
    expect((await ask(types.join(','))).status).toBe(200);
  });

  test('the request id of the write is on its event', async () => {
    const input = { id: newId(), key: 'TRACED', name: 'Traced' };
    const document = 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }';
    await project.query(document, { input }, project.someone(), { 'x-request-id': 'request-4711' });
    expect((await eventsOf(input.id)).map((event) => event.traceId)).toEqual(['request-4711']);
  });
});
