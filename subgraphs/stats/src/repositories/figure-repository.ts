// Figures of subjects of one kind, always in the order of `ids`, of the generation that is served.
import { selectRows } from '@taskgraph/shared/database';
import type { DataSource } from 'typeorm';
import type { SubjectKind } from '../facts.js';
import { consumer, sources } from '../feeds.js';
import { figuresFrom, type Figures, type StatusCount, type PersonalWork } from '../figures.js';
import { firstClosedKey, type Figure } from '../moves.js';
import { serving } from './generation-repository.js';

/** Up to when the logs are heard: null until each has been; parameters are the consumer and its sources. */
export const heard = (consumerAt: string, sourcesAt: string): string => `(
  select case when count(as_of) = cardinality(${sourcesAt}::text[]) then min(as_of) end
  from positions where consumer = ${consumerAt} and source = any(${sourcesAt}::text[])
)`;

interface Row {
  id: string;
  asOf: Date | null;
  counts: StatusCount[];
  overdue: number;
}

/**
 * Null while some feed has not yet said how far it is. A subject has at most 40 counters by status; overdue tasks are counted
 * over a range of an index. Counts and `asOf` come from one snapshot.
 */
export async function findFigures(database: DataSource, kind: SubjectKind, ids: readonly string[]): Promise<(Figures | null)[]> {
  const rows = await selectRows<Row>(
    database,
    `with served as materialized (select ${serving} as generation, ${heard('$3', '$4')} as as_of)
     select subject.id, served.as_of as "asOf", counted.counts, late.overdue
     from served cross join unnest($2::uuid[]) with ordinality as subject (id, place)
     cross join lateral (
       select coalesce(jsonb_agg(jsonb_build_array(key, n)), '[]') as counts from counters
       where generation = served.generation and kind = $1 and subject_id = subject.id and figure = 'status' and n > 0
     ) counted
     cross join lateral (
       select count(*)::integer as overdue from due_tasks
       where generation = served.generation and kind = $1 and subject_id = subject.id and due_at < now()
     ) late
     order by subject.place`,
    [kind, ids, consumer, sources],
  );
  return rows.map(({ id, asOf, counts, overdue }) => (asOf === null ? null : figuresFrom(id, counts, overdue, asOf)));
}

/** How many there are in each stretch, by its number. */
export type Stretches = [figure: Figure, stretch: number, n: number][];

/** Counts by quarter of an hour, summed between neighbouring bounds: stretch 1 lies between the first and the second. */
export async function sumQuarters(database: DataSource, kind: SubjectKind, ids: readonly string[], figures: readonly Figure[], bounds: readonly number[]): Promise<Stretches[]> {
  const rows = await selectRows<{ stretches: Stretches }>(
    database,
    `select coalesce(found.stretches, '[]') as stretches
     from (select ${serving} as generation) served cross join unnest($2::uuid[]) with ordinality as subject (id, place)
     cross join lateral (
       select jsonb_agg(jsonb_build_array(figure, stretch, n)) as stretches from (
         select figure, width_bucket(key, $4::integer[]) as stretch, sum(n) as n from counters
         where generation = served.generation and kind = $1 and subject_id = subject.id and figure = any($3::text[]) and key >= $5 and key < $6
         group by 1, 2
       ) sums
     ) found
     order by subject.place`,
    [kind, ids, figures, bounds, bounds[0], bounds.at(-1)],
  );
  return rows.map((row) => row.stretches);
}

/** How many tasks are open, and how many were made and closed after the end of each day: stretch 1 lies after the first end. */
export async function findRemaining(database: DataSource, ids: readonly string[], ends: readonly number[]): Promise<{ open: number; later: Stretches }[]> {
  return selectRows<{ open: number; later: Stretches }>(
    database,
    `select coalesce(now_open.n, 0)::integer as open, coalesce(found.later, '[]') as later
     from (select ${serving} as generation) served cross join unnest($1::uuid[]) with ordinality as subject (id, place)
     cross join lateral (
       select sum(n) as n from counters
       where generation = served.generation and kind = 'project' and subject_id = subject.id and figure = 'status' and key < $3
     ) now_open
     cross join lateral (
       select jsonb_agg(jsonb_build_array(figure, stretch, n)) as later from (
         select figure, width_bucket(key, $2::integer[]) as stretch, sum(n) as n from counters
         where generation = served.generation and kind = 'project' and subject_id = subject.id and figure in ('created', 'closed') and key >= $4
         group by 1, 2
       ) sums
     ) found
     order by subject.place`,
    [ids, ends, firstClosedKey, ends[0]],
  );
}

export type DurationCounts = Record<'cycle' | 'lead', [bucket: number, n: number][]>;

/** Samples of a project by bucket of duration; there are fewer than a thousand buckets. */
export async function findDurations(database: DataSource, ids: readonly string[]): Promise<DurationCounts[]> {
  const rows = await selectRows<{ counts: [Figure, number, number][] }>(
    database,
    `select coalesce(found.counts, '[]') as counts
     from (select ${serving} as generation) served cross join unnest($1::uuid[]) with ordinality as subject (id, place)
     cross join lateral (
       select jsonb_agg(jsonb_build_array(figure, key, n)) as counts from counters
       where generation = served.generation and kind = 'project' and subject_id = subject.id and figure in ('cycle', 'lead') and n > 0
     ) found
     order by subject.place`,
    [ids],
  );
  return rows.map(({ counts }) => {
    const of = (wanted: Figure) => counts.filter(([figure]) => figure === wanted).map(([, bucket, n]): [number, number] => [bucket, n]);
    return { cycle: of('cycle'), lead: of('lead') };
  });
}

/** People with tasks in a place, at most `limit` of them, those with the most of `first` before the others. */
export async function findWorkloads(database: DataSource, kind: 'project' | 'channel', ids: readonly string[], first: 'open' | 'completed', limit: number): Promise<PersonalWork[][]> {
  const second = first === 'open' ? 'completed' : 'open';
  const rows = await selectRows<{ people: PersonalWork[] }>(
    database,
    `select coalesce(found.people, '[]') as people
     from (select ${serving} as generation) served cross join unnest($2::uuid[]) with ordinality as subject (id, place)
     cross join lateral (
       select jsonb_agg(jsonb_build_object('userId', user_id, 'open', open, 'completed', completed)
         order by ${first} desc, ${second} desc, user_id) as people
       from (
         select user_id, open, completed from workloads
         where generation = served.generation and kind = $1 and subject_id = subject.id and (open > 0 or completed > 0)
         order by ${first} desc, ${second} desc, user_id limit $3
       ) top
     ) found
     order by subject.place`,
    [kind, ids, limit],
  );
  return rows.map((row) => row.people);
}
