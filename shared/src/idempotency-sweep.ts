// Deletes what was kept for resends and can no longer be asked for.
import type { DataSource } from 'typeorm';

/** Rows of one statement: each stays short, however many there are. */
const batchSize = 1_000;

/** Deletes answers older than 24 h (RULES §3), batch by batch; the role needs select and delete on `idempotency`. Answers how many. */
export async function deleteOldAnswers(database: DataSource): Promise<number> {
  let total = 0;
  for (;;) {
    const [, count] = (await database.query(
      `delete from idempotency where ctid = any (array(select ctid from idempotency where created_at < now() - interval '24 hours' limit $1))`,
      [batchSize],
    )) as [unknown, number];
    total += count;
    if (count < batchSize) return total;
  }
}
