// What live costs, all in one run, beside a bare `ws` server that sends the same bytes to as many sockets.
//   npm run bench:live -- [--port 4870] [--only latency,fanout,idle,stalled,resume,cuts] [--seconds 20] [--rounds 7] [--sockets 5000] [--equal 1000] [--json file] [--profile dir [--of task]] [--allocations]
// Load generator and subscribers run on the same machine, and so do Postgres and all subgraphs.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inspect } from './inspect.mjs';
import { measures } from './measures.mjs';
import { makePlaces, startChild, startSystem } from './system.mjs';

const text = (fallback) => ({ type: 'string', default: fallback });
const { values } = parseArgs({
  options: { port: text('4870'), only: text(Object.keys(measures).join(',')), seconds: text('20'), rounds: text('7'), sockets: text('5000'), equal: text('1000'), json: { type: 'string' }, profile: { type: 'string' }, of: text('gateway'), allocations: { type: 'boolean', default: false } },
});
const parts = values.only.split(',');
for (const part of parts) if (!measures[part]) throw new Error(`there is no measure ${part}: ${Object.keys(measures).join(', ')}`);
const system = await startSystem(Number(values.port));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void system.stop().finally(() => process.exit(1)));
const receiver = startChild('receiver.mjs');
const bare = startChild('bare.mjs');
const result = { date: new Date().toISOString(), machine: `${cpus().length} x ${cpus()[0].model}`, node: process.version, loadBefore: loadavg()[0], parts: {} };
const failed = (part, error) => {
  process.exitCode = 1;
  process.stderr.write(`${error.stack}\n`);
  return { rows: [[part, `failed: ${error.message}`, '–']], figures: null };
};
try {
  const { port: barePort } = await bare.first;
  // One process at a time: they share the port. What looks at the gateway's memory sees that of the process that is profiled instead.
  const gateway = await inspect(system.pidOf(values.of), system.inspectPort);
  const world = { system, receiver, bare: { ...bare, port: barePort }, gateway, seconds: Number(values.seconds), rounds: Number(values.rounds), sockets: Number(values.sockets), equal: Number(values.equal), allocations: values.allocations, ...(await makePlaces(system, { people: 10, projects: 10, tasks: 100 })) };
  const rows = [];
  for (const part of parts) {
    process.stderr.write(`${new Date().toISOString()} ${part} …\n`);
    const load = loadavg()[0];
    // One that fails takes none of the others along.
    const run = async () => void (result.parts[part] = await measures[part](world).catch((error) => failed(part, error)));
    if (values.profile) writeFileSync(join(values.profile, `${part}.cpuprofile`), JSON.stringify(await gateway.profile(run)));
    else await run();
    result.parts[part].load = load;
    rows.push(...result.parts[part].rows);
    for (const row of result.parts[part].rows) process.stderr.write(`${row.join(' | ')}\n`);
    if (values.json) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  }
  result.loadAfter = loadavg()[0];
  process.stdout.write(`\n${result.machine}, Node ${process.version}, load ${result.loadBefore.toFixed(1)} before, ${result.loadAfter.toFixed(1)} after\n\n`);
  process.stdout.write(`| What | measured | target |\n| --- | --- | --- |\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  gateway.close();
} finally {
  receiver.stop();
  bare.stop();
  await system.stop();
}
