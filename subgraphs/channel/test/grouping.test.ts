// Which changes join which row, against a model: random histories of changes, reading, archiving and snoozing (RULES §7).
import { openDatabase } from '@taskgraph/shared/database';
import { newId } from '@taskgraph/shared/ids';
import { createLogger } from '@taskgraph/shared/logger';
import { createTestDatabase, type TestDatabase } from '@taskgraph/shared/testing/postgres';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notify } from '../src/commands/notify.js';
import { entities, migrateDatabase } from '../src/database.js';

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
