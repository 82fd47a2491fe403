// What a page of 50 tasks costs: first and deep ones, with many and with few tasks, all in turns in one run.
//   npm run bench:lists -- [--tasks 1000000] [--small 10000] [--rounds 200] [--page 10000] [--data dir] [--json file] [--only text]
// Times are of the whole read as the task subgraph does it: transaction, viewer, statement, rows as objects.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readAs } from '@taskgraph/task/dist/database.js';
import { listTasks } from '@taskgraph/task/dist/repositories/task-repository.js';
import { openDatabases } from './databases.mjs';
import { inProject, listOf, placeOf } from './lists.mjs';

const text = (fallback) => ({ type: 'string', default: fallback });
const { values } = parseArgs({ options: { tasks: text('1000000'), small: text('10000'), rounds: text('200'), page: text('10000'), data: { type: 'string' }, json: { type: 'string' }, only: text('') } });
const [many, few, rounds, deepPage] = [values.tasks, values.small, values.rounds, values.page].map(Number);
const say = (line) => void process.stdout.write(`${line}\n`);
/** What a deep page, and the same page among few tasks, may cost compared with the first one. */
const limit = 1.3;
/** How often a list over the limit goes on for as many rounds: its medians are of all of them, so that chance neither fails nor saves it. */
const moreTurns = 3;

const dir = values.data ? resolve(values.data) : mkdtempSync(join(tmpdir(), 'taskgraph-bench-'));
const { databases: [large, small], version, stop } = await openDatabases(dir, [many, few]);
try {
  const viewerOf = ({ plan }) => plan.people[0].id;
  const read = (database, owners, list) => readAs(database.app, viewerOf(database), (rows) => listTasks(rows, { ...owners, viewerId: viewerOf(database) }, list));
  const project = ({ plan }) => ({ kind: 'scopes', scopes: [plan.projects[0].scopeId] });

  /**
   * Runs every measure once per round, in another order each time, so that all of them meet the same neighbours on the machine.
   * Goes on for more turns of as many rounds while `unsettled` says so of the medians of all rounds so far.
   */
  const measure = async (measures, unsettled = () => false) => {
    const times = measures.map(() => []);
    for (let turn = 0; ; turn += 1) {
      for (let round = turn === 0 ? -5 : 0; round < rounds; round += 1) {
        for (const index of shuffled(measures.length)) {
          const began = performance.now();
          await measures[index]();
          if (round >= 0) times[index].push(performance.now() - began);
        }
      }
      const medians = times.map((list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]);
      if (turn === moreTurns || !unsettled(medians)) return { medians, measured: times[0].length };
    }
  };

  const result = { date: new Date().toISOString(), machine: `${cpus().length} x ${cpus()[0].model}`, node: process.version, postgres: version, tasks: many, small: few, rounds, lists: [], scopes: [], search: [] };
  say(`${result.machine}, Node ${process.version}, Postgres ${version}; medians of ${rounds} rounds in ms`);
  say(`\nA page of 50 in one project (${many} tasks in all; "small": ${few})`);
  say('list                                  page 1   deep  (row)     small  deep/first  first/small');
  for (const list of inProject.filter(({ name }) => name.includes(values.only))) {
    const deep = await placeOf(large.admin, large.plan.projects[0].scopeId, list, deepPage);
    const { medians: [first, behind, little], measured } = await measure(
      [
        () => read(large, project(large), listOf(list)),
        () => read(large, project(large), listOf(list, deep.place)),
        () => read(small, project(small), listOf(list)),
      ],
      ([one, two, three]) => two / one > limit || one / three > limit,
    );
    const row = { list: list.name, rounds: measured, first, deep: behind, deepRow: deep.row, small: little, deepToFirst: behind / first, firstToSmall: first / little };
    result.lists.push(row);
    const mark = row.deepToFirst > limit || row.firstToSmall > limit ? '  !' : measured > rounds ? `  (${measured} rounds)` : '';
    say(`${list.name.padEnd(36)} ${ms(first)} ${ms(behind)}  ${String(deep.row).padEnd(7)} ${ms(little)}  ${row.deepToFirst.toFixed(2).padStart(10)}  ${row.firstToSmall.toFixed(2).padStart(11)}${mark}`);
  }

  say('\nNewest first and by due date over several scopes (large, small)');
  for (const sort of [undefined, [{ field: 'DUE_AT' }]]) {
    for (const count of [1, 5, 20]) {
      const filter = (database) => ({ projectId: { in: database.plan.projects.slice(0, count).map(({ id }) => id) } });
      const { medians: [a, b] } = await measure([large, small].map((database) => () => read(database, { kind: 'visible' }, listOf({ filter: filter(database), sort }))));
      result.scopes.push({ scopes: count, sort: sort ? 'DUE_AT ASC' : 'newest first', large: a, small: b });
      say(`${String(count).padStart(3)} scopes ${(sort ? 'DUE_AT ASC' : 'newest first').padEnd(14)} ${ms(a)} ${ms(b)}`);
    }
  }

  say('\nSearch (large): word, tasks that hold it, over everything newest first / by due date / in one project');
  for (const word of ['fix', 'the', 'please', 'invoice', 'website', 'fix invoice website', await rareWord(large)]) {
    const [{ count }] = await large.admin.query(`select count(*)::int as count from task_search where document @@ websearch_to_tsquery('simple', $1)`, [word]);
    const one = (owners, sort) => () => read(large, owners, listOf({ filter: { text: word }, sort }));
    const saved = await slowMeasure([one({ kind: 'visible' }), one({ kind: 'visible' }, [{ field: 'DUE_AT' }]), one(project(large))]);
    result.search.push({ word, matches: count, everything: saved[0], byDueDate: saved[1], inProject: saved[2] });
    say(`${word.padEnd(22)} ${String(count).padStart(8)} ${saved.map(ms).join(' ')}`);
  }

  const worst = Math.max(...result.lists.flatMap(({ deepToFirst, firstToSmall }) => [deepToFirst, firstToSmall]));
  result.worstRatio = worst;
  say(`\nworst ratio ${worst.toFixed(2)} (limit ${limit})`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = worst > limit ? 1 : 0;

  async function slowMeasure(measures) {
    const times = measures.map(() => []);
    for (let round = 0; round < 7; round += 1) {
      for (const [index, run] of measures.entries()) {
        const began = performance.now();
        await run().catch((error) => {
          // statement_timeout of the role: what a caller hears as OVERLOADED.
          if (error.driverError?.code !== '57014') throw error;
        });
        times[index].push(performance.now() - began);
      }
    }
    return times.map((list) => list.toSorted((a, b) => a - b)[3]);
  }
} finally {
  await stop();
  if (!values.data) rmSync(dir, { recursive: true, force: true });
}

/** The numbers below `count`, each order as likely as any other. */
function shuffled(count) {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const at = Math.floor(Math.random() * (last + 1));
    [order[last], order[at]] = [order[at], order[last]];
  }
  return order;
}

function ms(time) {
  return time.toFixed(2).padStart(7);
}

/** A word that few tasks hold. */
async function rareWord({ admin }) {
  const [row] = await admin.query(
    `select word from (select unnest(tsvector_to_array(document)) as word from task_search tablesample system (0.2)) w where word !~ '^scope' group by word having count(*) = 1 limit 1`,
  );
  return row.word;
}
