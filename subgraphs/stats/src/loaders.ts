// Look-ups of one request: each kind of figure is one statement per level, however many subjects are asked for.
import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { datesBetween, quartersOf } from './days.js';
import { percentilesOf, type DurationPercentiles } from './durations.js';
import type { SubjectKind } from './facts.js';
import type { Figures, PersonalWork } from './figures.js';
import { findDurations, findFigures, findRemaining, findWorkloads, sumQuarters, type Stretches } from './repositories/figure-repository.js';
import { findTimeZone } from './repositories/person-repository.js';

export interface DayCount {
  date: string;
  created: number;
  completed: number;
}

export interface BurndownPoint {
  date: string;
  remaining: number;
}

/** Both days are included; what is wrong with them is BAD_USER_INPUT. */
export interface Days {
  from: string;
  to: string;
}

export interface Loaders {
  /** Null while the figures cannot be vouched for. */
  figures: Record<SubjectKind, DataLoader<string, Figures | null>>;
  daily(kind: SubjectKind, days: Days): DataLoader<string, DayCount[]>;
  burndown(days: Days): DataLoader<string, BurndownPoint[]>;
  durations: DataLoader<string, Record<'cycle' | 'lead', DurationPercentiles | null>>;
  /** Those with the most open tasks in a project. */
  workloads: DataLoader<string, PersonalWork[]>;
  /** Those with the most completed tasks in a channel. */
  contributors(first: number): DataLoader<string, PersonalWork[]>;
}

/** Most people of one project whose workload is shown. */
const mostPeople = 1_000;

export function createLoaders(database: DataSource, viewerId: string | undefined): Loaders {
  const figures = (kind: SubjectKind) => new DataLoader<string, Figures | null>((ids) => findFigures(database, kind, ids));
  let timeZone: Promise<string> | undefined;
  const ownTimeZone = () => (timeZone ??= viewerId === undefined ? Promise.resolve('UTC') : findTimeZone(database, viewerId));
  const kept = new Map<string, unknown>();
  /** Fields asked for with the same arguments share one look-up. */
  const once = <T>(key: string, make: () => T): T => {
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key) as T;
  };
  return {
    figures: { user: figures('user'), project: figures('project'), channel: figures('channel') },
    daily: (kind, { from, to }) =>
      once(`daily ${kind} ${from} ${to}`, () => {
        const dates = datesBetween(from, to);
        return new DataLoader(async (ids) => {
          const bounds = quartersOf(dates, await ownTimeZone());
          const found = await sumQuarters(database, kind, ids, ['created', 'completed'], bounds);
          return found.map((stretches) => dailyOf(dates, stretches));
        });
      }),
    burndown: ({ from, to }) =>
      once(`burndown ${from} ${to}`, () => {
        const dates = datesBetween(from, to);
        return new DataLoader(async (ids) => {
          const ends = quartersOf(dates, await ownTimeZone()).slice(1);
          const found = await findRemaining(database, ids, ends);
          return found.map(({ open, later }) => burndownOf(dates, open, later));
        });
      }),
    durations: new DataLoader(async (ids) => {
      const found = await findDurations(database, ids);
      return found.map(({ cycle, lead }) => ({ cycle: percentilesOf(cycle), lead: percentilesOf(lead) }));
    }),
    workloads: new DataLoader((ids) => findWorkloads(database, 'project', ids, 'open', mostPeople)),
    contributors: (first) => once(`contributors ${first}`, () => new DataLoader((ids) => findWorkloads(database, 'channel', ids, 'completed', first))),
  };
}

function dailyOf(dates: readonly string[], stretches: Stretches): DayCount[] {
  const days = dates.map((date) => ({ date, created: 0, completed: 0 }));
  for (const [figure, stretch, n] of stretches) (days[stretch - 1] as DayCount)[figure as 'created' | 'completed'] += n;
  return days;
}

/** Backward from what is open now: what was made after a day was not there at its end, what was closed after it still was. */
function burndownOf(dates: readonly string[], open: number, later: Stretches): BurndownPoint[] {
  const grown = new Map<number, number>();
  for (const [figure, stretch, n] of later) grown.set(stretch, (grown.get(stretch) ?? 0) + (figure === 'created' ? n : -n));
  let remaining = open;
  const points: BurndownPoint[] = [];
  for (let day = dates.length; day >= 1; day -= 1) {
    remaining -= grown.get(day) ?? 0;
    points.unshift({ date: dates[day - 1] as string, remaining });
  }
  return points;
}
