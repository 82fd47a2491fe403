// The published gateway benchmark's shape, through ours and others side by side, in turns, in one run.
//   npm run bench:gateway -- [--only ours,stock] [--seconds 5] [--rounds 3] [--connections 10] [--documents deep,small]
//     [--people own,one] [--warm 3] [--json file] [--profile dir] [--ours dir]
// People "own": each connection is somebody else, so that no request is the same as another one to any gateway (dedupe off);
// "one": all are the same person, who may get one answer for what is under way at the same time (dedupe on).
// --profile writes a CPU profile of ours for each line; --ours takes our gateway from another copy of this repository.
// Load generator and others come from `npm ci --prefix bench/rivals`; a gateway that is not there is left out, and told.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inspect } from '../live/inspect.mjs';
import { documents as allDocuments } from './graph.mjs';
import { isInstalled, gateways as allGateways } from './gateways.mjs';
import { medianOf, usageOf } from './processes.mjs';
import { startWorld } from './world.mjs';

const text = (fallback) => ({ type: 'string', default: fallback });
const { values } = parseArgs({
  options: {
    only: text(allGateways.map(({ name }) => name).join(',')), seconds: text('5'), rounds: text('3'), warm: text('3'), connections: text('10'),
    documents: text('deep,small'), people: text('own,one'), json: { type: 'string' }, profile: { type: 'string' }, ours: { type: 'string' },
  },
});
const [seconds, rounds, warm, connections] = [values.seconds, values.rounds, values.warm, values.connections].map(Number);
const chosen = (all, names) => names.split(',').map((name) => all.find((one) => one.name === name) ?? fail(`there is no ${name}`));
const say = (line) => void process.stdout.write(`${line}\n`);

const documents = chosen(allDocuments, values.documents);
const missing = chosen(allGateways, values.only).filter((gateway) => !isInstalled(gateway));
for (const { what } of missing) say(`${what} is not installed: npm ci --prefix bench/rivals`);

const dir = mkdtempSync(join(tmpdir(), 'taskgraph-bench-gateway-'));
let world;
const end = async () => {
  await world?.stop();
  rmSync(dir, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end().finally(() => process.exit(1)));
try {
  world = await startWorld({ dir, chosen: chosen(allGateways, values.only).filter(isInstalled), connections, ours: values.ours });
  const { gateways, left } = world;
  const answers = await world.compareAnswers(documents);
  for (const { document, bytes, calls } of answers) {
    say(`${document}: ${bytes} bytes, the same from all; calls to subgraphs and bytes sent to them: ${calls.map(({ name, calls: count, bytes: sent }) => `${name} ${count} / ${sent}`).join(', ')}`);
  }

  const lines = documents.flatMap((document) => values.people.split(',').map((people) => ({ document, people, runs: new Map(gateways.map(({ name }) => [name, []])) })));
  for (const { document, people } of lines) for (const gateway of gateways) await world.load(gateway, document, people, warm);
  for (let round = 0; round < rounds; round += 1) {
    for (const { document, people, runs } of lines) {
      // Each begins a round once: what a neighbour leaves behind meets all of them.
      for (const gateway of gateways.map((_, index) => gateways[(index + round) % gateways.length])) {
        const before = usageOf(gateway.process.pid);
        const result = await world.load(gateway, document, people, seconds);
        const after = usageOf(gateway.process.pid);
        if (result.failed > 0) throw new Error(`${gateway.name} failed ${result.failed} of ${result.requests + result.failed} requests ${JSON.stringify(result.answers)}:\n${gateway.process.output()}`);
        runs.get(gateway.name).push({ rps: result.requests / result.seconds, p50: result.p50, p99: result.p99, cpu: ((after.cpu - before.cpu) / result.requests) * 1_000, rss: after.rss });
      }
    }
  }

  const rows = lines.flatMap(({ document, people, runs }) => {
    const medians = [...runs].map(([name, list]) => ({ name, runs: list, ...Object.fromEntries(['rps', 'p50', 'p99', 'cpu', 'rss'].map((key) => [key, medianOf(list.map((run) => run[key]))])) }));
    const stock = medians.find(({ name }) => name === 'stock');
    return medians.map((row) => ({ document: document.name, people, ...row, ...(stock ? { timesStock: row.rps / stock.rps } : {}) }));
  });
  const machine = `${cpus().length} x ${cpus()[0].model}`;
  say(`\n${machine}, Node ${process.version}, load ${loadavg()[0].toFixed(1)}; medians of ${rounds} rounds of ${seconds} s, ${connections} connections\n`);
  say('| document | people | gateway | requests/s | x stock | p50 ms | p99 ms | CPU s per 1,000 | RSS MB |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const row of rows) say(`| ${[row.document, row.people, row.name, row.rps.toFixed(0), row.timesStock?.toFixed(2) ?? '', row.p50.toFixed(0), row.p99.toFixed(0), row.cpu.toFixed(2), row.rss.toFixed(0)].join(' | ')} |`);
  for (const { name, why } of left) say(`\n${name} was left out: ${why}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ date: new Date().toISOString(), machine, node: process.version, load: loadavg()[0], seconds, rounds, connections, answers, rows, left }, null, 2)}\n`);

  const ours = gateways.find(({ name }) => name === 'ours');
  if (values.profile && ours) {
    mkdirSync(values.profile, { recursive: true });
    const inspector = await inspect(ours.process.pid, ours.inspectPort);
    for (const { document, people } of lines) {
      const profile = await inspector.profile(() => world.load(ours, document, people, seconds));
      writeFileSync(join(values.profile, `ours-${document.name}-${people}.cpuprofile`), JSON.stringify(profile));
    }
    inspector.close();
  }
} finally {
  await end();
}

function fail(message) {
  throw new Error(message);
}
