// The path that must work, through the gateway only, against the processes that `npm start` starts, on both backends.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backends, type Backend } from './backends.js';
import { person, query, register, subscribe, type Person, type Subscription } from './client.js';
import { alive, makeDataDir, removeDataDir, startSystem, type System } from './system.js';

/** Longer than anything takes on a slow machine; conditions are met much earlier. */

describe.each(backends)('on $name', ({ name, start, available }) => {
  let backend: Backend;
  let dataDir: string;
  let system: System;
  let ada: Person;
  let bob: Person;
  let projectId: string;
  let taskId: string;
  let live: Subscription;

  beforeAll(async () => {
    if (!available) return;
    dataDir = await makeDataDir();
    backend = await start();
    system = await startSystem(dataDir, backend.env);
    report(`${name}: ready after ${Math.round(system.readyInMs)} ms, empty data`);
  });
  afterAll(async () => {
    if (!available) return;
    await live?.close();
    await system?.stop();
    await backend?.stop();
    await removeDataDir(dataDir);
  });
  const step = test.skipIf(!available);

  step('npm start lists every process and prints where Sandbox, endpoint and socket are', async () => {
    const processes = await system.processes();
    const names = processes.map((entry) => entry.name);
    for (const expected of ['supervisor', 'gateway', 'user', 'project', 'task', 'channel', 'stats', 'task-worker', 'channel-worker', 'stats-worker']) {
      expect(names).toContain(expected);
    }
    expect(processes.every((entry) => alive(entry.pid))).toBe(true);
    expect(system.output()).toMatch(/http:\/\/[^\s]+\/graphql/);
    expect(system.output()).toMatch(/ws:\/\/[^\s]+\/graphql/);
  });

  step('1: two people register, log in by handle and by e-mail, and see themselves', async () => {
    ada = await register(system.url, 'ada', 'Ada');
    bob = await register(system.url, 'bob', 'Bob');
    for (const login of ['BOB', 'bob@example.org']) {
      const { data } = await query(system.url, 'mutation ($login: String!) { login(input: { login: $login, password: "password of bob" }) { accessToken user { id handle } } }', { login });
      expect((await person(system.url, data.login).ok('{ me { handle email role } }')).me).toEqual({ handle: 'bob', email: 'bob@example.org', role: 'MEMBER' });
    }
    expect((await ada.ok('{ me { role } }')).me.role).toBe('ADMIN');
    const anonymous = await query(system.url, '{ me { handle } }');
    expect(anonymous).toMatchObject({ data: { me: null }, errors: [{ path: ['me'], extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) } }] });
  });

  step('2: a project is made, and its new member sees it at once', async () => {
    const { createProject } = await ada.ok('mutation { createProject(input: { key: "WEB", name: "Website" }) { project { id viewerRole } } }');
    projectId = createProject.project.id;
    await ada.ok('mutation ($p: ID!, $u: ID!) { addProjectMember(input: { projectId: $p, userId: $u }) { project { version } } }', { p: projectId, u: bob.id });
    expect((await bob.ok('{ projects { nodes { id key viewerRole members { nodes { role user { handle } } } } } }')).projects.nodes).toEqual([
      { id: projectId, key: 'WEB', viewerRole: 'MEMBER', members: { nodes: [{ role: 'OWNER', user: { handle: 'ada' } }, { role: 'MEMBER', user: { handle: 'bob' } }] } },
    ]);
  });

  step('3 and 4: each change of a task arrives at the member\'s socket, joined across three subgraphs', async () => {
    live = await subscribe(
      system.url,
      bob.accessToken,
      'subscription ($projectId: ID!) { taskChanges(scope: { projectId: $projectId }) { cursor kind task { title assignees { name } project { name } } } }',
      { projectId },
    );
    // A subscription without `after` starts where the log stands when it arrives: once one change is seen, it has.
    const warmUp = await ada.ok('mutation ($p: ID!) { createTask(input: { title: "Warm-up", projectId: $p }) { task { id } } }', { p: projectId });
    let title = 0;
    await eventually(async () => {
      await ada.ok('mutation ($id: ID!, $title: String!) { updateTask(input: { id: $id, title: $title }) { cursor } }', { id: warmUp.createTask.task.id, title: `Warm-up ${(title += 1)}` });
      return live.received.length > 0;
    }, { intervalMs: 200 });
    const { taskChanges } = await ada.ok('query ($p: ID!) { taskChanges(scope: { projectId: $p }) { nodes { cursor } } }', { p: projectId });
    const lastWarmUp = taskChanges.nodes.at(-1).cursor;
    await eventually(() => expect(live.received.at(-1)?.data?.taskChanges.cursor).toBe(lastWarmUp));
    live.received.length = 0;

    const made = await ada.ok(
      'mutation ($input: CreateTaskInput!) { createTask(input: $input) { cursor task { id ref } } }',
      { input: { title: 'Ship it', projectId, priority: 1, dueAt: '2099-01-01T00:00:00Z', assigneeIds: [bob.id] } },
    );
    taskId = made.createTask.task.id;
    expect(made.createTask.task.ref).toBe('WEB-2');
    await eventually(() => expect(live.received).toHaveLength(1));
    await ada.ok('mutation ($id: ID!) { updateTask(input: { id: $id, title: "Ship it now" }) { cursor } }', { id: taskId });
    await eventually(() => expect(live.received).toHaveLength(2));
    const { completeTask } = await ada.ok('mutation ($id: ID!) { completeTask(input: { id: $id }) { cursor task { status } } }', { id: taskId });
    await eventually(() => expect(live.received).toHaveLength(3));

    expect(live.received.map((answer) => answer.errors)).toEqual([undefined, undefined, undefined]);
    const changes = live.received.map((answer) => answer.data.taskChanges);
    expect(changes.map((change) => change.kind)).toEqual(['CREATED', 'UPDATED', 'COMPLETED']);
    expect(changes.at(-1)).toEqual({
      cursor: completeTask.cursor, kind: 'COMPLETED', task: { title: 'Ship it now', assignees: [{ name: 'Bob' }], project: { name: 'Website' } },
    });
  });

  step('5: the assignee has notifications in the app and by e-mail, and the figures follow', async () => {
    await eventually(async () => {
      const { notifications } = await bob.ok('{ notifications { unreadCount nodes { kind title task { id } project { name } actor { handle } } } }');
      const kinds = notifications.nodes.map((node: { kind: string }) => node.kind);
      expect(kinds).toEqual(expect.arrayContaining(['PROJECT_ADDED', 'TASK_ASSIGNED', 'TASK_COMPLETED']));
      expect(notifications.unreadCount).toBe(kinds.length);
      const assigned = notifications.nodes.find((node: { kind: string }) => node.kind === 'TASK_ASSIGNED');
      expect(assigned).toMatchObject({ task: { id: taskId }, project: { name: 'Website' }, actor: { handle: 'ada' } });
    });
    await eventually(async () => {
      const files = (await readdir(join(dataDir, 'mail'))).filter((file) => file.endsWith('.eml'));
      const mails = await Promise.all(files.map((file) => readFile(join(dataDir, 'mail', file), 'utf8')));
      const toBob = mails.filter((mail) => /^To: .*bob@example\.org/m.test(mail));
      expect(toBob.some((mail) => mail.includes('Ship it'))).toBe(true);
      // Nobody is told of their own action.
      expect(mails.some((mail) => /^To: .*ada@example\.org/m.test(mail))).toBe(false);
    });
    await eventually(async () => {
      const { me } = await bob.ok('{ me { stats { total completionRate byStatus { completed } asOf } } }');
      expect(me.stats).toMatchObject({ total: 1, completionRate: 1, byStatus: { completed: 1 } });
      const { project } = await ada.ok('query ($id: ID!) { project(id: $id) { stats { total completionRate } } }', { id: projectId });
      expect(project.stats).toEqual({ total: 2, completionRate: 0.5 });
    });
  });

  step('6: a third person joins a channel by its code, sees its task at once and completes it', async () => {
    const { createChannel } = await ada.ok('mutation { createChannel(input: { name: "Open house" }) { channel { id code memberCount } } }');
    const { id: channelId, code } = createChannel.channel;
    await ada.ok('mutation ($c: ID!) { createTask(input: { title: "Public task", channelId: $c }) { cursor } }', { c: channelId });
    const carol = await register(system.url, 'carol', 'Carol');
    expect((await carol.ok('query ($id: ID!) { channel(id: $id) { name } }', { id: channelId })).channel).toBeNull();
    await carol.ok('mutation ($code: String!) { joinChannel(input: { code: $code }) { channel { id viewerRole } } }', { code: code.toLowerCase() });
    const { channel } = await carol.ok('query ($id: ID!) { channel(id: $id) { memberCount tasks { nodes { id title status } } } }', { id: channelId });
    expect(channel).toMatchObject({ memberCount: 2, tasks: { nodes: [{ title: 'Public task', status: 'PENDING' }] } });
    const { completeTask } = await carol.ok('mutation ($id: ID!) { completeTask(input: { id: $id }) { task { status channel { name } } } }', { id: channel.tasks.nodes[0].id });
    expect(completeTask.task).toEqual({ status: 'COMPLETED', channel: { name: 'Open house' } });
  });

  step('7: Sandbox is served with headers that let it work, and foreign pages are refused', async () => {
    const page = await fetch(`${system.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('embeddable-sandbox.cdn.apollographql.com');
    const policy = page.headers.get('content-security-policy') ?? '';
    for (const source of ['https://embeddable-sandbox.cdn.apollographql.com', 'https://sandbox.embed.apollographql.com', 'ws:']) expect(policy).toContain(source);
    const preflight = (origin: string) =>
      fetch(`${system.url}/graphql`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' } });
    expect((await preflight('https://studio.apollographql.com')).headers.get('access-control-allow-origin')).toBe('https://studio.apollographql.com');
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  step('8: one query reaches all five subgraphs', async () => {
    const all = await bob.ok(
      '{ me { name stats { total } tasks { nodes { title project { name stats { completionRate } } channel { name } assignees { handle } } } } notifications { unreadCount } }',
    );
    expect(all).toEqual({
      me: {
        name: 'Bob', stats: { total: 1 },
        tasks: { nodes: [{ title: 'Ship it now', project: { name: 'Website', stats: { completionRate: 0.5 } }, channel: null, assignees: [{ handle: 'bob' }] }] },
      },
      notifications: { unreadCount: expect.any(Number) },
    });
  });

  step('a subgraph killed with SIGKILL comes back, and the rest of the graph answers meanwhile', async () => {
    const stats = (await system.processes()).find((entry) => entry.name === 'stats');
    process.kill(stats?.pid as number, 'SIGKILL');
    const killedAt = performance.now();
    const document = '{ me { name stats { total } } }';
    await eventually(async () => {
      const partial = await bob.query(document);
      expect(partial.data.me).toEqual({ name: 'Bob', stats: null });
      expect(partial.errors).toMatchObject([{ path: ['me', 'stats'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
    });
    await eventually(async () => expect((await bob.query(document)).data.me.stats).toEqual({ total: 1 }));
    report(`${name}: stats answered again ${Math.round(performance.now() - killedAt)} ms after SIGKILL`);
  });

  step('a live subscription survives the death of the task subgraph and misses nothing', async () => {
    const before = live.received.length;
    const victim = (await system.processes()).find((entry) => entry.name === 'task');
    process.kill(victim?.pid as number, 'SIGKILL');
    await eventually(async () => {
      const answer = await ada.query('mutation ($id: ID!) { reopenTask(input: { id: $id }) { cursor } }', { id: taskId });
      expect(answer.errors).toBeUndefined();
    });
    await eventually(() => expect(live.received.slice(before).map((answer) => answer.data?.taskChanges.kind)).toEqual(['REOPENED']));
  });

  step('notifications arrive live; behind the cursor of the last one seen comes first what was missed', async () => {
    const { head } = (await bob.ok('{ notificationFeed(first: 1) { head } }')).notificationFeed;
    const document = 'subscription ($after: String) { notificationReceived(after: $after) { cursor kind task { title project { name } } actor { handle } } }';
    const assign = (title: string) => ada.ok('mutation ($input: CreateTaskInput!) { createTask(input: $input) { cursor } }', { input: { title, projectId, assigneeIds: [bob.id] } });
    // News of the steps before may still come in between.
    const assigned = ({ received }: Subscription) => received.map(({ data }) => data.notificationReceived).filter(({ kind }) => kind === 'TASK_ASSIGNED');
    const told = (title: string) => [{ kind: 'TASK_ASSIGNED', task: { title, project: { name: 'Website' } }, actor: { handle: 'ada' } }];
    const first = await subscribe(system.url, bob.accessToken, document, { after: head });
    await assign('Heard live');
    await eventually(() => expect(assigned(first)).toMatchObject(told('Heard live')));
    await first.close();
    await assign('Missed');
    const second = await subscribe(system.url, bob.accessToken, document, { after: assigned(first)[0].cursor });
    await eventually(() => expect(assigned(second)).toMatchObject(told('Missed')));
    await second.close();
  });

  step('SIGTERM leaves no process behind, and the next start finds all data again', async () => {
    await live.close();
    const { stoppedInMs, left } = await system.stop();
    expect(left).toEqual([]);
    report(`${name}: stopped in ${Math.round(stoppedInMs)} ms`);
    system = await startSystem(dataDir, backend.env);
    report(`${name}: ready again after ${Math.round(system.readyInMs)} ms, with data`);
    // Access tokens of before are still good: the signing keys were kept.
    const again = person(system.url, { accessToken: bob.accessToken, user: bob });
    expect((await again.ok('query ($id: ID!) { task(id: $id) { ref title status } }', { id: taskId })).task).toEqual({
      ref: 'WEB-2', title: 'Ship it now', status: 'PENDING',
    });
  });
});

/** Figures for whoever reads the run; nothing is asserted on them, machines differ. */
function report(line: string): void {
  process.stdout.write(`[e2e] ${line}\n`);
}
