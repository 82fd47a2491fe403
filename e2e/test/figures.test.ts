// Figures through the gateway (RULES §9): after random changes they are what counting the tasks themselves gives, in the viewer's own
// days, and a rebuild while serving lands on the same.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { register, type Person } from './client.js';
import { makeDataDir, removeDataDir, startSystem, type System } from './system.js';

/** Longer than anything takes on a slow machine; conditions are met much earlier. */
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

let dataDir: string;
let system: System;
let ada: Person;
let bob: Person;
let projectId: string;

beforeAll(async () => {
  dataDir = await makeDataDir();
  system = await startSystem(dataDir);
  ada = await register(system.url, 'ada', 'Ada');
  bob = await register(system.url, 'bob', 'Bob');
  projectId = (await ada.ok('mutation { createProject(input: { key: "FIG", name: "Figures" }) { project { id } } }')).createProject.project.id;
  await ada.ok('mutation ($p: ID!, $u: ID!) { addProjectMember(input: { projectId: $p, userId: $u }) { project { version } } }', { p: projectId, u: bob.id });
});
afterAll(async () => {
  await system?.stop();
  await removeDataDir(dataDir);
});

/** Numbers below `below`, the same for the same seed. */
function dice(from: number): (below: number) => number {
  let state = from;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

const statuses = ['PENDING', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED'];
const selection = `total overdue byStatus { pending inProgress completed cancelled } byPriority { priority count } completionRate`;

/** What the task subgraph itself counts: the same figures from its lists. */
async function counted(person: Person, filter: string) {
  const count = (name: string, condition: string) => `${name}: tasks(filter: { and: [{ ${filter} } { ${condition} }] }) { totalCount }`;
  const priorities = [1, 2, 3, 4];
  const answer = await person.ok(`{ ${[
    ...statuses.map((status) => count(status, `status: { eq: ${status} }`)),
    ...priorities.map((priority) => count(`p${priority}`, `priority: { eq: ${priority} }`)),
    count('overdue', 'overdue: true'),
  ].join(' ')} }`);
  const of = (name: string): number => answer[name].totalCount;
  const total = statuses.reduce((sum, status) => sum + of(status), 0);
  return {
    total, overdue: of('overdue'),
    byStatus: { pending: of('PENDING'), inProgress: of('IN_PROGRESS'), completed: of('COMPLETED'), cancelled: of('CANCELLED') },
    byPriority: priorities.filter((priority) => of(`p${priority}`) > 0).map((priority) => ({ priority, count: of(`p${priority}`) })),
    completionRate: total === of('CANCELLED') ? 0 : of('COMPLETED') / (total - of('CANCELLED')),
  };
}

async function makeHistory(): Promise<void> {
  const roll = dice(seed);
  const pick = <T>(values: readonly T[]): T => values[roll(values.length)] as T;
  const ids: string[] = [];
  const write = (name: string, type: string, input: object) => ada.query(`mutation ($input: ${type}!) { ${name}(input: $input) { cursor } }`, { input });
  for (let step = 0; step < 80; step += 1) {
    const id = ids.length > 0 ? pick(ids) : '';
    const what = ids.length < 12 ? 0 : 1 + roll(7);
    const dueAt = pick([null, '2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z']);
    if (what === 0) {
      const input = { title: `Task ${step}`, projectId: roll(4) === 0 ? null : projectId, priority: 1 + roll(4), dueAt };
      ids.push((await ada.ok('mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }', { input })).createTask.task.id);
    }
    // A refusal (a trashed task, somebody who cannot see a personal one) changes nothing and is part of the game.
    if (what === 1 || what === 2) await write('updateTask', 'UpdateTaskInput', { id, status: pick(statuses) });
    if (what === 3) await write('updateTask', 'UpdateTaskInput', { id, dueAt, priority: 1 + roll(4) });
    if (what === 4) await write('assignTask', 'AssignTaskInput', { id, ...pick([{ add: [bob.id] }, { add: [ada.id] }, { remove: [bob.id] }]) });
    if (what === 5) await write('deleteTask', 'TaskIdInput', { id });
    if (what === 6) await write('restoreTask', 'TaskIdInput', { id });
    if (what === 7) await write('moveTask', 'MoveTaskInput', { id, ...pick([{ projectId }, { personal: true }]) });
  }
}

async function allEqual(): Promise<void> {
  const { project } = await ada.ok(`query ($p: ID!) { project(id: $p) { stats { ${selection} } } }`, { p: projectId });
  expect(project.stats).toEqual(await counted(ada, `projectId: { eq: "${projectId}" }`));
  for (const person of [ada, bob]) {
    const { me } = await person.ok(`{ me { stats { ${selection} } } }`);
    const own = person === ada ? `or: [{ assigneeId: { eq: "${ada.id}" } } { personal: true }]` : `assigneeId: { eq: "${bob.id}" }`;
    expect(me.stats).toEqual(await counted(person, own));
  }
}

test(`after random changes (seed ${seed}) figures are what counting the tasks gives, and again after npm run stats:rebuild (RULES §9)`, async () => {
  await makeHistory();
  await eventually(allEqual);

  const rebuild = spawn('npm', ['run', '--silent', 'stats:rebuild'], { cwd: resolve(import.meta.dirname, '..', '..'), env: { ...process.env, DATA_DIR: dataDir }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [rebuild.stdout, rebuild.stderr]) stream.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const [code] = (await once(rebuild, 'exit')) as [number];
  expect([code, output]).toEqual([0, expect.stringMatching(/done in \d/)]);
  await eventually(allEqual);
}, 120_000);

test('days are those of the viewer, burndown ends with what is open, people and durations are named, and a task is recommended with reasons', async () => {
  const today = (timeZone: string) => new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date());
  const near = (from: string) => [-1, 0, 1].map((days) => new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10));
  const made = await ada.ok('mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }', { input: { title: 'Urgent', projectId, priority: 1, dueAt: '2020-01-01T00:00:00Z', assigneeIds: [bob.id] } });
  const id: string = made.createTask.task.id;
  const done = await ada.ok('mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }', { input: { title: 'Done', projectId, status: 'IN_PROGRESS', assigneeIds: [bob.id] } });
  await ada.ok('mutation ($id: ID!) { completeTask(input: { id: $id }) { cursor } }', { id: done.createTask.task.id });
  const document = `query ($p: ID!, $from: Date!, $to: Date!) {
    me { recommendedTasks(first: 50) { taskId score reasons task { title } } }
    project(id: $p) { stats { total byStatus { pending inProgress } daily(from: $from, to: $to) { date created } burndown(from: $from, to: $to) { remaining }
      cycleTime { p50 samples } leadTime { p50 p95 samples } workload { userId user { handle } open completed } } }
  }`;
  for (const timeZone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
    await bob.ok('mutation ($timeZone: String) { updateProfile(input: { timeZone: $timeZone }) { user { id } } }', { timeZone });
    await eventually(async () => {
      const days = near(today(timeZone));
      const { me, project } = await bob.ok(document, { p: projectId, from: days[0], to: days[2] });
      const { total, byStatus, daily, burndown, cycleTime, leadTime, workload } = project.stats;
      expect(daily.map((day: { date: string }) => day.date)).toEqual(days);
      // Everything was made in these minutes: all of it today, there; or on two days where midnight was among them.
      expect(daily.reduce((sum: number, day: { created: number }) => sum + day.created, 0)).toBe(total);
      expect(daily[2].created).toBe(0);
      expect(daily[1].created).toBeGreaterThan(0);
      expect(burndown.at(-1).remaining).toBe(byStatus.pending + byStatus.inProgress);
      expect(cycleTime.samples).toBeGreaterThan(0);
      expect(leadTime.p50).toMatch(/^PT[\d.HMS]+$/);
      expect(workload.find((entry: { userId: string }) => entry.userId === bob.id)).toMatchObject({ user: { handle: 'bob' }, completed: expect.any(Number) });
      expect(me.recommendedTasks.find((one: { taskId: string }) => one.taskId === id)).toMatchObject({ task: { title: 'Urgent' }, reasons: [expect.stringMatching(/^Overdue by \d+ days$/), 'Priority 1', 'Recently touched'] });
    });
  }
});

test('a date that is none, too many days and a first out of bounds are BAD_USER_INPUT with their place', async () => {
  const bad = async (field: string, variables: object = {}, head = '') => {
    const { errors } = await ada.query(`query ${head} { me { ${field} } }`, variables);
    return [errors?.[0]?.extensions['code'], (errors?.[0]?.extensions['fields'] as { path: string }[] | undefined)?.[0]?.path];
  };
  expect(await bad('stats { daily(from: "2024-01-01", to: "2025-01-01") { date } }')).toEqual(['BAD_USER_INPUT', 'to']);
  expect(await bad('stats { daily(from: $from, to: "2025-01-01") { date } }', { from: '2025-02-30' }, '($from: Date!)')).toEqual(['BAD_USER_INPUT', 'from']);
  expect(await bad('recommendedTasks(first: 51) { taskId }')).toEqual(['BAD_USER_INPUT', 'first']);
});
