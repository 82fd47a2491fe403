// What ADMIN does to accounts, and what a person does to the own one (RULES §1).
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { isSignedIn, locked } from './proofs-sessions.js';
import { newKey, refuse, team, write } from './scenes.js';
import { missingId, type Someone, type World } from './world.js';

const active = 'user { id active version }';

async function deactivated(world: World): Promise<Someone> {
  const who = await world.person();
  await write(world.admin, 'deactivateUser', { userId: who.id });
  return who;
}

/** Refused to a plain person and without a token, and told alike for what is no account. */
async function refusedToAllButAdmin(world: World, name: string, input: (userId: string) => object): Promise<void> {
  const { viewer: ada, stranger: bob } = await team(world);
  expect(await refuse(bob, name, input(ada.id))).toMatchObject({ code: 'FORBIDDEN', path: [name] });
  expect(await refuse(world.anonymous, name, input(ada.id))).toMatchObject({ code: 'UNAUTHENTICATED', path: [name] });
  const refusal = await refuse(world.admin, name, input(missingId()));
  expect(refusal).toMatchObject({ code: 'NOT_FOUND', path: [name] });
  expect(await refuse(world.admin, name, input('no id'))).toEqual(refusal);
  const { secret } = await write(world.admin, 'createApiToken', { name: 'Without ADMIN', scopes: ['READ', 'WRITE'] }, { selection: 'secret' });
  expect(await refuse(world.bearer(secret), name, input(ada.id))).toMatchObject({ code: 'FORBIDDEN' });
  expect((await bob.ask('query ($id: ID) { user(id: $id) { role active version } }', { id: ada.id })).user).toEqual({ role: 'MEMBER', active: true, version: 1 });
}

export const peopleProofs: Proof[] = [
  {
    operation: 'Mutation.setUserRole', outcome: 'success', title: 'makes somebody ADMIN, who then sees addresses, and takes it back',
    prove: (world) => world.amongAdmins(async () => {
      const ada = await world.person();
      const { stranger: bob } = await team(world);
      const seesAddress = async () => (await ada.ask('query ($id: ID) { user(id: $id) { email } }', { id: bob.id })).user.email === bob.email;
      expect(await write(world.admin, 'setUserRole', { userId: ada.id, role: 'ADMIN' }, { selection: 'user { role version }' })).toEqual({ user: { role: 'ADMIN', version: 2 } });
      await eventually(seesAddress);
      await write(world.admin, 'setUserRole', { userId: ada.id, role: 'MEMBER' });
      await eventually(async () => !(await seesAddress()));
    }),
  },
  {
    operation: 'Mutation.setUserRole', outcome: 'refusal', title: 'is FORBIDDEN to who is no ADMIN and to an ADMIN\'s API token, NOT_FOUND for nobody, UNAUTHENTICATED without a token',
    prove: (world) => refusedToAllButAdmin(world, 'setUserRole', (userId) => ({ userId, role: 'ADMIN' })),
  },
  {
    operation: 'Mutation.setUserRole', outcome: 'conflict', title: 'is CONFLICT for the last ADMIN, who stays one',
    prove: (world) => world.amongAdmins(async () => {
      expect(await refuse(world.admin, 'setUserRole', { userId: world.admin.id, role: 'MEMBER' })).toMatchObject({ code: 'CONFLICT', path: ['setUserRole'] });
      expect((await world.admin.ask('{ me { role } }')).me.role).toBe('ADMIN');
    }),
  },
  {
    operation: 'Mutation.deactivateUser', outcome: 'success', title: 'closes an account, also the own one: its sessions and API tokens are dead, nobody signs in, and it is not found by search',
    async prove(world) {
      const [ada, own] = [await world.person('Ada'), await world.person()];
      const { stranger: bob } = await team(world);
      const { secret } = await write(ada, 'createApiToken', { name: 'All', scopes: ['READ'] }, { selection: 'secret' });
      expect(await write(world.admin, 'deactivateUser', { userId: ada.id }, { selection: active })).toEqual({ user: { id: ada.id, active: false, version: 2 } });
      await write(own, 'deactivateUser', { userId: own.id });
      await Promise.all([locked(ada), locked(world.bearer(secret)), locked(own)]);
      expect(await refuse(world.anonymous, 'login', { login: ada.handle, password: ada.password })).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect((await bob.ask('query ($id: ID) { user(id: $id) { name active } }', { id: ada.id })).user).toEqual({ name: 'Ada', active: false });
      expect((await bob.ask('query ($search: String) { users(search: $search) { nodes { id } } }', { search: ada.handle })).users.nodes).toEqual([]);
    },
  },
  {
    operation: 'Mutation.deactivateUser', outcome: 'refusal', title: 'is FORBIDDEN for others to who is no ADMIN and to an API token, NOT_FOUND for nobody, UNAUTHENTICATED without a token',
    async prove(world) {
      await refusedToAllButAdmin(world, 'deactivateUser', (userId) => ({ userId }));
      const ada = await world.person();
      const { secret } = await write(ada, 'createApiToken', { name: 'All', scopes: ['READ', 'WRITE'] }, { selection: 'secret' });
      expect(await refuse(world.bearer(secret), 'deactivateUser', { userId: ada.id })).toMatchObject({ code: 'FORBIDDEN' });
    },
  },
  {
    operation: 'Mutation.deactivateUser', outcome: 'conflict', title: 'is CONFLICT for the last ADMIN, who stays signed in',
    prove: (world) => world.amongAdmins(async () => {
      expect(await refuse(world.admin, 'deactivateUser', { userId: world.admin.id })).toMatchObject({ code: 'CONFLICT', path: ['deactivateUser'] });
      await isSignedIn(world.admin, world.admin);
    }),
  },
  {
    operation: 'Mutation.reactivateUser', outcome: 'success', title: 'opens the account again: the person signs in, the API tokens live, the ended sessions do not; a repeat changes nothing',
    async prove(world) {
      const ada = await world.person();
      const { secret } = await write(ada, 'createApiToken', { name: 'All', scopes: ['READ'] }, { selection: 'secret' });
      await write(world.admin, 'deactivateUser', { userId: ada.id });
      await locked(world.bearer(secret));
      for (let sent = 0; sent < 2; sent += 1) {
        expect(await write(world.admin, 'reactivateUser', { userId: ada.id }, { selection: active })).toEqual({ user: { id: ada.id, active: true, version: 3 } });
      }
      await isSignedIn(await world.login(ada), ada);
      await eventually(async () => (await world.bearer(secret).ask('{ me { id } }')).me.id === ada.id);
      await locked(ada);
    },
  },
  {
    operation: 'Mutation.reactivateUser', outcome: 'refusal', title: 'is FORBIDDEN to who is no ADMIN and to an ADMIN\'s API token, NOT_FOUND for nobody, UNAUTHENTICATED without a token',
    prove: (world) => refusedToAllButAdmin(world, 'reactivateUser', (userId) => ({ userId })),
  },
  {
    operation: 'Mutation.reactivateUser', outcome: 'conflict', title: 'is IDEMPOTENCY_MISMATCH under a key that opened another account, and opens nothing',
    async prove(world) {
      const [ada, bob] = [await deactivated(world), await deactivated(world)];
      const key = newKey();
      await write(world.admin, 'reactivateUser', { userId: ada.id }, { key });
      expect(await refuse(world.admin, 'reactivateUser', { userId: bob.id }, key)).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
      expect((await world.admin.ask('query ($id: ID) { user(id: $id) { active } }', { id: bob.id })).user.active).toBe(false);
    },
  },
];
