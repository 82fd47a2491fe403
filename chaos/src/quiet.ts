// Waits until nothing is under way any more: every log read to its end, every delivery at its end.
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@taskgraph/shared/provision/connect';
import type { System } from './system.js';

const schemas = ['user', 'project', 'task', 'channel', 'stats'];

/** What is still under way, in words; empty: quiet. */
async function underWay(adminUrl: string): Promise<string[]> {
  const client = await connect(adminUrl);
  const rows = async <T>(sql: string): Promise<T[]> => (await client.query(sql)).rows as T[];
  try {
    const busy: string[] = [];
    const has = new Set((await rows<{ name: string }>(`select table_schema || '.' || table_name as name from information_schema.tables where table_name in ('positions', 'events')`)).map(({ name }) => name));
    for (const schema of schemas.filter((name) => has.has(`${name}.positions`))) {
      for (const { consumer, source, place } of await rows<{ consumer: string; source: string; place: string }>(`select consumer, source, place from "${schema}".positions`)) {
        if (!has.has(`${source}.events`)) continue;
        const [, xid, ordinal] = place.split('.');
        const [row] = await rows<{ n: number }>(
          `select count(*)::int as n from "${source}".events where (xid, ordinal) > ('${xid || '0'}'::xid8, ${ordinal || '0'}) and xid < pg_snapshot_xmax(pg_current_snapshot())`,
        );
        // What is not asked for is jumped over once there is nothing else; the reader's next answer says so.
        if (row && row.n > 0) busy.push(`${schema}: ${consumer} is ${row.n} events of ${source} behind`);
      }
    }
    const [waiting] = await rows<{ n: number; reasons: string }>(
      `select count(*)::int as n, string_agg(distinct coalesce(last_error, 'not tried'), ', ') as reasons from channel.deliveries where state = 'PENDING' and hold is null`,
    );
    if (waiting && waiting.n > 0) busy.push(`${waiting.n} e-mails are not sent yet (${waiting.reasons})`);
    const [unposted] = await rows<{ n: number; reasons: string }>(`select count(*)::int as n, string_agg(distinct coalesce(last_error, 'not tried'), ', ') as reasons from channel.webhook_deliveries where state = 'PENDING'`);
    if (unposted && unposted.n > 0) busy.push(`${unposted.n} posts to webhooks are not made yet (${unposted.reasons})`);
    return busy;
  } finally {
    await client.end();
  }
}

/** Resolves with the milliseconds it took; after `limitMs` with what was still under way. */
export async function untilQuiet(system: Pick<System, 'adminUrl'>, limitMs: number): Promise<{ tookMs: number; left: string[] }> {
  const from = performance.now();
  for (;;) {
    const left = await underWay(await system.adminUrl()).catch((error: unknown) => [`the database does not answer (${String(error)})`]);
    const tookMs = performance.now() - from;
    if (left.length === 0 || tookMs > limitMs) return { tookMs, left };
    await delay(200);
  }
}
