// Personal API tokens (RULES §8).
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { locked } from './proofs-sessions.js';
import { refuse, team, write } from './scenes.js';
import { missingId, uniqueKey, type Someone } from './world.js';

const make = (who: Someone, input: object = {}, key?: string) =>
  write(who, 'createApiToken', { name: 'A token', scopes: ['READ'], ...input }, { selection: 'secret token { id name scopes expiresAt lastUsedAt }', ...(key ? { key } : {}) });

const namesOf = async (who: Someone): Promise<string[]> => (await who.ask('{ apiTokens { name } }')).apiTokens.map((token: { name: string }) => token.name);

export const apiTokenProofs: Proof[] = [
  {
    operation: 'Query.apiTokens', outcome: 'success', title: 'lists the own tokens that live, the newest first, without their secrets and with their last use',
    async prove(world) {
      const ada = await world.person();
      const { secret } = await make(ada, { name: 'First' });
      const { token } = await make(ada, { name: 'Second', scopes: ['READ', 'WRITE'], expiresAt: '2999-01-01T00:00:00Z' });
      await world.bearer(secret).ask('{ me { id } }');
      const { apiTokens } = await ada.ask('{ apiTokens { id name scopes expiresAt lastUsedAt } }');
      expect(apiTokens).toEqual([
        { id: token.id, name: 'Second', scopes: ['READ', 'WRITE'], expiresAt: '2999-01-01T00:00:00.000Z', lastUsedAt: null },
        { id: expect.any(String), name: 'First', scopes: ['READ'], expiresAt: null, lastUsedAt: expect.any(String) },
      ]);
      expect(JSON.stringify(apiTokens)).not.toContain(secret);
    },
  },
  {
    operation: 'Query.apiTokens', outcome: 'refusal', title: 'shows nobody the tokens of others and is UNAUTHENTICATED without a token',
    async prove(world) {
      const ada = await world.person();
      const { stranger: bob } = await team(world);
      await make(ada);
      expect(await namesOf(bob)).toEqual([]);
      expect(await world.anonymous.refused('{ apiTokens { id } }')).toMatchObject({ code: 'UNAUTHENTICATED', path: ['apiTokens'] });
    },
  },
  {
    operation: 'Mutation.createApiToken', outcome: 'success', title: 'makes a token that acts as its owner within its scopes',
    async prove(world) {
      const ada = await world.person();
      const [reader, writer] = [await make(ada), await make(ada, { scopes: ['READ', 'WRITE'] })];
      expect((await world.bearer(reader.secret).ask('{ me { id } }')).me.id).toBe(ada.id);
      const input = { key: uniqueKey(), name: 'By a token' };
      expect(await refuse(world.bearer(reader.secret), 'createProject', input)).toMatchObject({ code: 'FORBIDDEN' });
      await write(world.bearer(writer.secret), 'createProject', input);
      expect((await ada.ask('{ projects { nodes { key viewerRole } } }')).projects.nodes).toEqual([{ key: input.key, viewerRole: 'OWNER' }]);
    },
  },
  {
    operation: 'Mutation.createApiToken', outcome: 'refusal', title: 'is BAD_USER_INPUT at the field for a name, scopes or an end that cannot be',
    async prove(world) {
      const ada = await world.person();
      const wrong: [input: object, path: string][] = [
        [{ name: '' }, 'input.name'], [{ name: 'x'.repeat(101) }, 'input.name'], [{ scopes: [] }, 'input.scopes'], [{ expiresAt: '2001-01-01T00:00:00Z' }, 'input.expiresAt'],
      ];
      for (const [input, path] of wrong) {
        expect(await refuse(ada, 'createApiToken', { name: 'A token', scopes: ['READ'], ...input }), path).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      }
      expect(await namesOf(ada)).toEqual([]);
    },
  },
  {
    operation: 'Mutation.createApiToken', outcome: 'refusal', title: 'is FORBIDDEN for the scope ADMIN to who is none and for every API token, UNAUTHENTICATED without a token',
    async prove(world) {
      const ada = await world.person();
      const { secret } = await make(ada, { scopes: ['READ', 'WRITE'] });
      expect(await refuse(ada, 'createApiToken', { name: 'Wider', scopes: ['ADMIN'] })).toMatchObject({ code: 'FORBIDDEN', path: ['createApiToken'] });
      expect(await refuse(world.bearer(secret), 'createApiToken', { name: 'Child', scopes: ['READ'] })).toMatchObject({ code: 'FORBIDDEN' });
      expect(await refuse(world.anonymous, 'createApiToken', { name: 'None', scopes: ['READ'] })).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await namesOf(ada)).toEqual(['A token']);
    },
  },
  {
    operation: 'Mutation.createApiToken', outcome: 'conflict', title: 'shows a resend under the same Idempotency-Key the same secret; with another input it is IDEMPOTENCY_MISMATCH (RULES §3)',
    async prove(world) {
      const ada = await world.person();
      const first = await make(ada, {}, 'key');
      expect(await make(ada, {}, 'key')).toEqual(first);
      expect(await refuse(ada, 'createApiToken', { name: 'A token', scopes: ['WRITE'] }, 'key')).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
      expect(await namesOf(ada)).toEqual(['A token']);
    },
  },
  {
    operation: 'Mutation.createApiToken', outcome: 'conflict', title: 'is CONFLICT beyond a hundred tokens that live, until one is revoked',
    async prove(world) {
      const ada = await world.person();
      const many = Array.from({ length: 20 }, (_, at) => `t${at}: createApiToken(input: { name: "T", scopes: [READ] }) { token { id } }`).join(' ');
      for (let sent = 0; sent < 5; sent += 1) await ada.ask(`mutation { ${many} }`);
      expect(await refuse(ada, 'createApiToken', { name: 'One more', scopes: ['READ'] })).toMatchObject({ code: 'CONFLICT', path: ['createApiToken'] });
      await write(ada, 'revokeApiToken', { id: (await ada.ask('{ apiTokens { id } }')).apiTokens[0].id });
      await make(ada);
    },
  },
  {
    operation: 'Mutation.revokeApiToken', outcome: 'success', title: 'ends a token everywhere; a repeat is no error',
    async prove(world) {
      const ada = await world.person();
      const { secret, token } = await make(ada);
      for (let sent = 0; sent < 2; sent += 1) expect(await write(ada, 'revokeApiToken', { id: token.id }, { selection: 'id' })).toEqual({ id: token.id });
      await locked(world.bearer(secret));
      expect(await namesOf(ada)).toEqual([]);
    },
  },
  {
    operation: 'Mutation.revokeApiToken', outcome: 'refusal', title: 'is NOT_FOUND, in the same words, for the token of somebody else and for none; FORBIDDEN to an API token',
    async prove(world) {
      const ada = await world.person();
      const { stranger: bob } = await team(world);
      const { secret, token } = await make(ada, { scopes: ['READ', 'WRITE'] });
      const refusal = await refuse(bob, 'revokeApiToken', { id: token.id });
      expect(refusal).toMatchObject({ code: 'NOT_FOUND', path: ['revokeApiToken'] });
      for (const missing of [missingId(), 'no id']) expect(await refuse(bob, 'revokeApiToken', { id: missing })).toEqual(refusal);
      expect(await refuse(world.bearer(secret), 'revokeApiToken', { id: token.id })).toMatchObject({ code: 'FORBIDDEN' });
      expect(await refuse(world.anonymous, 'revokeApiToken', { id: token.id })).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect((await world.bearer(secret).ask('{ me { id } }')).me.id).toBe(ada.id);
    },
  },
  {
    operation: 'Mutation.revokeApiToken', outcome: 'conflict', title: 'is IDEMPOTENCY_MISMATCH under a key that revoked another one, which lives on',
    async prove(world) {
      const ada = await world.person();
      const [one, two] = [await make(ada, { name: 'One' }), await make(ada, { name: 'Two' })];
      await write(ada, 'revokeApiToken', { id: one.token.id }, { key: 'key' });
      expect(await refuse(ada, 'revokeApiToken', { id: two.token.id }, 'key')).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
      expect(await namesOf(ada)).toEqual(['Two']);
    },
  },
];
