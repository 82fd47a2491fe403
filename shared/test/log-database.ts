// A database with an event log, what a consumer of logs keeps, an access copy and two small tables to have an effect on.
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { createAccessTables } from '../src/access/schema.js';
import { migrate, openDatabase } from '../src/database.js';
import { reportDeadLetters } from '../src/dead-letters-schema.js';
import type { NewEvent } from '../src/event-log.js';
import { createEventLog, createTailTables, prepareEventLog } from '../src/event-log-schema.js';
import { newId } from '../src/ids.js';
import { createLogger } from '../src/logger.js';
import { connect } from '../src/provision/connect.js';
import { createTestDatabase, type TestDatabase } from '../src/testing/postgres.js';

class CreateLog1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createEventLog(runner, 'stats');
    await createTailTables(runner, 'stats');
    await reportDeadLetters(runner, 'stats');
    await createAccessTables(runner, 'stats');
    await runner.query('create table things (name text primary key, n integer not null)');
    await runner.query('create table effects (ordinal bigint generated always as identity, event_id uuid not null, seq integer not null)');
    await runner.query('grant select, insert, update, delete on things, effects to stats_app, stats_worker');
  }

  async down(): Promise<void> {
    throw new Error('not undone');
  }
}

export const silentLog = createLogger({ service: 'test', level: 'silent' });

export interface LogDatabase {
  database: TestDatabase;
  /** Pools of the application, the worker and the owner role. */
  app: DataSource;
  worker: DataSource;
  owner: DataSource;
  /** Looks at the server as a superuser, who sees what every session does. */
  observe: <R>(sql: string) => Promise<R[]>;
  stop: () => Promise<void>;
}

export async function openLogDatabase(): Promise<LogDatabase> {
  const database = await createTestDatabase('stats', (ownerUrl) => migrate(ownerUrl, [CreateLog1763600000000], prepareEventLog));
  const open = (url: string, applicationName: string) => openDatabase({ url, poolSize: 10, applicationName, log: silentLog });
  const [app, worker, owner] = await Promise.all([open(database.app, 'app'), open(database.worker, 'worker'), open(database.owner, 'owner')]);
  const admin = await connect(database.admin);
  return {
    database, app, worker, owner,
    observe: async <R>(sql: string) => (await admin.query(sql)).rows as R[],
    async stop() {
      await admin.end();
      await Promise.all([app, worker, owner].map((source) => source.destroy()));
      await database.drop();
    },
  };
}

/** An event about a channel; which one hardly matters to a log. */
export function someEvent(seq: number, aggregateId = newId(), type: 'channel.joined' | 'channel.left' = 'channel.joined'): NewEvent {
  const payload = { channelId: aggregateId, channelName: 'Garden', userId: newId(), role: 'MEMBER', version: seq };
  return { type, aggregateId, seq, version: seq, payload, actorId: null, traceId: 'test' };
}
