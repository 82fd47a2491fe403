// Accounts: registering, who one is, who is found, the own profile (RULES §1, §2, §8).
import { newId } from '@taskgraph/shared/ids';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { team } from './scenes.js';
import { outcomes } from './session.js';
import { missingId, mutation, unique } from './world.js';

const register = mutation('register', 'accessToken refreshToken user { id handle name timeZone }');
const update = mutation('updateProfile', 'user { name bio timeZone version }');

/** What a new account needs. */
function account<T extends object>(more: T) {
  const handle = `r-${unique()}`;
  return { handle, email: `${handle}@example.org`, password: 'a long password', ...more };
}

export const accountProofs: Proof[] = [
  {
    operation: 'Query.me', outcome: 'success', title: 'shows the signed-in person all of the own account',
    async prove(world) {
      const ada = await world.person('Ada');
      expect((await ada.ask('{ me { id handle name email emailVerified role active version } }')).me).toEqual({
        id: ada.id, handle: ada.handle, name: 'Ada', email: ada.email, emailVerified: false, role: 'MEMBER', active: true, version: 1,
      });
    },
  },
  {
    operation: 'Query.me', outcome: 'refusal', title: 'is UNAUTHENTICATED without a token and with one that is none',
    async prove({ anonymous, bearer }) {
      for (const nobody of [anonymous, bearer('no token'), bearer(`tg_${'x'.repeat(43)}`)]) {
        expect(await nobody.refused('{ me { id } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
      }
    },
  },
  {
    operation: 'Query.user', outcome: 'success', title: 'shows everybody the public profile, by id and by handle, both in any case, and the address to the person alone',
    async prove(world) {
      const [ada, bob] = [await world.person('Ada'), await world.person('Bob')];
      const fields = '{ id handle name role active email }';
      const seen = { id: ada.id, handle: ada.handle, name: 'Ada', role: 'MEMBER', active: true, email: null };
      for (const id of [ada.id, ada.id.toUpperCase()]) expect((await bob.ask(`query ($id: ID) { user(id: $id) ${fields} }`, { id })).user).toEqual(seen);
      expect((await bob.ask(`query ($handle: String) { user(handle: $handle) ${fields} }`, { handle: ada.handle.toUpperCase() })).user).toEqual(seen);
      expect((await ada.ask(`query ($id: ID) { user(id: $id) ${fields} }`, { id: ada.id })).user).toEqual({ ...seen, email: ada.email });
    },
  },
  {
    operation: 'Query.user', outcome: 'refusal', title: 'is null for nobody, UNAUTHENTICATED without a token, and BAD_USER_INPUT unless asked by exactly one of id and handle',
    async prove(world) {
      const { stranger: bob } = await team(world);
      const document = 'query ($id: ID, $handle: String) { user(id: $id, handle: $handle) { id } }';
      for (const variables of [{ id: missingId() }, { id: 'no id' }, { handle: 'nobody-at-all' }]) expect((await bob.ask(document, variables)).user).toBeNull();
      for (const variables of [{}, { id: bob.id, handle: bob.handle }]) {
        expect(await bob.refused(document, variables)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'id' }], path: ['user'] });
      }
      expect(await world.anonymous.refused(document, { id: bob.id })).toMatchObject({ code: 'UNAUTHENTICATED', path: ['user'] });
    },
  },
  {
    operation: 'Query.users', outcome: 'success', title: 'finds active people by the start of handle or name, by handle and page by page',
    async prove(world) {
      const name = `Zed${unique()}`;
      const [one, two, gone] = [await world.person(`${name} One`), await world.person(`${name} Two`), await world.person(`${name} Gone`)];
      await gone.ask(mutation('deactivateUser', 'user { active }'), { input: { userId: gone.id } });
      const document = 'query ($search: String, $after: String) { users(search: $search, first: 1, after: $after) { totalCount nodes { id } pageInfo { endCursor hasNextPage } } }';
      const first = (await one.ask(document, { search: name.toLowerCase() })).users;
      expect(first).toMatchObject({ totalCount: 2, nodes: [{ id: one.id }], pageInfo: { hasNextPage: true } });
      const second = (await one.ask(document, { search: name, after: first.pageInfo.endCursor })).users;
      expect(second).toMatchObject({ nodes: [{ id: two.id }], pageInfo: { hasNextPage: false } });
    },
  },
  {
    operation: 'Query.users', outcome: 'refusal', title: 'finds nobody by an address, is BAD_USER_INPUT for a page or text that is none, UNAUTHENTICATED without a token',
    async prove(world) {
      const { stranger: bob } = await team(world);
      expect((await bob.ask('query ($search: String) { users(search: $search) { nodes { id } } }', { search: bob.email })).users.nodes).toEqual([]);
      for (const [call, path] of [['first: 0', 'first'], ['first: 1001', 'first'], ['after: "forged"', 'after'], [`search: "${'x'.repeat(101)}"`, 'search']]) {
        expect(await bob.refused(`{ users(${call}) { nodes { id } } }`), call).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      }
      expect(await world.anonymous.refused('{ users { nodes { id } } }')).toMatchObject({ code: 'UNAUTHENTICATED', path: ['users'] });
    },
  },
  {
    operation: 'Mutation.register', outcome: 'success', title: 'makes an account and signs in; the same id, input and password again is the same account (RULES §8)',
    async prove({ anonymous, bearer }) {
      const input = account({ id: newId(), name: 'Ada', timeZone: 'Europe/Vienna' });
      const first = (await anonymous.ask(register, { input })).register;
      expect(first.user).toEqual({ id: input.id, handle: input.handle, name: 'Ada', timeZone: 'Europe/Vienna' });
      const again = (await anonymous.ask(register, { input })).register;
      expect(again.refreshToken).not.toBe(first.refreshToken);
      for (const { accessToken } of [first, again]) expect((await bearer(accessToken).ask('{ me { id } }')).me.id).toBe(input.id);
    },
  },
  {
    operation: 'Mutation.register', outcome: 'refusal', title: 'is BAD_USER_INPUT at the field for a handle, address, password, time zone or id that is none, and makes nobody',
    async prove(world) {
      const wrong: [more: object, path: string][] = [
        [{ handle: 'no' }, 'input.handle'], [{ handle: 'with blank' }, 'input.handle'], [{ password: 'short' }, 'input.password'], [{ name: '' }, 'input.name'],
        [{ email: 'no address' }, 'input.email'], [{ email: 'a<b@example.org>' }, 'input.email'], [{ timeZone: 'Mars/Olympus' }, 'input.timeZone'], [{ id: '6fa459ea-ee8a-4ca4-894e-db77e160355e' }, 'input.id'],
      ];
      const { stranger: bob } = await team(world);
      for (const [more, path] of wrong) {
        const input = account(more);
        expect(await world.anonymous.refused(register, { input }), path).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
        expect((await bob.ask('query ($handle: String) { user(handle: $handle) { id } }', { handle: input.handle })).user).toBeNull();
      }
    },
  },
  {
    operation: 'Mutation.register', outcome: 'conflict', title: 'is CONFLICT for a taken handle or address in any case, and for an id that stands for another registration',
    async prove({ anonymous, person }) {
      const ada = await person();
      expect(await anonymous.refused(register, { input: account({ handle: ada.handle.toUpperCase() }) })).toMatchObject({ code: 'CONFLICT', fields: ['handle'], path: ['register'] });
      expect(await anonymous.refused(register, { input: account({ email: ada.email.toUpperCase() }) })).toMatchObject({ code: 'CONFLICT', fields: ['email'] });
      const refusal = await anonymous.refused(register, { input: account({ id: ada.id }) });
      expect(refusal).toMatchObject({ code: 'CONFLICT', fields: ['id'], current: undefined });
    },
  },
  {
    operation: 'Mutation.register', outcome: 'conflict', title: 'gives a handle to exactly one of two who take it at once',
    async prove({ anonymous }) {
      const { handle } = account({});
      const answers = await Promise.all([account({ handle }), account({ handle })].map((input) => anonymous.answer(register, { input })));
      expect(outcomes(answers)).toEqual(['CONFLICT', 'data']);
    },
  },
  {
    operation: 'Mutation.updateProfile', outcome: 'success', title: 'changes what is given, keeps what is absent, clears what is null; an empty patch changes nothing (RULES §2)',
    async prove(world) {
      const ada = await world.person('Ada');
      const { stranger: bob } = await team(world);
      expect((await ada.ask(update, { input: { bio: '<b>& שלום 🙂', timeZone: 'Asia/Tokyo' } })).updateProfile.user).toEqual({ name: 'Ada', bio: '<b>& שלום 🙂', timeZone: 'Asia/Tokyo', version: 2 });
      expect((await ada.ask(update, { input: {} })).updateProfile.user.version).toBe(2);
      await ada.ask(update, { input: { bio: null, name: 'Ada L.' } });
      expect((await bob.ask('query ($id: ID) { user(id: $id) { name bio timeZone version } }', { id: ada.id })).user).toEqual({ name: 'Ada L.', bio: null, timeZone: 'Asia/Tokyo', version: 3 });
    },
  },
  {
    operation: 'Mutation.updateProfile', outcome: 'refusal', title: 'is BAD_USER_INPUT at the field for what it cannot be, UNAUTHENTICATED without a token',
    async prove(world) {
      const ada = await world.person('Ada');
      const wrong: [input: object, path: string][] = [
        [{ name: null }, 'input.name'], [{ name: '' }, 'input.name'], [{ bio: 'x'.repeat(1_001) }, 'input.bio'], [{ timeZone: 'Mars/Olympus' }, 'input.timeZone'],
        [{ avatarUrl: 'javascript:alert(1)' }, 'input.avatarUrl'], [{ name: 'A', expectedVersion: 9 }, 'input.expectedVersion'],
      ];
      for (const [input, path] of wrong) expect(await ada.refused(update, { input }), path).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      expect(await world.anonymous.refused(update, { input: { name: 'A' } })).toMatchObject({ code: 'UNAUTHENTICATED', path: ['updateProfile'] });
      expect((await ada.ask('{ me { name version } }')).me).toEqual({ name: 'Ada', version: 1 });
    },
  },
  {
    operation: 'Mutation.updateProfile', outcome: 'conflict', title: 'merges disjoint fields of an old version, and is CONFLICT with fields and current where they overlap (RULES §2)',
    async prove(world) {
      const ada = await world.person('Ada');
      const phone = await world.login(ada);
      await ada.ask(update, { input: { name: 'At the desk', expectedVersion: 1 } });
      expect((await phone.ask(update, { input: { bio: 'On the way', expectedVersion: 1 } })).updateProfile.user).toMatchObject({ name: 'At the desk', bio: 'On the way', version: 3 });
      const refusal = await phone.refused(update, { input: { name: 'On the way', timeZone: 'UTC', expectedVersion: 1 } });
      expect(refusal).toMatchObject({ code: 'CONFLICT', fields: ['name'], current: { name: 'At the desk', version: 3 } });
      expect((await ada.ask('{ me { name version } }')).me).toEqual({ name: 'At the desk', version: 3 });
    },
  },
  {
    operation: 'Mutation.updateProfile', outcome: 'conflict', title: 'happens once under an Idempotency-Key, which with another input is IDEMPOTENCY_MISMATCH (RULES §3)',
    async prove(world) {
      const ada = await world.person('Ada');
      for (let sent = 0; sent < 2; sent += 1) expect((await ada.ask(update, { input: { name: 'Once' } }, 'key')).updateProfile.user).toMatchObject({ name: 'Once', version: 2 });
      expect(await ada.refused(update, { input: { name: 'Twice' } }, 'key')).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH', path: ['updateProfile'] });
      expect((await ada.ask('{ me { name } }')).me.name).toBe('Once');
    },
  },
];
