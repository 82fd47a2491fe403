// Work that was given up, and having it run again (RULES §1).
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { newKey, refuse, team, write } from './scenes.js';
import { missingId, type Someone, type World } from './world.js';

const letters = '{ deadLetters(queue: "mails", first: 1000) { totalCount nodes { id queue name reason attempts failedAt payload } } }';

const letterOf = async ({ admin }: World, mailId: string): Promise<any> =>
  (await admin.ask(letters)).deadLetters.nodes.find((node: { payload: { mailId: string } }) => node.payload.mailId === mailId) ?? null;

/** A letter about a mail to this person whose tries are all used up, as eight refusals of a mail server leave it. */
async function buried(world: World, who: Someone): Promise<{ id: string; mailId: string; [field: string]: unknown }> {
  const mailId = newId();
  await world.onDatabase('insert into "user".mails (id, kind, user_id, email, email_key, attempts) values ($1, $2, $3, $4, $4, 8)', [mailId, 'VERIFY', who.id, who.email]);
  return { mailId, ...(await eventually(() => letterOf(world, mailId))) };
}

/** ADMIN by the account and by the token. */
async function refusedToAllButAdmin(world: World, refused: (who: World['anonymous']) => Promise<unknown>): Promise<void> {
  const { owner } = await team(world);
  const { secret } = await write(world.admin, 'createApiToken', { name: 'Without ADMIN', scopes: ['READ', 'WRITE'] }, { selection: 'secret' });
  expect(await refused(world.anonymous)).toMatchObject({ code: 'UNAUTHENTICATED' });
  for (const who of [owner, world.bearer(secret)]) expect(await refused(who)).toMatchObject({ code: 'FORBIDDEN' });
}

export const deadLetterProofs: Proof[] = [
  {
    operation: 'Query.deadLetters', outcome: 'success', title: 'lists for ADMIN what was given up, why and after how many tries, with ids and without content (RULES §1)',
    async prove(world) {
      const ada = await world.person();
      const { mailId, ...letter } = await buried(world, ada);
      expect(letter).toMatchObject({ queue: 'mails', attempts: 8, reason: expect.any(String), failedAt: expect.any(String), payload: { mailId, userId: ada.id } });
      expect(JSON.stringify(letter)).not.toContain('@');
      expect((await world.admin.ask('{ deadLetters(queue: "no such queue") { totalCount nodes { id } } }')).deadLetters).toEqual({ totalCount: 0, nodes: [] });
    },
  },
  {
    operation: 'Query.deadLetters', outcome: 'refusal', title: 'is FORBIDDEN to who is no ADMIN and to an API token without that scope, BAD_USER_INPUT for a page that is none, UNAUTHENTICATED without a token',
    async prove(world) {
      await refusedToAllButAdmin(world, (who) => who.refused('{ deadLetters { nodes { id } } }'));
      for (const [call, path] of [['first: 0', 'first'], ['first: 1001', 'first'], ['after: "forged"', 'after']]) {
        expect(await world.admin.refused(`{ deadLetters(${call}) { nodes { id } } }`), call).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      }
    },
  },
  {
    operation: 'Mutation.redriveDeadLetters', outcome: 'success', title: 'has the work done again: the mail goes out and the letter is gone; what is not in the list is passed over',
    async prove(world) {
      const ada = await world.person();
      const { id, mailId } = await buried(world, ada);
      expect(await write(world.admin, 'redriveDeadLetters', { ids: [id, missingId(), 'no id'] }, { selection: 'redriven' })).toEqual({ redriven: 1 });
      expect(await letterOf(world, mailId)).toBeNull();
      await write(world.anonymous, 'verifyEmail', { token: await world.mailed(ada.email, 'Confirm your e-mail address') });
      expect((await ada.ask('{ me { emailVerified } }')).me.emailVerified).toBe(true);
    },
  },
  {
    operation: 'Mutation.redriveDeadLetters', outcome: 'refusal', title: 'is FORBIDDEN to who is no ADMIN and to an API token without that scope, BAD_USER_INPUT unless told exactly one of ids and queue, UNAUTHENTICATED without a token',
    async prove(world) {
      await refusedToAllButAdmin(world, (who) => refuse(who, 'redriveDeadLetters', { queue: 'no such queue' }));
      for (const input of [{}, { ids: [], queue: 'no such queue' }, { ids: Array.from({ length: 1_001 }, missingId) }]) {
        expect(await refuse(world.admin, 'redriveDeadLetters', input)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.ids' }] });
      }
    },
  },
  {
    operation: 'Mutation.redriveDeadLetters', outcome: 'conflict', title: 'runs a letter once for two who ask for it at once, and is IDEMPOTENCY_MISMATCH under a key that had another input',
    async prove(world) {
      const { id } = await buried(world, await world.person());
      const key = newKey();
      const redrive = (resent?: string) => write(world.admin, 'redriveDeadLetters', { ids: [id] }, { selection: 'redriven', ...(resent ? { key: resent } : {}) });
      const answers = await Promise.all([redrive(key), redrive()]);
      expect(answers[0].redriven + answers[1].redriven).toBe(1);
      expect(await redrive(key)).toEqual(answers[0]);
      expect(await refuse(world.admin, 'redriveDeadLetters', { ids: [] }, key)).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
    },
  },
];
