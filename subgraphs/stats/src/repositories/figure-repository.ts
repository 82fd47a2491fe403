import { selectRows } from '@taskgraph/shared/database';
import type { DataSource } from 'typeorm';
import type { SubjectKind } from '../facts.js';
import { consumer, sources } from '../feeds.js';
import { figuresFrom, type Count, type Figures } from '../figures.js';

interface Row {
  asOf: Date | null;
  counts: Count[];
  overdue: number;
}

/**
 * Figures of subjects of one kind in the order of `ids`, null while some feed has not yet said how far it is. A subject has at
 * most 40 counters; overdue tasks are counted over a range of an index. Counts and `asOf` come from one snapshot.
 */
export async function findFigures(database: DataSource, kind: SubjectKind, ids: readonly string[]): Promise<(Figures | null)[]> {
  const rows = await selectRows<Row>(
    database,
    `select heard.as_of as "asOf", counted.counts, late.overdue
     from unnest($2::uuid[]) with ordinality as subject (id, place)
     cross join (
       select case when count(as_of) = cardinality($4::text[]) then min(as_of) end as as_of
       from positions where consumer = $3 and source = any($4::text[])
     ) heard
     cross join lateral (
       select coalesce(jsonb_agg(jsonb_build_array(status, priority, n)), '[]') as counts
       from counters where kind = $1 and subject_id = subject.id and n > 0
     ) counted
     cross join lateral (
       select count(*)::integer as overdue from due_tasks where kind = $1 and subject_id = subject.id and due_at < now()
     ) late
     order by subject.place`,
    [kind, ids, consumer, sources],
  );
  return rows.map(({ asOf, counts, overdue }) => (asOf === null ? null : figuresFrom(counts, overdue, asOf)));
}
