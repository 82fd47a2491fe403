// Which changes join which row, against a model: random histories of changes, reading, archiving and snoozing (RULES §7). And
// whether many events in one batch come to the same as one after the other.
import { openDatabase } from '@taskgraph/shared/database';
import type { TailedEvent } from '@taskgraph/shared/event-tail';
import { newId } from '@taskgraph/shared/ids';
import { createLogger } from '@taskgraph/shared/logger';
import { createTestDatabase, type TestDatabase } from '@taskgraph/shared/testing/postgres';
import { scopeId } from '@taskgraph/shared/scope';
import { writeTransaction, type WriteTransaction } from '@taskgraph/shared/write-transaction';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notify } from '../src/commands/notify.js';
import { entities, migrateDatabase } from '../src/database.js';
import { onTasksChanged } from '../src/events/on-tasks-changed.js';

let database: TestDatabase;
let source: DataSource;
beforeAll(async () => {
  database = await createTestDatabase('channel', migrateDatabase);
  source = await openDatabase({ url: database.worker, poolSize: 2, entities, applicationName: 'test', log: createLogger({ service: 'test', level: 'error' }) });
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

const minuteMs = 60_000;
const state = fc.constantFrom('read_at', 'archived_at', 'snoozed_until');
/** A change of one of two tasks so many minutes after the last one, told to one or both; or a person puts their newest row into a state. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('change' as const), minutes: fc.integer({ min: 0, max: 7 }), task: fc.integer({ min: 0, max: 1 }), people: fc.constantFrom([0], [1], [0, 1]), field: fc.constantFrom('title', 'dueAt', 'labelIds') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('put' as const), person: fc.integer({ min: 0, max: 1 }), task: fc.integer({ min: 0, max: 1 }), state }) },
);

interface Row {
  fields: string[];
  at: number;
  open: boolean;
}

test('a change joins the newest open row of its task and person that is at most 5 minutes old, else it is a new row', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      const [people, tasks] = [[newId(), newId()], [newId(), newId()]];
      const model = new Map<string, Row[]>();
      const rowsOf = (person: number, task: number): Row[] => {
        const key = `${person} ${task}`;
        if (!model.has(key)) model.set(key, []);
        return model.get(key) as Row[];
      };
      let at = Date.now() - 24 * 60 * minuteMs;
      for (const one of steps) {
        if (one.kind === 'put') {
          const newest = rowsOf(one.person, one.task).at(-1);
          if (newest) newest.open = false;
          await source.query(
            `update notifications set ${one.state} = now() where id = (select id from notifications where user_id = $1 and task_id = $2 order by created_at desc, place desc limit 1)`,
            [people[one.person], tasks[one.task]],
          );
          continue;
        }
        // A second more than whole minutes: nothing lies on the border.
        at += one.minutes * minuteMs + 1_000;
        for (const person of one.people) {
          const open = rowsOf(person, one.task).findLast((row) => row.open && row.at >= at - 5 * minuteMs);
          if (open) Object.assign(open, { at, fields: [...open.fields, ...(open.fields.includes(one.field) ? [] : [one.field])] });
          else rowsOf(person, one.task).push({ fields: [one.field], at, open: true });
        }
        const news = one.people.map((person) => ({
          userId: people[person] as string, kind: 'TASK_UPDATED' as const, title: 'x', body: null, taskId: tasks[one.task] as string, projectId: null, channelId: null, changed: [one.field],
        }));
        const event = { id: newId(), actorId: null, at: new Date(at).toISOString() };
        await writeTransaction(source, { lock: [] }, (tx) => notify(tx, event, news, () => undefined));
      }
      for (const [key, expected] of model) {
        const [person, task] = key.split(' ').map(Number) as [number, number];
        const rows: { changed: string[]; at: Date }[] = await source.query('select changed, created_at as at from notifications where user_id = $1 and task_id = $2 order by created_at, id', [people[person], tasks[task]]);
        expect(rows.map((row) => ({ fields: row.changed, at: row.at.getTime() }))).toEqual(expected.map((row) => ({ fields: row.fields, at: row.at })));
      }
    }),
    { numRuns: 20, verbose: true },
  );
}, 120_000);

const person = fc.integer({ min: 0, max: 2 });
const deed = fc.record({
  type: fc.constantFrom('task.created', 'task.updated', 'task.updated', 'task.assigned', 'task.completed', 'task.commented', 'task.moved', 'task.deleted', 'task.restored', 'task.purged'),
  task: fc.integer({ min: 0, max: 2 }), actor: person, assignees: fc.uniqueArray(person), watchers: fc.uniqueArray(person), minutes: fc.integer({ min: 0, max: 3 }),
  field: fc.constantFrom('title', 'dueAt', 'labelIds'), left: fc.boolean(), imported: fc.constantFrom(false, false, false, true),
});

class Undone extends Error {}

/** What `work` leaves of news, mail and feed, in the order of each person's list of a task; all of it is undone. */
async function leftBy(work: (tx: WriteTransaction) => Promise<unknown>, tasks: string[]): Promise<unknown[][]> {
  let rows: unknown[][] = [];
  const done = writeTransaction(source, { lock: ['notifications'] }, async (tx) => {
    await work(tx);
    rows = [
      await tx.query(
        `select user_id, task_id, kind, title, body, project_id, owner_id, in_app, changed, actor_id, event_id, created_at, listed_at, trashed
         from notifications where task_id = any($1::uuid[]) order by task_id, user_id, place`, [tasks],
      ),
      await tx.query(
        `select n.task_id, d.user_id, n.event_id as told, d.event_id, d.hold from deliveries d join notifications n on n.id = d.notification_id
         where n.task_id = any($1::uuid[]) order by n.task_id, d.user_id, n.place`, [tasks],
      ),
      await tx.query('select id, kind, actor_id, task_id, project_id, summary, at, trashed from activities where task_id = any($1::uuid[]) order by id', [tasks]),
    ];
    throw new Undone();
  });
  await expect(done).rejects.toThrow(Undone);
  return rows;
}

test('a batch of events leaves the news, mails and lines of the feed that they leave one after the other (RULES §7)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 2, maxLength: 16 }), async (deeds) => {
      const ids = () => [newId(), newId(), newId()];
      const [people, tasks, projects] = [ids(), ids(), ids()];
      for (const projectId of projects) {
        await source.query(`insert into scope_members (scope_id, user_id, role, version) select $1, unnest($2::uuid[]), 'MEMBER', 1`, [scopeId('project', projectId), people.slice(0, 2)]);
      }
      let at = Date.now() - 60 * minuteMs;
      const events = deeds.map(({ type, task, actor, assignees, watchers, minutes, field, left, imported }): TailedEvent => {
        at += minutes * minuteMs;
        const place = { projectId: projects[task], channelId: null, ownerId: null };
        const those = (indexes: number[]) => indexes.map((index) => people[index]);
        const state = { title: 'x', status: 'PENDING', assigneeIds: those(assignees), watcherIds: those(watchers), ...place };
        const before = type === 'task.created' ? null : { ...state, ...(type === 'task.moved' && left ? { projectId: projects[(task + 1) % 3] } : {}) };
        return {
          id: newId(), type, aggregateId: tasks[task] as string, seq: 1, version: 1, actorId: people[actor] as string, traceId: null, scopeId: null, at: new Date(at).toISOString(),
          payload: {
            taskId: tasks[task], ref: 'WEB-1', ...place, creatorId: people[2], state, before, changes: [{ field, before: null, after: null }], version: 1, imported,
            ...(type === 'task.commented' ? { commentId: newId(), authorId: people[actor], action: 'added', newMentionIds: those(watchers) } : {}),
          },
        };
      });
      const together = onTasksChanged({ consumer: 'channel', enqueueMails: () => undefined, enqueuePosts: () => undefined });
      const atOnce = await leftBy((tx) => together(tx, events), tasks);
      const inTurn = await leftBy(async (tx) => {
        for (const event of events) await together(tx, [event]);
      }, tasks);
      expect(atOnce).toEqual(inTurn);
    }),
    { numRuns: 25 },
  );
}, 120_000);
