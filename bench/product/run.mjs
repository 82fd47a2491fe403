// The product through its gateway, and beside it one process that holds all schemas over the same databases, in turns in one run.
//   npm run bench:product -- [--tasks 1000000] [--data dir] [--only me,plain,joined,detail,dashboard,writes,mix] [--through gateway,monolith]
//     [--seconds 5] [--rounds 3] [--warm 2] [--connections 10] [--port 4880] [--figures wait|skip] [--json file] [--profile dir]
// --data keeps the databases for the next run. --figures skip does not wait until the figures have read the load.
// Load generator, Postgres and everything else share the machine. The generator comes from `npm ci --prefix bench/rivals`.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { freePort } from '@taskgraph/shared/testing/ports';
import { startGenerator } from '../gateway/generator.mjs';
import { firstMessage, medianOf, startProcess, usageOf } from '../gateway/processes.mjs';
import { inspect } from '../live/inspect.mjs';
import { makeDocuments } from './documents.mjs';
import { password, people, planOf } from './fill.mjs';
import { environment, prepareData, startSystem, statementCounter } from './system.mjs';

const text = (fallback) => ({ type: 'string', default: fallback });
const { values } = parseArgs({
  options: {
    tasks: text('1000000'), data: { type: 'string' }, only: text('me,plain,joined,detail,dashboard,writes,mix'), through: text('gateway,monolith'), seconds: text('5'), rounds: text('3'), warm: text('2'),
    connections: text('10'), port: text('4880'), figures: text('wait'), json: { type: 'string' }, profile: { type: 'string' },
  },
});
const [tasks, seconds, rounds, warm, connections, port] = [values.tasks, values.seconds, values.rounds, values.warm, values.connections, values.port].map(Number);
const say = (line) => void process.stdout.write(`${line}\n`);
const dataDir = values.data ? resolve(values.data) : mkdtempSync(join(tmpdir(), 'taskgraph-bench-product-'));
mkdirSync(dataDir, { recursive: true });

const undo = [];
const end = async () => {
  for (const step of undo.splice(0).reverse()) await step();
  if (!values.data) rmSync(dataDir, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end().finally(() => process.exit(1)));
try {
  await prepareData({ dataDir, port, tasks, figures: values.figures, say: (line) => process.stderr.write(`${line}\n`) });
  const system = await startSystem(dataDir, port);
  undo.push(system.stop);
  const [monolithPort, inspectPort] = [await freePort(), await freePort()];
  const here = import.meta.dirname;
  const monolith = startProcess('monolith', process.execPath, [`--inspect-port=${inspectPort}`, '--import', join(here, 'collect.mjs'), join(here, 'monolith.mjs'), String(monolithPort), system.url], { ipc: true, env: environment(dataDir, port) });
  undo.push(monolith.stop);
  const [generator] = await Promise.all([startGenerator(), firstMessage(monolith)]);
  undo.push(generator.stop);
  const counter = await statementCounter(dataDir);
  undo.push(counter.close);

  const authorizations = await logIn(system.url);
  const project = planOf(tasks).projects[0].id;
  const found = await ask(system.url, { query: 'query ($p: ID!) { tasks(first: 200, filter: { projectId: { eq: $p } }) { nodes { id } } }', variables: { p: project } }, authorizations[0]);
  const names = values.only.split(',');
  const documents = makeDocuments({ project, tasks: found.tasks.nodes.map(({ id }) => id) }).filter(({ name }) => names.includes(name));
  const both = [{ name: 'gateway', url: system.url }, { name: 'monolith', url: `http://127.0.0.1:${monolithPort}` }].filter(({ name }) => values.through.split(',').includes(name));

  const load = ({ url }, document, time) =>
    generator.load({ url: `${url}/graphql`, connections: document.connections ?? connections, seconds: Math.max(time, document.leastSeconds ?? 0), bodies: document.bodies, authorizations, checked: true });
  /** CPU seconds so far, of whoever answers. */
  const used = () => ({
    ...Object.fromEntries(['gateway', 'api', 'worker', 'postgres'].map((role) => [role, system.pidsOf(role).reduce((sum, pid) => sum + usageOf(pid).cpu, 0)])),
    monolith: usageOf(monolith.pid).cpu, generator: usageOf(generator.pid).cpu,
  });

  const lines = [];
  for (const document of documents) {
    if (!document.writes) await compare(both, document, authorizations.slice(0, 3));
    const line = { document, runs: new Map(both.map(({ name }) => [name, []])), statements: {} };
    for (const one of both) {
      await load(one, document, warm);
      line.statements[one.name] = await countStatements(one, document);
    }
    lines.push(line);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { document, runs } of lines) {
      for (const one of round % 2 === 0 ? both : both.toReversed()) {
        const before = used();
        const result = await load(one, document, seconds);
        const after = used();
        const perRequest = Object.fromEntries(Object.keys(after).map((who) => [who, ((after[who] - before[who]) * 1_000) / Math.max(1, result.requests)]));
        runs.get(one.name).push({ rps: result.requests / result.seconds, p50: result.p50, p99: result.p99, failed: result.failed, refused: result.refused, cpu: perRequest });
      }
    }
  }

  const rows = lines.flatMap(({ document, runs, statements }) => {
    const of = [...runs].map(([name, list]) => ({
      document: document.name, what: document.what, connections: document.connections ?? connections, through: name, runs: list, statements: statements[name],
      failed: list.reduce((sum, run) => sum + run.failed, 0),
      ...Object.fromEntries(['rps', 'p50', 'p99'].map((key) => [key, medianOf(list.map((run) => run[key]))])),
      cpu: Object.fromEntries(Object.keys(list[0].cpu).map((who) => [who, medianOf(list.map((run) => run.cpu[who]))])),
    }));
    const whole = of.find(({ through }) => through === 'monolith');
    return of.map((row) => ({ ...row, ...(whole ? { share: row.rps / whole.rps } : {}) }));
  });
  const machine = `${cpus().length} x ${cpus()[0].model}`;
  say(`\n${machine}, Node ${process.version}, load ${loadavg()[0].toFixed(1)}, ${tasks} tasks; medians of ${rounds} rounds of ${seconds} s\n`);
  say('| document | connections | through | requests/s | of the monolith | p50 ms | p99 ms | statements | CPU ms per request: gateway + subgraphs or monolith | Postgres | failed |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const row of rows) {
    const { cpu } = row;
    const own = row.through === 'gateway' ? `${cpu.gateway.toFixed(2)} + ${cpu.api.toFixed(2)}` : cpu.monolith.toFixed(2);
    say(`| ${[row.document, row.connections, row.through, row.rps.toFixed(0), row.share === undefined ? '' : `${(row.share * 100).toFixed(0)} %`, row.p50.toFixed(0), row.p99.toFixed(0), row.statements.toFixed(1), own, cpu.postgres.toFixed(2), row.failed].join(' | ')} |`);
    for (const reason of new Set(row.runs.flatMap((run) => run.refused))) process.stderr.write(`${row.document} through ${row.through}: ${reason}\n`);
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ date: new Date().toISOString(), machine, node: process.version, load: loadavg()[0], tasks, figures: values.figures, seconds, rounds, rows }, null, 2)}\n`);
  if (values.profile) await profile(values.profile);

  async function profile(to) {
    mkdirSync(to, { recursive: true });
    const [gatewayPid] = system.pidsOf('gateway');
    for (const [one, pid, at] of [[both.find(({ name }) => name === 'gateway'), gatewayPid, 9229], [both.find(({ name }) => name === 'monolith'), monolith.pid, inspectPort]]) {
      if (!one) continue;
      const inspector = await inspect(pid, at);
      for (const { document } of lines) writeFileSync(join(to, `${one.name}-${document.name}.cpuprofile`), JSON.stringify(await inspector.profile(() => load(one, document, seconds))));
      inspector.close();
    }
  }

  /** Per request, one after another. */
  async function countStatements(one, document) {
    const requests = 100;
    await counter.reset();
    for (let index = 0; index < requests; index += 1) await send(one.url, document.bodies[index % document.bodies.length].replaceAll('@N@', `${Date.now()}${index}`), authorizations[index % authorizations.length]);
    return (await counter.count()) / requests;
  }
} finally {
  await end();
}

/** Access tokens of everybody who was loaded. */
async function logIn(url) {
  const query = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
  const tokens = [];
  for (const { handle } of planOf(tasks).people.slice(0, people)) tokens.push(`Bearer ${(await ask(url, { query, variables: { input: { login: handle, password } } })).login.accessToken}`);
  return tokens;
}

async function ask(url, body, authorization) {
  const { data, errors } = await send(url, JSON.stringify(body), authorization);
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function send(url, body, authorization) {
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) }, body });
  return response.json();
}

/** Throws where the two answer a person differently. */
async function compare(both, { name, bodies }, authorizations) {
  const [first, ...others] = both;
  for (const body of bodies.slice(0, 20)) {
    for (const authorization of authorizations) {
      const expected = await send(first.url, body, authorization);
      if (expected.errors) throw new Error(`${name} through ${first.name}: ${JSON.stringify(expected.errors)}`);
      for (const other of others) {
        const { data, errors } = await send(other.url, body, authorization);
        if (errors || !isDeepStrictEqual(data, expected.data)) throw new Error(`${other.name} answers ${name} otherwise than ${first.name}: ${JSON.stringify(errors ?? data).slice(0, 1_000)}\n${JSON.stringify(expected.data).slice(0, 1_000)}`);
      }
    }
  }
}
