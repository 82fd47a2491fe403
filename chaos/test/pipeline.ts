// A small pipeline of the shared parts, from the log over a position to news and mails, into which a bug can be planted. It dies
// where it is told to, and is started again.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { migrate, openDatabase } from '@taskgraph/shared/database';
import { appendEvent, placeFromText, placeToText, type NewEvent, type Place } from '@taskgraph/shared/event-log';
import { createEventLog, createTailTables, prepareEventLog } from '@taskgraph/shared/event-log-schema';
import { createAsOfSampler, queryOf, readLog } from '@taskgraph/shared/event-reader';
import { newId } from '@taskgraph/shared/ids';
import { createLogger } from '@taskgraph/shared/logger';
import { createMailer } from '@taskgraph/shared/mailer';
import { move, takeLease } from '@taskgraph/shared/tail-positions';
import { createTestDatabase, type TestDatabase } from '@taskgraph/shared/testing/postgres';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { Journal } from '../src/journal.js';
import type { DeliveryRow, LogEvent, NotificationRow } from '../src/snapshot.js';

export type Plant = 'none' | 'position committed before the effect' | 'reading by id > last' | 'a delivery marked sent before it is handed over' | 'unchecked COMMIT tag';

class CreatePipeline1763900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createEventLog(runner, 'channel');
    await createTailTables(runner, 'channel');
    await runner.query('create table notifications (id uuid primary key, user_id uuid not null, kind text not null, event_id uuid not null)');
    await runner.query(`create table deliveries (id uuid primary key, notification_id uuid not null, event_id uuid not null, user_id uuid not null, state text not null default 'PENDING', attempts integer not null default 0)`);
    await runner.query('create table taken (name text primary key)');
    await runner.query('grant select, insert, update on notifications, deliveries, taken to channel_app, channel_worker');
  }

  async down(): Promise<void> {
    throw new Error('not undone');
  }
}

export interface Pipeline {
  database: TestDatabase;
  source: DataSource;
  /** The owner and only watcher of the channel: whom each event tells. */
  watcherId: string;
  mailDir: string;
  /** Reads on from the position until there is nothing more; `dies(n)` says whether it dies at its n-th event. */
  follow: (plant: Plant, dies?: (n: number) => boolean) => Promise<void>;
  /** Sends every mail that waits; dies likewise. */
  send: (plant: Plant, dies?: (n: number) => boolean) => Promise<void>;
  /** A client's write that meets a swallowed error the first time, and its retry; what the client was told is in the journal. */
  write: (plant: Plant, journal: Journal, key: string) => Promise<void>;
  snapshot: () => Promise<{ logs: { task: LogEvent[]; project: LogEvent[]; channel: LogEvent[] }; notifications: NotificationRow[]; deliveries: DeliveryRow[]; mails: string[] }>;
  stop: () => Promise<void>;
}

export class Death extends Error {}

export const joined = (traceId: string | null = null): NewEvent => {
  const channelId = newId();
  return { type: 'channel.joined', aggregateId: channelId, seq: 1, version: 1, payload: { channelId, channelName: 'Open', userId: newId(), role: 'MEMBER', version: 1 }, actorId: newId(), traceId };
};

const key = { consumer: 'pipeline', source: 'channel' };
const log = createLogger({ service: 'test', level: 'silent' });

export async function openPipeline(): Promise<Pipeline> {
  const database = await createTestDatabase('channel', (ownerUrl) => migrate(ownerUrl, [CreatePipeline1763900000000], prepareEventLog));
  const source = await openDatabase({ url: database.owner, poolSize: 10, applicationName: 'pipeline', log });
  const mailDir = await mkdtemp(join(tmpdir(), 'taskgraph-chaos-mail-'));
  const mailer = createMailer({ directory: mailDir, from: 'Test <test@localhost>' });
  const watcherId = newId();
  const rows = async <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => (await source.query(sql, parameters)) as T[];

  async function readNext(plant: Plant, after: Place | null): Promise<{ events: { id: string }[]; next: Place }> {
    if (plant !== 'reading by id > last') return readLog(queryOf(source), createAsOfSampler(), { after, limit: 1 });
    const [row] = await rows<{ id: string } & Place>('select id, epoch, xid::text, ordinal from events where (xid, ordinal) > ($1::text::xid8, $2::int) order by xid, ordinal limit 1', [after?.xid ?? '0', after?.ordinal ?? 0]);
    return row ? { events: [{ id: row.id }], next: { epoch: row.epoch, xid: row.xid, ordinal: row.ordinal } } : { events: [], next: after as Place };
  }

  const tell = (query: (sql: string, parameters: unknown[]) => Promise<unknown>, eventId: string): Promise<unknown> => {
    const id = newId();
    return query(`insert into notifications values ($1, $2, 'CHANNEL_JOINED', $3)`, [id, watcherId, eventId]);
  };

  return {
    database, source, watcherId, mailDir,
    async follow(plant, dies = () => false) {
      const replica = newId();
      for (let n = 1; ; n += 1) {
        const standing = await takeLease(source, key, replica);
        const from = standing?.place ?? '';
        const page = await readNext(plant, placeFromText(from));
        const [event] = page.events;
        if (!event) break;
        const step = { from, next: placeToText(page.next), epoch: null, asOf: null, eventIds: [event.id] };
        const dying = (): void => {
          if (dies(n)) throw new Death();
        };
        try {
          if (plant === 'position committed before the effect') {
            await writeTransaction(source, { lock: [] }, (tx) => move(tx, key, step));
            dying();
            await tell((sql, parameters) => source.query(sql, parameters), event.id);
          } else {
            await writeTransaction(source, { lock: [] }, async (tx) => {
              await move(tx, key, step);
              dying();
              await tell(tx.query, event.id);
            });
          }
        } catch (error) {
          if (!(error instanceof Death)) throw error;
        }
      }
      await source.query(`update positions set lease_until = '-infinity'`);
    },
    async send(plant, dies = () => false) {
      for (let n = 1; ; n += 1) {
        const [due] = await rows<DeliveryRow>(`select id, notification_id as "notificationId", event_id as "eventId" from deliveries where state = 'PENDING' order by id limit 1`);
        if (!due) return;
        const mark = () => source.query(`update deliveries set state = 'DELIVERED' where id = $1`, [due.id]);
        await source.query('update deliveries set attempts = attempts + 1 where id = $1', [due.id]);
        const handOver = () => mailer.send({ id: `${due.eventId}.${due.notificationId}`, to: 'somebody@example.org', subject: 'News', text: 'News' });
        const [first, second] = plant === 'a delivery marked sent before it is handed over' ? [mark, handOver] : [handOver, mark];
        await first();
        if (!dies(n)) await second();
      }
    },
    async write(plant, journal, traceId) {
      const event = joined(traceId);
      const entry: Journal['writes'][number] = { key: traceId, field: 'joinChannel', log: 'channel', aggregateId: event.aggregateId, type: event.type, state: 'open', cursor: null, tries: 0 };
      journal.writes.push(entry);
      // Somebody else has the name the first time; the command takes that for "it is there already" and goes on.
      await rows(`insert into taken values ($1) on conflict do nothing`, [traceId]);
      const take = async (query: (sql: string) => Promise<unknown>): Promise<void> => {
        if (entry.tries === 1) await query(`insert into taken values ('${traceId}')`).catch(() => undefined);
      };
      while (entry.state === 'open') {
        entry.tries += 1;
        if (plant === 'unchecked COMMIT tag') {
          await source.transaction(async (manager) => {
            await appendEvent(manager.queryRunner as QueryRunner, event, 0);
            await take((sql) => manager.query(sql));
          });
          entry.state = 'acknowledged';
        } else {
          const done = await writeTransaction(source, { lock: [] }, async (tx) => {
            await tx.emit(event);
            await take(tx.query);
          }).then(() => true, () => false);
          if (done) entry.state = 'acknowledged';
        }
      }
    },
    async snapshot() {
      return {
        logs: { task: [], project: [], channel: await rows<LogEvent>('select id, type, aggregate_id as "aggregateId", seq, actor_id as "actorId", trace_id as "traceId", at, payload from events order by epoch, xid, ordinal') },
        notifications: await rows('select id, user_id as "userId", kind, event_id as "eventId", null as "actorId" from notifications'),
        deliveries: await rows('select id, notification_id as "notificationId", event_id as "eventId", user_id as "userId", state, attempts, null as reason from deliveries'),
        mails: (await readdir(mailDir)).filter((file) => file.endsWith('.eml')).map((file) => file.slice(0, -4)),
      };
    },
    async stop() {
      mailer.close();
      await source.destroy();
      await database.drop();
      await rm(mailDir, { recursive: true, force: true });
    },
  };
}
