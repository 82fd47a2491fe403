import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { isRunning, stopLeftover } from '../embedded-postgres/leftover.js';
import { placesOf, removePlace } from '../embedded-postgres/place.js';
import { startEmbeddedPostgres } from '../embedded-postgres/start.js';
import { provision, roleUrls } from '../provision.js';
import { connect, withDatabase } from '../provision/connect.js';
import { type RolePasswords, type SchemaName, SCHEMAS } from '../provision/names.js';
import { closeDatabase, rolesOf } from '../provision/roles.js';

/** What test files need to know of the cluster that the global set-up started; plain data, it crosses processes. */
export interface TestCluster {
  /** Superuser, on the maintenance database. */
  adminUrl: string;
  passwords: RolePasswords;
  dataDir: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    taskgraphPostgres: TestCluster;
  }
}

export interface TestDatabase {
  name: string;
  app: string;
  worker: string;
  owner: string;
  /** Superuser on this database. */
  admin: string;
  /** Role bullmq on this database, its schema migrated. */
  queue: string;
  /** Drops the database, whoever is connected. */
  drop: () => Promise<void>;
}

const PREFIX = 'taskgraph-test-postgres-';
const BASE = 'taskgraph';
const id = pg.escapeIdentifier;

/** Starts a cluster provisioned like production, without fsync. For the global set-up of a package's tests. */
export async function startTestCluster(): Promise<{ cluster: TestCluster; stop: () => Promise<void> }> {
  await sweepAbandoned();
  const dir = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const dataDir = join(dir, 'data');
  const server = await startEmbeddedPostgres({ dataDir, password: randomBytes(16).toString('hex'), durable: false });
  const stop = async (): Promise<void> => {
    await server.stop();
    removePlace(dataDir);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const passwords = testPasswords();
    await provision({ adminUrls: everySchemaAt(server.adminUrl(BASE)), passwords });
    return { cluster: { adminUrl: server.adminUrl('postgres'), passwords, dataDir: server.dataDir }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * A database of one's own: a clone of a template that is migrated once per package run.
 * `migrate` must leave no connection open. Call `drop()` when done.
 */
export async function createTestDatabase(schema: SchemaName, migrate: (ownerUrl: string) => Promise<void>): Promise<TestDatabase> {
  const { adminUrl, passwords } = inject('taskgraphPostgres');
  const template = `template_${schema}`;
  const name = `${schema}_${randomBytes(6).toString('hex')}`;
  await ensureTemplate(template, schema, migrate);
  await withAdmin(adminUrl, (admin) => admin.query(`CREATE DATABASE ${id(name)} TEMPLATE ${id(template)}`));
  const here = withDatabase(adminUrl, name);
  await withAdmin(here, (admin) => closeDatabase(admin, rolesOf(SCHEMAS, true)));
  const urls = roleUrls(everySchemaAt(here), passwords);
  return {
    name,
    ...urls[schema],
    admin: here,
    queue: urls.bullmq,
    drop: () => withAdmin(adminUrl, async (admin) => void (await admin.query(`DROP DATABASE IF EXISTS ${id(name)} WITH (FORCE)`))),
  };
}

/** Test files run in several processes: the first one makes the template, the others wait for it. */
async function ensureTemplate(template: string, schema: SchemaName, migrate: (ownerUrl: string) => Promise<void>): Promise<void> {
  const { adminUrl, passwords } = inject('taskgraphPostgres');
  await withAdmin(adminUrl, async (admin) => {
    const key = createHash('sha256').update(template).digest().readInt32BE();
    await admin.query('SELECT pg_advisory_lock($1)', [key]);
    // A template that takes no connections is a finished one.
    const found = await admin.query<{ open: boolean }>('SELECT datallowconn AS open FROM pg_database WHERE datname = $1', [template]);
    if (found.rows[0]?.open === false) return;
    if (found.rows[0]) await admin.query(`DROP DATABASE ${id(template)} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${id(template)} TEMPLATE ${id(BASE)}`);
    const here = withDatabase(adminUrl, template);
    await withAdmin(here, (inside) => closeDatabase(inside, rolesOf(SCHEMAS, true)));
    await migrate(roleUrls(everySchemaAt(here), passwords)[schema].owner);
    await admin.query(`ALTER DATABASE ${id(template)} ALLOW_CONNECTIONS false`);
    await admin.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [template]);
  });
}

async function withAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = await connect(url);
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function everySchemaAt(url: string): Record<SchemaName | 'bullmq', string> {
  return { user: url, project: url, task: url, channel: url, stats: url, bullmq: url };
}

function testPasswords(): RolePasswords {
  const password = (): string => randomBytes(12).toString('hex');
  const entries = SCHEMAS.map((schema) => [schema, { owner: password(), app: password(), worker: password() }] as const);
  return { ...(Object.fromEntries(entries) as Omit<RolePasswords, 'bullmq'>), bullmq: password() };
}

/** A test run killed with SIGKILL leaves its server behind; the next run ends it. */
async function sweepAbandoned(): Promise<void> {
  for (const entry of readdirSync(tmpdir())) {
    const owner = entry.startsWith(PREFIX) ? Number.parseInt(entry.slice(PREFIX.length), 10) : Number.NaN;
    if (Number.isNaN(owner) || isRunning(owner)) continue;
    const dir = join(tmpdir(), entry);
    try {
      const { home, awayData } = placesOf(join(dir, 'data'));
      for (const place of [home, awayData]) await stopLeftover(place);
      removePlace(home);
      rmSync(dir, { recursive: true, force: true });
    } catch {
      // Another account's, or another run sweeps at the same time.
    }
  }
}
