// All benchmarks in short form, one after another; one table at the end, and the same as JSON.
//   npm run bench -- [--only gateway,product,lists,live,deliveries] [--json file]
// Short runs tell whether something has become several times slower. For figures run each by itself, with its defaults, on a
// machine that does nothing else. One that fails is told in the table and does not stop the others.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** How each is shortened, and what of its result stands in the table: what, measured, target. */
const benches = {
  gateway: {
    args: ['--seconds', '2', '--rounds', '3', '--warm', '2'],
    rows: ({ rows }) => rows.map(({ document, people, name, rps, timesStock, cpu }) => {
      const rust = rows.find((row) => row.document === document && row.people === people && row.name === 'hive-rust');
      const target = name === 'ours' ? ['>= 3 x stock', ...(rust ? [`>= ${rust.rps.toFixed(0)}/s (Hive, Rust planner)`] : [])].join(', ') : '';
      return [`${document}, people: ${people}, ${name}`, `${rps.toFixed(0)}/s${timesStock === undefined ? '' : `, ${timesStock.toFixed(2)} x stock`}, CPU ${cpu.toFixed(2)} ms`, target];
    }),
  },
  product: {
    args: ['--tasks', '20000', '--figures', 'skip', '--seconds', '2', '--rounds', '3', '--warm', '2'],
    rows: ({ rows }) => rows.map(({ document, through, rps, share, p50, p99, statements, failed }) => {
      const least = { me: '>= 40 %', plain: '>= 40 %', joined: '>= 50 %', mix: '>= 333/s' }[document] ?? '';
      const ofWhole = through === 'gateway' && share !== undefined ? `, ${(share * 100).toFixed(0)} % of the monolith` : '';
      return [`${document} through ${through}`, `${rps.toFixed(0)}/s${ofWhole}, p50 ${p50} ms, p99 ${p99} ms, ${statements.toFixed(1)} statements${failed ? `, ${failed} failed` : ''}`, through === 'gateway' ? least : ''];
    }),
  },
  lists: {
    args: ['--tasks', '20000', '--small', '2000', '--rounds', '20', '--page', '100'],
    rows: ({ lists, worstRatio }) => [[`${lists.length} lists, deep page against first, many tasks against few`, `worst ratio ${worstRatio.toFixed(2)}`, '<= 1.3 (at 1,000,000 tasks)']],
  },
  live: {
    args: ['--seconds', '5', '--rounds', '3', '--sockets', '500', '--equal', '200'],
    rows: ({ parts }) => Object.values(parts).flatMap(({ rows }) => rows),
  },
  deliveries: {
    args: ['--only', 'tails,rows,throughput', '--events', '2000', '--rate', '50', '--seconds', '5', '--jobs', '300', '--rounds', '1'],
    rows: (result) => Object.entries(result).filter(([, value]) => typeof value === 'object' && value !== null).map(([name, value]) => [name, figures(value), '']),
  },
};

const { values } = parseArgs({ options: { only: { type: 'string', default: Object.keys(benches).join(',') }, json: { type: 'string' } } });
const dir = mkdtempSync(join(tmpdir(), 'taskgraph-bench-'));
const result = { date: new Date().toISOString(), machine: `${cpus().length} x ${cpus()[0].model}`, node: process.version, loadBefore: loadavg()[0], benches: {} };
const table = [];
let running;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => running?.kill('SIGTERM'));
try {
  for (const name of values.only.split(',')) {
    if (!benches[name]) throw new Error(`there is no benchmark ${name}`);
    const { args, rows } = benches[name];
    const file = join(dir, `${name}.json`);
    process.stderr.write(`\n== ${name}\n`);
    const code = await new Promise((done) => {
      running = spawn(process.execPath, [join(import.meta.dirname, name, 'run.mjs'), ...args, '--json', file], { stdio: ['ignore', 2, 2] });
      running.once('exit', (exit) => done(exit));
    });
    const told = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    result.benches[name] = { code, args, result: told };
    // The lists end with 1 where a ratio is over its limit, and have told it.
    if (told) table.push(...rows(told).map((row) => [name, ...row]));
    else table.push([name, 'it did not run to its end', `exit ${code}`, '']);
    if (code !== 0) process.exitCode = 1;
    if (running.signalCode === 'SIGTERM') break;
  }
  result.loadAfter = loadavg()[0];
  process.stdout.write(`\n${result.machine}, Node ${process.version}, load ${result.loadBefore.toFixed(1)} before, ${result.loadAfter.toFixed(1)} after; short form\n\n`);
  process.stdout.write(`| bench | what | measured | target |\n| --- | --- | --- | --- |\n${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ ...result, table }, null, 2)}\n`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}

/** Numbers of a result, with their names. */
function figures(value) {
  return Object.entries(value).map(([name, number]) => `${name} ${typeof number === 'number' ? Number(number.toPrecision(3)) : JSON.stringify(number)}`).join(', ');
}
