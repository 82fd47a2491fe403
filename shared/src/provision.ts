import type pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, connectAdmin, explain, withCredentials } from './provision/connect.js';
import { type BySchema, QUEUE_ROLE, roleName, type RolePasswords, type RoleUrls, type SchemaName, SCHEMAS } from './provision/names.js';
import { ensureQueueSchema } from './provision/queue-schema.js';
import { closeDatabase, ensureSchema, rolesOf } from './provision/roles.js';

export interface ProvisionOptions {
  /** URL of an administrator (superuser, or CREATEROLE and owner of the database) for each schema and the queue. */
  adminUrls: BySchema<string> & { bullmq: string };
  passwords: RolePasswords;
  /** What the operator calls the URL of that schema, for error messages. */
  settingOf?: (schema: SchemaName | 'bullmq') => string;
}

// 'TGPV' as a number; any two provisioners of one database take turns.
const LOCK = 0x54475056;

// Roles belong to the whole server while the lock is per database: two databases prepared at once may collide.
// 42710 duplicate_object, 23505 unique_violation, XX000 "tuple concurrently updated", 40P01 deadlock.
const COLLISIONS = new Set(['42710', '23505', 'XX000', '40P01']);

/**
 * Makes database, roles, schemas and grants where they are missing, and always sets the passwords given.
 * Takes nothing away that holds data. Safe to run at every start and by two at once.
 */
export async function provision({ adminUrls, passwords, settingOf = () => 'DATABASE_URL' }: ProvisionOptions): Promise<RoleUrls> {
  const parts = [...SCHEMAS, QUEUE_ROLE] as const;
  for (const url of new Set(Object.values(adminUrls))) {
    const here = parts.filter((part) => adminUrls[part] === url);
    await provisionDatabase(url, here, passwords, settingOf(here[0]!));
  }
  return roleUrls(adminUrls, passwords);
}

/** The URL of every role, without asking the server. */
export function roleUrls(adminUrls: ProvisionOptions['adminUrls'], passwords: RolePasswords): RoleUrls {
  const entries = SCHEMAS.map((schema) => {
    const url = (kind: 'owner' | 'app' | 'worker'): string =>
      withCredentials(adminUrls[schema], roleName(schema, kind), passwords[schema][kind]);
    return [schema, { owner: url('owner'), app: url('app'), worker: url('worker') }] as const;
  });
  const bullmq = withCredentials(adminUrls.bullmq, QUEUE_ROLE, passwords.bullmq);
  return { ...(Object.fromEntries(entries) as BySchema<RoleUrls[SchemaName]>), bullmq };
}

async function provisionDatabase(url: string, parts: (SchemaName | 'bullmq')[], passwords: RolePasswords, setting: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const admin = await connectAdmin(url, setting);
    try {
      await admin.query('SELECT pg_advisory_lock($1)', [LOCK]);
      await prepare(admin, parts, passwords);
      return;
    } catch (error) {
      if (attempt === 20 || !COLLISIONS.has(codeOf(error) ?? '')) throw explain(error, url, setting);
      await delay(20 + Math.random() * 100);
    } finally {
      // Ends the session and with it the lock.
      await admin.end().catch(() => {});
    }
  }
}

async function prepare(admin: pg.Client, parts: (SchemaName | 'bullmq')[], passwords: RolePasswords): Promise<void> {
  const schemas = SCHEMAS.filter((schema) => parts.includes(schema));
  const withQueue = parts.includes(QUEUE_ROLE);
  for (const schema of schemas) await ensureSchema(admin, schema, passwords[schema]);
  if (withQueue) await ensureQueueSchema(admin, passwords.bullmq);
  await closeDatabase(admin, rolesOf(schemas, withQueue));
}
