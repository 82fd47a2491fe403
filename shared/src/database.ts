// A subgraph's connections: TypeORM data sources bound to its own schema by the role's search_path.
import pg from 'pg';
import { DataSource, type EntitySchema, type Logger as TypeOrmLogger, type MigrationInterface } from 'typeorm';
import type { Logger } from 'pino';
import { tellOfPool } from './metrics/database-metrics.js';
import { tracedClient } from './tracing/sql.js';

/**
 * A connection can be lost in the very moment in which the pool hands it over, while nobody listens to it yet; an error event
 * without a listener would end the process. Whoever uses the connection meets the error at the next statement.
 */
class ListenedClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => {});
  }
}

/** Time to get a connection from the pool, in milliseconds; then the caller hears OVERLOADED. */
const connectTimeoutMs = 3_000;

export interface DatabaseOptions {
  url: string;
  poolSize: number;
  entities?: EntitySchema[];
  applicationName: string;
  log: Logger;
}

/** Opens a pool. Timeouts for statements and locks come from the database role (see provision.ts). */
export async function openDatabase({ url, poolSize, entities = [], applicationName, log }: DatabaseOptions): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    entities,
    applicationName,
    poolSize,
    extra: { Client: tracedClient(ListenedClient) },
    connectTimeoutMS: connectTimeoutMs,
    poolErrorHandler: (error: unknown) => log.warn({ err: error }, 'an idle database connection was lost'),
    // UUIDs are made by us; asking the server for an extension needs rights that the role does not have.
    installExtensions: false,
    // LOG_LEVEL=trace shows each statement, without its parameters: those can hold what a log must not.
    ...(log.isLevelEnabled('trace') ? { logging: ['query' as const], logger: new StatementLog(log) } : { logging: false }),
  });
  await dataSource.initialize();
  tellOfPool(dataSource, { pool: applicationName, most: poolSize });
  return dataSource;
}

class StatementLog implements TypeOrmLogger {
  readonly #log: Logger;
  constructor(log: Logger) {
    this.#log = log;
  }
  logQuery(sql: string): void {
    this.#log.trace({ sql }, 'statement');
  }
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}

/** Key of the advisory lock under which one replica migrates while the others wait. */
const migrationLock = 'taskgraph migrations';

/**
 * Applies pending migrations as the owner role, one replica at a time, each migration in its own transaction, then runs
 * `after` still under the lock (the log's epoch is settled there). Waits up to `patienceMs` for the server to accept connections.
 */
export async function migrate(
  ownerUrl: string,
  migrations: (new () => MigrationInterface)[],
  after?: (owner: DataSource) => Promise<void>,
  patienceMs = 30_000,
): Promise<void> {
  const owner = await connectPatiently(ownerUrl, migrations, patienceMs);
  try {
    const runner = owner.createQueryRunner();
    try {
      // A session lock on this one connection; it goes with the connection should the process die.
      await runner.query('select pg_advisory_lock(hashtextextended($1 || current_schema(), 0))', [migrationLock]);
      await owner.runMigrations({ transaction: 'each' });
      await after?.(owner);
      await runner.query('select pg_advisory_unlock(hashtextextended($1 || current_schema(), 0))', [migrationLock]);
    } finally {
      await runner.release();
    }
  } finally {
    await owner.destroy();
  }
}

async function connectPatiently(url: string, migrations: (new () => MigrationInterface)[], patienceMs: number): Promise<DataSource> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    try {
      return await new DataSource({
        type: 'postgres',
        url,
        migrations,
        migrationsTableName: 'migrations',
        poolSize: 3,
        extra: { Client: ListenedClient },
        applicationName: 'migrate',
        connectTimeoutMS: connectTimeoutMs,
        installExtensions: false,
        logging: false,
      }).initialize();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

/** Whether the database answers within two seconds; for readiness. */
export async function databaseAnswers(dataSource: DataSource): Promise<boolean> {
  const timeout = new Promise<false>((resolve) => setTimeout(() => resolve(false), 2_000).unref());
  const answer = dataSource.query('select 1').then(
    () => true,
    () => false,
  );
  return Promise.race([answer, timeout]);
}

/** Runs one statement on its own and answers its rows, those of RETURNING included (TypeORM's own `query` answers those as `[rows, count]`). */
export async function selectRows<R = Record<string, unknown>>(dataSource: DataSource, sql: string, parameters: unknown[] = []): Promise<R[]> {
  const runner = dataSource.createQueryRunner();
  try {
    return ((await runner.query(sql, parameters, true)).records ?? []) as R[];
  } finally {
    await runner.release();
  }
}
