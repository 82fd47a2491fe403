// The parts of the benchmark. Each answers rows of [what, measured, target] and its figures.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { compare, startReader } from './cuts.mjs';
import { ask } from './system.mjs';

const changes = (selection) => `subscription ($p: ID!, $after: String) { taskChanges(scope: { projectId: $p }, after: $after) { ${selection} } }`;
const scalars = 'cursor kind at taskId task { title status priority }';
const joined = 'cursor kind at task { title status project { name } creator { handle name } }';
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const percentile = (list, share) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];
const ms = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const whole = (value) => Math.round(value).toLocaleString('en-US');
const kb = (bytes) => `${(bytes / 1_024).toFixed(1)} KB`;
const mb = (bytes) => `${(bytes / 1_048_576).toFixed(1)} MB`;

const total = (after, before) => Object.keys(after).reduce((sum, name) => sum + after[name] - (before[name] ?? 0), 0);

let written = 0;
/** Renames a task; the new title is never the old one. */
const rename = ({ system, owner }, taskId) =>
  ask(system.url, 'mutation ($id: ID!, $title: String!) { updateTask(input: { id: $id, title: $title }) { cursor } }', { id: taskId, title: `A task with a title of usual length, number ${(written += 1)}` }, owner.token);

/** One change each to so many tasks in one transaction. */
async function bulk({ system, owner }, ids) {
  written += 1;
  const input = { items: ids.map((id) => ({ id })), patch: { priority: 1 + (written % 10) }, atomic: true };
  const { bulkUpdateTasks } = await ask(system.url, 'mutation ($input: BulkUpdateTasksInput!) { bulkUpdateTasks(input: $input) { cursor succeeded } }', { input }, owner.token);
  if (bulkUpdateTasks.succeeded !== ids.length) throw new Error(`${bulkUpdateTasks.succeeded} of ${ids.length} were changed`);
  return bulkUpdateTasks.cursor;
}

/** Has changes told until each of the group has heard of one: then all of them stand at the end of the log. */
async function settle(world, name, count, taskIds) {
  for (let tries = 0; tries < 20; tries += 1) {
    await delay(500);
    await world.receiver.tell('reset', { name });
    for (const id of taskIds) await rename(world, id);
    const { complete } = await world.receiver.tell('until', { name, received: count, timeoutMs: 5_000 });
    if (complete) return world.receiver.tell('reset', { name });
  }
  throw new Error(`${name}: not everybody hears: ${JSON.stringify(await world.receiver.tell('until', { name, received: 0 }))}`);
}

const headOf = async ({ system, owner }, projectId) =>
  (await ask(system.url, 'query ($p: ID!) { taskChanges(scope: { projectId: $p }, first: 1) { head } }', { p: projectId }, owner.token)).taskChanges.head;

/** Most mutations that are not answered yet: a system that takes fewer than are offered is not buried under the rest. */
const mostUnderWay = 100;

/** So many mutations a second, whether or not the earlier ones are answered. */
async function mutate(world, perSecond, seconds, taskIds) {
  const began = performance.now();
  const running = new Set();
  let [done, failed] = [0, 0];
  for (let count = 0; count < perSecond * seconds && performance.now() - began < seconds * 1_000; count += 1) {
    const due = began + (count * 1_000) / perSecond;
    if (due > performance.now()) await delay(due - performance.now());
    while (running.size >= mostUnderWay) await Promise.race(running);
    const one = rename(world, taskIds[Math.floor(Math.random() * taskIds.length)]).then(() => (done += 1), () => (failed += 1)).finally(() => running.delete(one));
    running.add(one);
  }
  await Promise.all(running);
  return { done, failed, perSecond: done / ((performance.now() - began) / 1_000) };
}

/** Commit to subscriber, from the time that the change itself carries, which is before its commit. */
async function latency(world) {
  const { receiver, system, persons, places, seconds } = world;
  const rows = [];
  const figures = {};
  for (const [index, place] of places.entries()) {
    const name = `latency ${index}`;
    await receiver.tell('open', { name, port: system.port, tokens: persons.map(({ token }) => token), count: 10, mode: 'latency', payload: { query: changes(scalars), variables: { p: place.id } } });
    await settle(world, name, 10, [place.tasks[0]]);
  }
  const all = places.flatMap(({ tasks }) => tasks);
  await mutate(world, 20, 3, all);
  for (const perSecond of [50, 200]) {
    for (const index of places.keys()) await receiver.tell('reset', { name: `latency ${index}` });
    const [before, began] = [system.cpu(), performance.now()];
    const sent = await mutate(world, perSecond, seconds, all);
    const [after, took] = [system.cpu(), (performance.now() - began) / 1_000];
    await delay(2_000);
    const latencies = [];
    for (const index of places.keys()) latencies.push(...(await receiver.tell('until', { name: `latency ${index}`, received: 0 })).latencies);
    const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
    figures[perSecond] = { p50, p99, max: Math.max(...latencies), ...sent, messages: latencies.length, cpuMsPerMutation: Object.fromEntries(Object.keys(after).map((name) => [name, Math.round(((after[name] - (before[name] ?? 0)) * 10_000) / sent.done) / 10]).filter(([, cost]) => cost >= 0.1).toSorted(([, a], [, b]) => b - a)), processors: total(after, before) / took };
    rows.push([`commit to subscriber at ${perSecond} mutations/s (${sent.perSecond.toFixed(0)} came about, ${sent.failed} failed), 100 subscribers in 10 projects`, `p50 ${ms(p50)}, p99 ${ms(p99)}`, perSecond === 50 ? 'p99 ≤ 250 ms' : '–']);
  }
  for (const index of places.keys()) await receiver.tell('close', { name: `latency ${index}` });
  return { rows, figures };
}

/** Equal subscribers get 100 changes each, in turns with the bare server and the same bytes. */
async function fanout(world) {
  const { receiver, bare, gateway, system, persons, places, rounds, equal: count } = world;
  const [place] = places;
  await receiver.tell('open', { name: 'equal', port: system.port, tokens: persons.map(({ token }) => token), count, mode: 'count', payload: { query: changes(scalars), variables: { p: place.id } } });
  await receiver.tell('open', { name: 'one', port: system.port, tokens: [persons[0].token], count: 1, mode: 'sample', payload: { query: changes(scalars), variables: { p: place.id } } });
  await receiver.tell('open', { name: 'bare', port: bare.port, count, mode: 'count', bare: true });
  await settle(world, 'equal', count, [place.tasks[0]]);
  const messages = place.tasks.length * count;
  const turns = [];
  for (let turn = -1; turn < rounds; turn += 1) {
    await receiver.tell('reset', { name: 'equal' });
    const before = await gateway.cpu();
    await bulk(world, place.tasks);
    const own = await receiver.tell('until', { name: 'equal', received: messages });
    const after = await gateway.cpu();
    const { sample } = await receiver.tell('until', { name: 'one', received: 0 });
    await receiver.tell('reset', { name: 'bare' });
    bare.child.send({ bodies: sample.slice(-place.tasks.length) });
    const other = await receiver.tell('until', { name: 'bare', received: messages });
    const rate = ({ received, first, last }) => received / ((last - first) / 1_000);
    if (turn >= 0) turns.push({ own: rate(own), bare: rate(other), bytes: own.bytes / own.received, complete: own.complete && other.complete, cpuPerMessage: (after.user + after.system - before.user - before.system) / messages });
  }
  for (const name of ['equal', 'one', 'bare']) await receiver.tell('close', { name });
  const [own, limit, share] = [median(turns.map((turn) => turn.own)), median(turns.map((turn) => turn.bare)), median(turns.map((turn) => turn.own / turn.bare))];
  return {
    rows: [[`${whole(count)} equal subscribers, 100 changes each of ${whole(turns[0].bytes)} bytes, delivered messages/s`, `${whole(own)}; bare ws ${whole(limit)}; share ${(share * 100).toFixed(0)} % (median of ${turns.length} turns)`, '≥ 50 %']],
    figures: { own, bare: limit, share, turns },
  };
}

async function idle(world) {
  const { receiver, gateway, system, persons, places, sockets } = world;
  // What a process takes once, when it first has so much to do, is not what one more socket costs.
  await receiver.tell('open', { name: 'first', port: system.port, tokens: persons.map(({ token }) => token), count: Math.min(1_000, sockets), mode: 'count', payload: { query: changes(scalars), variables: { p: places[0].id } } });
  await settle(world, 'first', Math.min(1_000, sockets), [places[0].tasks[0]]);
  await receiver.tell('close', { name: 'first' });
  await delay(2_000);
  const before = await gateway.memory();
  const each = Math.floor(sockets / places.length);
  const open = async () => {
    for (const [index, place] of places.entries()) {
      await receiver.tell('open', { name: `idle ${index}`, port: system.port, tokens: persons.map(({ token }) => token), count: each, mode: 'count', payload: { query: changes(scalars), variables: { p: place.id } } });
      await settle(world, `idle ${index}`, each, [place.tasks[0]]);
    }
  };
  // Sampling costs time, not what is measured; where it is wanted, memory is read from a run without it.
  const byFunction = world.allocations ? await gateway.allocations(open) : await open();
  await delay(2_000);
  const after = await gateway.memory();
  const count = each * places.length;
  const [resident, live] = [(after.rss - before.rss) / count, (after.live - before.live) / count];
  for (const index of places.keys()) await receiver.tell('close', { name: `idle ${index}` });
  return { rows: [[`${whole(count)} idle subscribed sockets, on the gateway, each`, `${kb(live)} in use after collection; resident set ${kb(resident)}`, '≤ 20 KB']], figures: { live, resident, before, after, byFunction: byFunction?.slice(0, 60).map(([name, size]) => [name, Math.round(size / count)]) } };
}

/** Established connections at the gateway's port, and the bytes that the kernel holds to be sent over them. */
function connectionsAt(port) {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').map((line) => line.trim().split(/\s+/));
  const open = lines.filter(([, local, , state]) => local?.endsWith(wanted) && state === '01');
  return { count: open.length, waiting: open.reduce((sum, [, , , , queues]) => sum + Number.parseInt(queues, 16), 0) };
}
const connections = (port) => connectionsAt(port).count;

/** Changes of 50 KB each, some at a time, until `enough` or so many; answers the most memory that the gateway took meanwhile, in bytes. */
async function flood({ system, owner, gateway }, ids, count, enough = () => false) {
  let most = 0;
  let next = 0;
  const write = async () => {
    while (next < count && !enough()) {
      const description = `${(written += 1)} ${'x'.repeat(50_000)}`;
      await ask(system.url, 'mutation ($id: ID!, $d: String!) { updateTask(input: { id: $id, description: $d }) { cursor } }', { id: ids[next++ % ids.length], d: description }, owner.token);
      most = Math.max(most, await gateway.rss());
    }
  };
  await Promise.all(Array.from({ length: 6 }, write));
  return most;
}

/** 100 sockets that read nothing while 20 MB are meant for each; beside the same for one that reads. */
async function stalled(world) {
  const { receiver, gateway, system, persons, places } = world;
  const [, place] = places;
  const payload = { query: changes('cursor task { description }'), variables: { p: place.id } };
  const tokens = persons.map(({ token }) => token);
  await receiver.tell('open', { name: 'reader', port: system.port, tokens, count: 1, mode: 'count', payload });
  const without = await flood(world, place.tasks, 400);
  await receiver.tell('open', { name: 'stalled', port: system.port, tokens, count: 100, mode: 'count', payload });
  await settle(world, 'stalled', 100, [place.tasks[0]]);
  const before = await gateway.memory();
  await receiver.tell('pause', { name: 'stalled' });
  const open = connections(system.port);
  const left = () => Math.max(0, connections(system.port) - (open - 100));
  const began = performance.now();
  // Until the kernel's buffers are full, bytes leave as if they read.
  let [full, held] = [began, 0];
  const watching = setInterval(() => {
    const { waiting } = connectionsAt(system.port);
    if (waiting > held) [full, held] = [performance.now(), waiting];
  }, 100);
  const most = await flood(world, place.tasks, 400, () => left() === 0);
  const during = await gateway.memory();
  while (left() > 0 && performance.now() - began < 60_000) await delay(100);
  clearInterval(watching);
  const closedAfter = performance.now() - began;
  const figures = { before, during, without, most, closedAfter, filledAfter: full - began, kernelHeld: held, left: left() };
  for (const name of ['stalled', 'reader']) await receiver.tell('close', { name });
  return {
    rows: [
      ['100 stalled sockets: most memory of the gateway, beside that of the same changes for one that reads', `${mb(Math.max(0, most - without))} (resident; in use after collection ${mb(during.live - before.live)})`, '≤ 50 MB'],
      ['100 stalled sockets: all closed, after they stopped reading', `${(closedAfter / 1_000).toFixed(1)} s (${figures.left} left; the kernel took bytes for them for ${(figures.filledAfter / 1_000).toFixed(1)} s)`, '≤ 15 s'],
    ],
    figures,
  };
}

/** 10,000 changes that were missed: 500 tasks, 20 times. */
async function resume(world) {
  const { receiver, system, persons, places } = world;
  const [place] = places;
  const after = await headOf(world, place.id);
  const total = 10_000;
  let last;
  for (let count = 0; count < total; count += place.tasks.length) last = await bulk(world, place.tasks);
  await delay(1_000);
  const turns = { scalars: [], joined: [] };
  for (let turn = 0; turn < 3; turn += 1) {
    for (const [kind, selection] of [['scalars', scalars], ['joined', joined]]) {
      const name = `resume ${kind} ${turn}`;
      const began = performance.timeOrigin + performance.now();
      await receiver.tell('open', { name, port: system.port, tokens: [persons[turn].token], count: 1, mode: 'last', payload: { query: changes(selection), variables: { p: place.id, after } } });
      const { received, last: ended, complete } = await receiver.tell('until', { name, text: last });
      if (!complete) throw new Error(`only ${received} of ${total} came`);
      turns[kind].push({ received, perSecond: total / ((ended - began) / 1_000) });
      await receiver.tell('close', { name });
    }
  }
  const [plain, across] = [turns.scalars, turns.joined].map((list) => median(list.map(({ perSecond }) => perSecond)));
  return {
    rows: [['resume of 10,000 missed changes, scalar fields', `${whole(plain)} changes/s (${whole(turns.scalars[0].received)} results)`, '≥ 5,000 changes/s'], ['resume of 10,000 missed changes, joined over three subgraphs', `${whole(across)} changes/s`, '–']],
    figures: turns,
  };
}

async function cuts(world) {
  const { system, persons, places } = world;
  const wanted = 100;
  const readers = [];
  for (const place of places.slice(0, 5)) {
    const after = await headOf(world, place.id);
    for (let count = 0; count < 4; count += 1) readers.push({ place, after, reader: startReader(system.port, persons[count].token, place.id, after) });
  }
  const tasks = places.slice(0, 5).flatMap((place) => place.tasks);
  let over = false;
  const load = mutate(world, 50, 30, tasks).finally(() => (over = true));
  for (let count = 0; count < wanted && !over; count += 1) {
    await delay(Math.random() * 550);
    readers[Math.floor(Math.random() * readers.length)].reader.cut();
  }
  const sent = await load;
  const totals = { missed: 0, doubled: 0, inverted: 0, unknown: 0, cuts: 0, results: 0, coalesced: 0, refused: 0 };
  for (const { place, after, reader } of readers) {
    const log = [];
    for (let at = after, more = true; more; ) {
      const { taskChanges } = await ask(system.url, 'query ($p: ID!, $after: String) { taskChanges(scope: { projectId: $p }, after: $after, first: 100) { nodes { cursor } pageInfo { endCursor hasNextPage } } }', { p: place.id, after: at }, world.owner.token);
      log.push(...taskChanges.nodes.map(({ cursor }) => cursor));
      at = taskChanges.pageInfo.endCursor;
      more = taskChanges.pageInfo.hasNextPage;
    }
    const deadline = performance.now() + 30_000;
    while (reader.cursors.at(-1) !== log.at(-1) && performance.now() < deadline) await delay(50);
    reader.stop();
    const found = compare(reader.cursors, log);
    for (const key of Object.keys(found)) totals[key] += found[key];
    totals.cuts += reader.cuts;
    totals.results += reader.cursors.length;
    totals.coalesced += reader.coalesced;
    totals.refused += reader.refused.length;
  }
  const { missed, doubled, inverted, unknown } = totals;
  return { rows: [[`${totals.cuts} cuts at random moments at ${sent.perSecond.toFixed(0)} mutations/s, 20 readers, ${whole(totals.results)} results: missed / doubled / inverted`, `${missed} / ${doubled} / ${inverted + unknown}`, '0 / 0 / 0']], figures: totals };
}

export const measures = { latency, fanout, idle, stalled, resume, cuts };
