// What nobody can use any more goes; what somebody can stays.
import { openDatabase } from '@taskgraph/shared/database';
import { createLogger } from '@taskgraph/shared/logger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanUp } from '../src/jobs/clean-up.js';
import { onDatabase, startUser, type Harness } from './harness.js';
import { refresh, register } from './people.js';

let user: Harness;
beforeAll(async () => void (user = await startUser()));
afterAll(() => user.stop());

test('a mail that was given up stays as long as an ADMIN can have it run again, and no longer', async () => {
  const sql = (text: string) => onDatabase(user.database.admin, text);
  const database = await openDatabase({ url: user.database.worker, poolSize: 1, applicationName: 'test', log: createLogger({ service: 'user', level: 'error' }) });
  await sql(`with dead as (insert into mails (id, kind, email, email_key, state, created_at) values (gen_random_uuid(), 'RESET', 'd', 'd', 'DEAD', now() - interval '8 days') returning id)
    insert into dead_letters (id, queue, name, reason, attempts, payload) select gen_random_uuid(), 'mails', 'send-mail', 'gone', 8, jsonb_build_object('mailId', id) from dead`);
  expect(await cleanUp(database, 30)).toBe(0);
  await sql('delete from dead_letters');
  expect(await cleanUp(database, 30)).toBe(1);
  await database.destroy();
});

test('the worker removes ended sessions with their tokens, old counts, mails and records, and nothing that lives', async () => {
  const [ann, bob] = [await register(user, 'ann'), await register(user, 'bob')];
  for (const { refreshToken } of [ann, bob]) await refresh(user, refreshToken);
  const sql = (text: string) => onDatabase(user.database.admin, text);
  await sql(`update sessions set revoked_at = now() - interval '2 days' where id = '${bob.sessionId}'`);
  await sql(`insert into password_checks values ('old', now() - interval '2 days', 1), ('new', now(), 1)`);
  await sql(`insert into mails (id, kind, email, email_key, state, created_at) values
    (gen_random_uuid(), 'RESET', 'a', 'a', 'SENT', now() - interval '8 days'), (gen_random_uuid(), 'RESET', 'b', 'b', 'PENDING', now() - interval '8 days')`);
  await sql(`insert into mail_tokens values ('old', 'RESET', '${ann.id}', 'a', 'a', now() - interval '1 minute'), ('new', 'RESET', '${ann.id}', 'a', 'a', now() + interval '1 minute')`);
  await sql(`insert into idempotency (viewer_id, key, field, fingerprint, kept, created_at) values
    ('${ann.id}', 'old', 'f', 'f', '{}', now() - interval '25 hours'), ('${ann.id}', 'new', 'f', 'f', '{}', now())`);

  const database = await openDatabase({ url: user.database.worker, poolSize: 1, applicationName: 'test', log: createLogger({ service: 'user', level: 'error' }) });
  expect(await cleanUp(database, 30)).toBe(5);
  expect(await cleanUp(database, 30)).toBe(0);
  await database.destroy();
  expect(await sql('select id from sessions')).toEqual([{ id: ann.sessionId }]);
  expect(await sql('select session_id from spent_refresh_tokens')).toEqual([{ session_id: ann.sessionId }]);
  expect(await sql('select account from password_checks')).toEqual([{ account: 'new' }]);
  expect(await sql('select email from mails')).toEqual([{ email: 'b' }]);
  expect(await sql('select token_hash from mail_tokens')).toEqual([{ token_hash: 'new' }]);
  expect(await sql('select key from idempotency')).toEqual([{ key: 'new' }]);
});
