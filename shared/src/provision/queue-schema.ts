import { runMigrations } from 'bullmq';
import pg from 'pg';
import { QUEUE_ROLE } from './names.js';
import { ensureRole, joinRole } from './roles.js';

const id = pg.escapeIdentifier;

/** BullMQ's role and schema, migrated to the version of the BullMQ installed. */
export async function ensureQueueSchema(admin: pg.Client, password: string): Promise<void> {
  await ensureRole(admin, QUEUE_ROLE, password, { search_path: id(QUEUE_ROLE), idle_in_transaction_session_timeout: '60s' });
  await joinRole(admin, QUEUE_ROLE);
  const { rows } = await admin.query<{ name: string }>('SELECT current_database() AS name');
  const database = id(rows[0]!.name);
  // Its migrations say CREATE SCHEMA IF NOT EXISTS, which asks for the right even if the schema exists.
  await admin.query(`GRANT CREATE ON DATABASE ${database} TO ${id(QUEUE_ROLE)}`);
  try {
    await admin.query(`SET ROLE ${id(QUEUE_ROLE)}`);
    await runMigrations(admin, QUEUE_ROLE);
    await admin.query(`REVOKE ALL ON SCHEMA ${id(QUEUE_ROLE)} FROM PUBLIC`);
  } finally {
    await admin.query('RESET ROLE').catch(() => {});
    await admin.query(`REVOKE CREATE ON DATABASE ${database} FROM ${id(QUEUE_ROLE)}`).catch(() => {});
  }
}
