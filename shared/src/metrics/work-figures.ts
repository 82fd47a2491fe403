// What a worker finds in the schema it owns: how old the horizon of its log is, how far behind it follows other logs, what was
// given up, what waits. Read at a scrape, at most every 5 s, on one connection at a time.
import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { createAsOfSampler, type AsOfSampler } from '../event-reader.js';
import { gauge } from './registry.js';
import { beforeScrape, inTime } from './scrape.js';

const horizonAge = gauge(
  'taskgraph_event_log_horizon_age_seconds',
  'How long ago the event log of this schema was last known to be complete: the age of the oldest writing transaction of the server, as far as it holds readers up.',
  ['log'],
);
const tailLag = gauge('taskgraph_tail_lag_seconds', 'How long ago this read model was last known to be complete for the log of `source`; +Inf before it has caught up for the first time.', ['consumer', 'source']);
const deadLetters = gauge('taskgraph_dead_letters', 'Work that was given up and that nobody has run again, at most 10000 in all.', ['queue']);
const rows = gauge('taskgraph_undelivered_rows', 'Rows that wait to be worked on, those whose time has not come included, at most 10000.', ['queue']);
const age = gauge('taskgraph_undelivered_age_seconds', 'Age of the oldest row that waits to be worked on.', ['queue']);
const overdue = gauge('taskgraph_undelivered_overdue_seconds', 'For how long the row that should have been worked on first has been due; 0 where none is.', ['queue']);
const figuresAge = gauge('taskgraph_figures_age_seconds', 'Age of those figures that are read from the database; they are left out after 60 s.', ['schema']);

const figures = [horizonAge, tailLag, deadLetters, rows, age, overdue];

/** Rows that are counted at most: a backlog must not become dear to measure. */
const countedRows = 10_000;
/** How long figures are told when newer ones cannot be had, in milliseconds. */
const keepMs = 60_000;

export interface Waiting {
  /** Label `queue`. */
  queue: string;
  /** Selects `due_at` and `created_at` of all rows that wait. */
  rows: string;
}

export interface WorkOptions {
  schema: string;
  /** Pool of the worker role. */
  database: DataSource;
  waiting: readonly Waiting[];
  /** How long figures are good, in milliseconds. @default 5000 */
  freshMs?: number;
}

/** Tells of the schema until `stop`. */
export function tellOfWork({ schema, database, waiting, freshMs }: WorkOptions): { stop: () => void } {
  const sampler = createAsOfSampler();
  const since = performance.now();
  let readAt: number | undefined;
  const read = inTime(async () => {
    const horizon = await ageOfHorizon(database, sampler);
    const tails = await database.query<Tail[]>('select consumer, source, extract(epoch from clock_timestamp() - as_of)::float8 as lag from positions');
    const letters = await database.query<Letters[]>(`select queue, count(*)::int as count from (select queue from dead_letters limit ${countedRows}) l group by queue`);
    const queues = await waitingRows(database, waiting);
    for (const each of figures) each.reset();
    horizonAge.set({ log: schema }, horizon ?? (performance.now() - since) / 1_000);
    for (const { consumer, source, lag } of tails) tailLag.set({ consumer, source }, lag === null ? Infinity : Math.max(0, lag));
    for (const { queue, count } of letters) deadLetters.set({ queue }, count);
    for (const { queue, found } of queues) {
      rows.set({ queue }, found.count);
      age.set({ queue }, Math.max(0, found.age ?? 0));
      overdue.set({ queue }, Math.max(0, found.overdue ?? 0));
    }
    readAt = performance.now();
  }, freshMs);
  const forget = beforeScrape(async () => {
    await read();
    figuresAge.set({ schema }, (performance.now() - (readAt ?? since)) / 1_000);
    if (readAt !== undefined && performance.now() - readAt <= keepMs) return;
    // Nothing is better than what was true a while ago.
    for (const each of figures) each.reset();
  });
  return {
    stop() {
      forget();
      for (const each of [...figures, figuresAge]) each.reset();
    },
  };
}

interface Tail {
  consumer: string;
  source: string;
  lag: number | null;
}
interface Letters {
  queue: string;
  count: number;
}
interface Found {
  count: number;
  age: number | null;
  overdue: number | null;
}

async function waitingRows(database: DataSource, waiting: readonly Waiting[]): Promise<{ queue: string; found: Found }[]> {
  const result = [];
  for (const { queue, rows } of waiting) {
    const [found] = await database.query<Found[]>(
      `select count(*)::int as count, extract(epoch from clock_timestamp() - min(created_at))::float8 as age,
              extract(epoch from clock_timestamp() - min(due_at))::float8 as overdue
       from (select due_at, created_at from (${rows}) r order by due_at limit ${countedRows}) w`,
    );
    if (found) result.push({ queue, found });
  }
  return result;
}

/** Transactions that write last up to 200 ms (RULES §4): a horizon that is behind is looked at again for a little longer than that. */
const looks = 12;
const pauseMs = 25;

/** In seconds; null where the log was never seen complete. */
async function ageOfHorizon(database: DataSource, sampler: AsOfSampler): Promise<number | null> {
  let began: Date | undefined;
  for (let look = 1; ; look += 1) {
    const [row] = await database.query<{ now: Date; xmin: string; xmax: string }[]>(
      'select now() as now, pg_snapshot_xmin(s)::text as xmin, pg_snapshot_xmax(s)::text as xmax from pg_current_snapshot() s',
    );
    if (!row) return null;
    began ??= row.now;
    const asOf = sampler.sample(row.now, BigInt(row.xmin), BigInt(row.xmax));
    if ((asOf && asOf >= began) || look === looks) return asOf && (row.now.getTime() - asOf.getTime()) / 1_000;
    await delay(pauseMs);
  }
}
