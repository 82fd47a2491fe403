// A mail that was given up is told of, and is sent when an ADMIN has it run again.
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onDatabase } from './harness.js';
import { startUserWithWorker, type Mailbox } from './worker-harness.js';

let user: Mailbox;
beforeAll(async () => void (user = await startUserWithWorker()));
afterAll(() => user.stop());

const sql = <R>(text: string) => onDatabase(user.database.admin, text) as Promise<R[]>;
async function lettersTold(): Promise<{ deadLetterId: string; queue: string; attempts: number; ids: { name: string; id: string }[] }[]> {
  const token = await user.identities.signer('channel').tokenFor('user');
  const response = await fetch(`${user.url}/internal/events?types=user.dead-lettered`, { headers: { authorization: `Bearer ${token}` } });
  return ((await response.json()) as { events: { payload: never }[] }).events.map((event) => event.payload);
}

test('RULES §1: a mail that was given up is a dead letter of ids only, and goes out when it is redriven', async () => {
  const input = { handle: 'dora', email: 'dora@example.org', password: 'correct horse' };
  const { data } = await user.query('mutation ($input: RegisterInput!) { register(input: $input) { user { id } } }', { input });
  const userId = data.register.user.id as string;
  // A mail whose tries are all used up, as eight refusals of a mail server leave it.
  const mailId = newId();
  await sql(`insert into mails (id, kind, user_id, email, email_key, attempts) values ('${mailId}', 'VERIFY', '${userId}', 'dora@example.org', 'dora@example.org', 8)`);
  const letter = await eventually(async () => {
    const [told] = await lettersTold();
    expect(told).toMatchObject({ queue: 'mails', attempts: 8, reason: 'the worker died at each try' });
    return told as NonNullable<typeof told>;
  });
  expect(letter.ids).toEqual(expect.arrayContaining([{ name: 'mailId', id: mailId }, { name: 'userId', id: userId }]));
  expect(JSON.stringify(letter)).not.toContain('@');
  expect(await sql(`select state from mails where id = '${mailId}'`)).toEqual([{ state: 'DEAD' }]);

  user.channel.publish('dead-letters.redrive-requested', newId(), { deadLetterIds: [newId(), letter.deadLetterId] });
  const mail = await eventually(async () => (await user.mailsTo('dora@example.org')).find(({ id }) => id === mailId) ?? null);
  expect(mail?.token).toMatch(/^[\w-]{43}$/);
  await eventually(async () => expect(await sql(`select state, attempts from mails where id = '${mailId}'`)).toEqual([{ state: 'SENT', attempts: 1 }]));
  expect(await sql('select 1 from dead_letters')).toEqual([]);
});
