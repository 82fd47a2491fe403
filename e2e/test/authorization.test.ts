// Who may what (RULES §1): walks the whole table through the gateway against the running system, then the ways around it.
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entityDoor, tryBackDoors } from './authorization/back-doors.js';
import { walkLive } from './authorization/live.js';
import { walkTokens } from './authorization/tokens.js';
import { walkRow, type Walked } from './authorization/walk.js';
import { buildWorld, keyOf, type World } from './authorization/world.js';
import { rows, subscriptionRows, tokenRows } from './authorization-table.js';
import type { Person } from './client.js';
import { makeDataDir, removeDataDir, startSystem, type System } from './system.js';

let dataDir: string;
let system: System;
let world: World;

beforeAll(async () => {
  dataDir = await makeDataDir();
  system = await startSystem(dataDir);
  world = await buildWorld(system.url);
});
afterAll(async () => {
  await system?.stop();
  await removeDataDir(dataDir);
});

/** Rows walked at the same time: enough to keep two cores busy, few enough that nothing times out. */
const atOnce = 4;

describe('the table', () => {
  test('each cell gets what the rules say, nothing foreign is shown, and a foreign id is answered like a missing one (RULES §1)', async () => {
    const queue = [...rows];
    const walked: Walked[] = [];
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let row = queue.shift(); row; row = queue.shift()) walked.push(await walkRow(world, row));
      }),
    );
    const sum = (count: (row: Walked) => number) => walked.reduce((total, row) => total + count(row), 0);
    report(`${sum((row) => row.cells)} cells in ${walked.length} rows, ${sum((row) => row.compared)} foreign ids compared with missing ones`);
    expect({ leaks: walked.flatMap((row) => row.leaks), problems: walked.flatMap((row) => row.problems) }).toEqual({ leaks: [], problems: [] });
    expect(sum((row) => row.cells)).toBeGreaterThanOrEqual(500);
  }, 300_000);

  test('a subscription is refused like a mutation and tells nobody else of what happens (RULES §1)', async () => {
    const walked = await Promise.all(subscriptionRows.map((row) => walkLive(world, row)));
    report(`${walked.reduce((total, row) => total + row.cells, 0)} cells of subscriptions`);
    expect(walked.flatMap((row) => row.problems)).toEqual([]);
  });
});

describe('API tokens', () => {
  test('each operation needs its scope, what is about signing in is refused to every token, and what an ADMIN does needs ADMIN (RULES §8)', async () => {
    const queue = [...tokenRows];
    const walked: Awaited<ReturnType<typeof walkTokens>>[] = [];
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let row = queue.shift(); row; row = queue.shift()) {
          const { operation } = row;
          walked.push(await walkTokens(world, row).catch((error: unknown) => ({ cells: 0, problems: [`${operation}: could not be set up: ${String(error).slice(0, 500)}`] })));
        }
      }),
    );
    report(`${walked.reduce((total, row) => total + row.cells, 0)} cells of API tokens`);
    expect(walked.flatMap((row) => row.problems)).toEqual([]);
    expect(tokenRows.length).toBeGreaterThan(80);
  }, 300_000);

  test('a token makes no other token, not even a narrower one, and nobody but an ADMIN makes one with the scope ADMIN (RULES §8)', async () => {
    const make = (person: Person, scopes: string[]) => person.query('mutation ($scopes: [ApiScope!]!) { createApiToken(input: { name: "x", scopes: $scopes }) { secret } }', { scopes });
    const admin = world.people.ADMIN;
    const whole = (await admin.ok('mutation { createApiToken(input: { name: "x", scopes: [READ, WRITE, ADMIN] }) { secret } }')).createApiToken.secret as string;
    for (const scopes of [['READ'], ['READ', 'WRITE', 'ADMIN']]) expect((await make(world.as(admin, whole), scopes)).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    expect((await make(world.people.OWNER, ['ADMIN'])).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });
});

describe('guessing codes', () => {
  test('channels and invites share one budget, however the guesses are spread over documents and subgraphs; retryAfter says when to come back (RULES §8)', async () => {
    const guesser = await world.newcomer();
    const channels = `query { ${Array.from({ length: 20 }, (_, index) => `c${index}: channel(code: "ZZZZZZ${10 + index}") { id }`).join(' ')} }`;
    const invites = `mutation { ${Array.from({ length: 20 }, (_, index) => `i${index}: acceptProjectInvite(input: { code: "ZZZZZZ${10 + index}" }) { project { id } }`).join(' ')} }`;
    const answers = await Promise.all([guesser.query(channels), guesser.query(invites)]);
    const limited = answers.flatMap(({ errors }) => errors ?? []).filter(({ extensions }) => extensions['code'] === 'RATE_LIMITED');
    expect(limited).toHaveLength(10);
    for (const { extensions } of limited) expect(extensions['retryAfter']).toBeGreaterThanOrEqual(1);
    for (const document of [`{ channel(code: "${world.channelCode}") { id } }`, 'mutation { acceptProjectInvite(input: { code: "ZZZZZZZZ" }) { project { id } } }']) {
      expect((await guesser.query(document)).errors?.[0]?.extensions['code']).toBe('RATE_LIMITED');
    }
  });
});

describe('past the gateway', () => {
  test('every route of every subgraph but the probes is 401 without the right internal token', async () => {
    const { ADMIN } = world.people;
    const { tries, open } = await tryBackDoors(system, ADMIN.accessToken, ADMIN.id);
    report(`${tries} requests at back doors`);
    expect(open).toEqual([]);
  });

  test('_entities straight at the subgraph checks the viewer again: a foreign id is answered like a missing one', async () => {
    const entities = await entityDoor(system);
    const { stranger } = world.people;
    const taskId = (await world.make.task())['taskId'] as string;
    const personalId = (await world.make.personalTask())['taskId'] as string;
    const doors = [
      ['task', 'Task', taskId, '... on Task { id title project { id } comments { totalCount } history { nodes { kind } } }'],
      ['task', 'Task', personalId, '... on Task { id title }'],
      ['task', 'Project', world.projectId, '... on Project { tasks { totalCount } labels { name } }'],
      ['task', 'Channel', world.channelId, '... on Channel { tasks { totalCount } }'],
      ['task', 'User', world.people.OWNER.id, '... on User { tasks { totalCount nodes { id } } }'],
      ['project', 'Project', world.projectId, '... on Project { id name members { totalCount } invites { code } }'],
      ['channel', 'Channel', world.channelId, '... on Channel { id name code memberCount members { totalCount } }'],
      ['stats', 'Project', world.projectId, '... on Project { stats { total } }'],
      ['stats', 'Channel', world.channelId, '... on Channel { stats { total } }'],
      ['stats', 'User', world.people.OWNER.id, '... on User { stats { total } }'],
    ] as const;
    for (const [subgraph, type, id, selection] of doors) {
      const ask = (of: string) => entities(subgraph, stranger.id, [{ __typename: type, id: of }], selection);
      const foreign = await ask(id);
      expect(foreign, `${type} at ${subgraph}`).toEqual(await ask(newId()));
      expect(JSON.stringify(foreign)).not.toMatch(/hush|"total":[1-9]|"totalCount":[1-9]/);
      // The same door does open for those who may.
      const owner = type === 'Channel' ? world.people['channel OWNER'] : world.people.OWNER;
      expect(JSON.stringify(await entities(subgraph, owner.id, [{ __typename: type, id }], selection))).toMatch(/hush|"total|"name"|"code"/);
    }
    const profile = await entities('user', stranger.id, [{ __typename: 'User', id: world.people.OWNER.id }], '... on User { handle email emailVerified }');
    expect(profile).toEqual({ _entities: [{ handle: 'owner', email: null, emailVerified: null }] });
  });
});

describe('around the table', () => {
  const createTask = async (by: Person, input: object): Promise<string> =>
    (await by.ok('mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }', { input })).createTask.task.id;

  test('a project and a channel made with the id of a person, a project or a channel open nothing of theirs', async () => {
    const { stranger, ADMIN } = world.people;
    const victims = [stranger.id, world.projectId, world.channelId];
    for (const id of victims) {
      await ADMIN.query('mutation ($id: ID!, $key: String!) { createProject(input: { id: $id, key: $key, name: "Same id" }) { project { id } } }', { id, key: keyOf() });
      await ADMIN.query('mutation ($id: ID!) { createChannel(input: { id: $id, name: "Same id" }) { channel { id } } }', { id });
      await createTask(ADMIN, { projectId: id, title: 'planted' }).catch(() => undefined);
      await createTask(ADMIN, { channelId: id, title: 'planted' }).catch(() => undefined);
    }
    const seen = await ADMIN.ok('query ($a: ID!, $b: ID!, $c: ID!) { a: project(id: $a) { tasks { nodes { title } } labels { name } } b: channel(id: $b) { tasks { nodes { title } } code } tasks { nodes { title } } c: user(id: $c) { tasks { nodes { title } } } }', {
      a: world.channelId, b: world.projectId, c: stranger.id,
    });
    // They are places of ADMIN alone, with ADMIN's own tasks.
    expect(seen.a.tasks.nodes).toEqual([{ title: 'planted' }]);
    expect(seen.b.tasks.nodes).toEqual([{ title: 'planted' }]);
    expect(JSON.stringify(seen)).not.toContain('hush');
    for (const person of [stranger, world.people.OWNER, world.people['channel OWNER']]) {
      expect(JSON.stringify(await person.ok('{ tasks(filter: { title: { eq: "planted" } }) { nodes { title } } me { tasks(filter: { title: { eq: "planted" } }) { nodes { title } } } }'))).not.toContain('planted');
    }
  });

  test('who lost access keeps the news and sees nothing behind it; what was seen in a list is gone', async () => {
    const lost = await world.newcomer();
    const { OWNER } = world.people;
    const { projectId } = await world.make.project();
    await OWNER.ok('mutation ($p: ID!, $u: ID!) { addProjectMember(input: { projectId: $p, userId: $u }) { project { id } } }', { p: projectId, u: lost.id });
    const taskId = await createTask(OWNER, { projectId, title: 'hushproject assigned', assigneeIds: [lost.id] });
    const news = '{ notifications { nodes { kind task { id title } project { id name } } } }';
    await eventually(async () => {
      const { notifications } = await lost.ok(news);
      expect(notifications.nodes).toContainEqual({ kind: 'TASK_ASSIGNED', task: { id: taskId, title: 'hushproject assigned' }, project: { id: projectId, name: 'hushproject project' } });
    });
    await OWNER.ok('mutation ($p: ID!, $u: ID!) { removeProjectMember(input: { projectId: $p, userId: $u }) { project { id } } }', { p: projectId, u: lost.id });
    await eventually(async () => {
      const { notifications, tasks, me } = await lost.ok('{ notifications { nodes { task { id title } project { id name } } } tasks { nodes { id } } me { tasks { totalCount } } }');
      expect(notifications.nodes.length).toBeGreaterThan(0);
      for (const node of notifications.nodes) expect(node).toEqual({ task: null, project: null });
      expect({ tasks, me }).toEqual({ tasks: { nodes: [] }, me: { tasks: { totalCount: 0 } } });
    });
    const { taskChanges } = await lost.ok('query ($p: ID!) { taskChanges(scope: { projectId: $p }) { nodes { kind taskId task { id } changes { field } } } }', { p: projectId });
    expect(taskChanges.nodes).toEqual([{ kind: 'ACCESS_LOST', taskId: null, task: null, changes: [] }]);
  });

  test('a refusal because of a hidden task counts it and does not name it (RULES §6)', async () => {
    const { OWNER, MEMBER } = world.people;
    const hidden = (await world.make.secretTask())['taskId'] as string;
    const open = (await world.make.task())['taskId'] as string;
    await OWNER.ok('mutation ($input: TaskDependencyInput!) { addTaskDependency(input: $input) { cursor } }', { input: { taskId: open, blockedById: hidden } });
    const completing = await MEMBER.query('mutation ($id: ID!) { completeTask(input: { id: $id }) { cursor } }', { id: open });
    expect(completing.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', current: { blockedBy: [], hiddenBlockers: 1 } });
    const third = (await world.make.task())['taskId'] as string;
    await OWNER.ok('mutation ($input: TaskDependencyInput!) { addTaskDependency(input: $input) { cursor } }', { input: { taskId: hidden, blockedById: third } });
    const cycle = await MEMBER.query('mutation ($input: TaskDependencyInput!) { addTaskDependency(input: $input) { cursor } }', { input: { taskId: third, blockedById: open } });
    expect(cycle.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ cycle: [third, open, null, third] }] });
    const history = await MEMBER.ok('query ($id: ID!, $p: ID!) { task(id: $id) { history { nodes { changes { field before after } } } } taskChanges(scope: { taskId: $id }) { nodes { changes { before after } } } all: taskChanges(scope: { projectId: $p }) { nodes { changes { before after } } } }', { id: open, p: world.projectId });
    for (const answer of [completing, cycle, history]) {
      expect(JSON.stringify(answer)).not.toContain(hidden);
      expect(JSON.stringify(answer)).not.toContain('hushsecret');
    }
  });

  test('an export holds what its maker sees and nothing else', async () => {
    const exported = async (person: Person): Promise<string> => {
      const { exportTasks } = await person.ok('mutation { exportTasks(input: { format: JSON }) { url } }');
      const response = await fetch(`${system.url}${new URL(exportTasks.url).pathname}`, { headers: { authorization: `Bearer ${person.accessToken}` } });
      expect(response.status).toBe(200);
      return response.text();
    };
    const { OWNER, MEMBER, stranger, ADMIN } = world.people;
    expect(await exported(MEMBER)).toContain('hushproject');
    expect(await exported(MEMBER)).not.toMatch(/hush(secret|personal|channel|stranger)/);
    expect(await exported(OWNER)).toContain('hushsecret');
    expect(await exported(stranger)).not.toMatch(/hush(project|secret|personal|channel)/);
    expect(await exported(ADMIN)).not.toContain('hush');
  });
});

/** Figures for whoever reads the run. */
function report(line: string): void {
  process.stdout.write(`[authorization] ${line}\n`);
}
