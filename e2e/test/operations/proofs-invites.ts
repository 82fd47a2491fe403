// Invites into projects, by code and by e-mail (RULES §1, §8).
import { expect } from 'vitest';
import { archive, ownProject, refusedIn, rolesIn, seeProject } from './project-scene.js';
import type { Proof } from './proof.js';
import { newKey, refuse, write, type Team } from './scenes.js';
import { outcomes } from './session.js';
import { missingId, mutation, unique, type World } from './world.js';

const fields = 'id code role email expiresAt usesLeft';

const invite = async ({ owner, project }: Team, more: object = {}, key?: string): Promise<any> =>
  (await write(owner, 'createProjectInvite', { projectId: project.id, ...more }, { selection: `invite { ${fields} }`, ...(key ? { key } : {}) })).invite;

/** The code in the invite mailed to the address; waits for it. */
const mailedCode = async (world: World, email: string) => /^ {4}(\w{4}-\w{4})\r?$/m.exec(await world.mail(email, ''))?.[1] ?? '';

const invitesOf = async ({ project }: Team, who: Team['owner']) => (await seeProject(who, project.id, `invites { ${fields} }`)).invites;

export const inviteProofs: Proof[] = [
  {
    operation: 'Mutation.createProjectInvite', outcome: 'success', title: 'makes an open invite whose code OWNER and MAINTAINER read, as far as they could make it, and others do not see',
    async prove(world) {
      const scene = await ownProject(world);
      const { owner, maintainer, member } = scene;
      const [open, high] = [await invite(scene, { role: 'VIEWER', maxUses: 2 }), await invite(scene, { role: 'OWNER' })];
      expect(open).toMatchObject({ code: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{8}$/), role: 'VIEWER', email: null, usesLeft: 2 });
      expect(await invitesOf(scene, owner)).toEqual([open, high]);
      expect(await invitesOf(scene, maintainer)).toEqual([open, { ...high, code: null }]);
      expect(await invitesOf(scene, member)).toBeNull();
    },
  },
  {
    operation: 'Mutation.createProjectInvite', outcome: 'success', title: 'mails the code of an invite for an address, shows it to nobody, and only the account with that address can use it',
    async prove(world) {
      const scene = await ownProject(world);
      const invited = await world.person('The invited');
      const email = `${invited.handle.toUpperCase()}@example.org`;
      const made = await invite(scene, { email, role: 'MEMBER' });
      expect(made).toMatchObject({ code: null, usesLeft: 1 });
      const code = await mailedCode(world, email);
      expect(await refuse(scene.stranger, 'acceptProjectInvite', { code })).toMatchObject({ code: 'NOT_FOUND' });
      await write(invited, 'acceptProjectInvite', { code });
      expect((await rolesIn(scene, invited))[invited.id]).toBe('MEMBER');
      expect(await invitesOf(scene, scene.owner)).toEqual([]);
    },
  },
  {
    operation: 'Mutation.createProjectInvite', outcome: 'refusal', title: 'is FORBIDDEN to MEMBER and VIEWER and for a role not below the own one, NOT_FOUND to a stranger, UNAUTHENTICATED without a token',
    async prove(world) {
      const scene = await ownProject(world);
      const input = ({ project }: Team) => ({ projectId: project.id, role: 'VIEWER' });
      await refusedIn(world, scene, 'createProjectInvite', ['member', 'viewer'], input, { projectId: missingId() });
      for (const role of ['MAINTAINER', 'OWNER']) expect(await refuse(scene.maintainer, 'createProjectInvite', { ...input(scene), role })).toMatchObject({ code: 'FORBIDDEN' });
      expect(await invitesOf(scene, scene.owner)).toEqual([]);
    },
  },
  {
    operation: 'Mutation.createProjectInvite', outcome: 'refusal', title: 'is BAD_USER_INPUT at the field for an address, uses or an end that cannot be',
    async prove(world) {
      const scene = await ownProject(world, { shared: false });
      const wrong: [more: object, path: string][] = [
        [{ email: 'no address' }, 'input.email'], [{ email: 'a@example.org,b@example.org' }, 'input.email'], [{ maxUses: 0 }, 'input.maxUses'], [{ maxUses: 10_001 }, 'input.maxUses'],
        [{ email: 'a@example.org', maxUses: 2 }, 'input.maxUses'], [{ expiresAt: '2001-01-01T00:00:00Z' }, 'input.expiresAt'], [{ expiresAt: '2999-01-01T00:00:00Z' }, 'input.expiresAt'],
      ];
      for (const [more, path] of wrong) {
        expect(await refuse(scene.owner, 'createProjectInvite', { projectId: scene.project.id, ...more }), JSON.stringify(more)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      }
      expect(await invitesOf(scene, scene.owner)).toEqual([]);
    },
  },
  {
    operation: 'Mutation.createProjectInvite', outcome: 'conflict', title: 'is CONFLICT in an archived project (RULES §1)',
    async prove(world) {
      const scene = await ownProject(world, { shared: false });
      await archive(scene);
      expect(await refuse(scene.owner, 'createProjectInvite', { projectId: scene.project.id })).toMatchObject({ code: 'CONFLICT', path: ['createProjectInvite'] });
    },
  },
  {
    operation: 'Mutation.createProjectInvite', outcome: 'conflict', title: 'shows a resend under the same Idempotency-Key the same code; with another input it is IDEMPOTENCY_MISMATCH (RULES §3)',
    async prove(world) {
      const scene = await ownProject(world, { shared: false });
      const key = newKey();
      const made = await invite(scene, {}, key);
      expect(await invite(scene, {}, key)).toEqual(made);
      expect(await refuse(scene.owner, 'createProjectInvite', { projectId: scene.project.id, role: 'VIEWER' }, key)).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
      expect(await invitesOf(scene, scene.owner)).toEqual([made]);
    },
  },
  {
    operation: 'Mutation.revokeProjectInvite', outcome: 'success', title: 'ends an invite, whose code is good for nothing from then on; a repeat is no error',
    async prove(world) {
      const scene = await ownProject(world);
      const { id, code } = await invite(scene);
      for (let sent = 0; sent < 2; sent += 1) expect(await write(scene.maintainer, 'revokeProjectInvite', { id }, { selection: 'id' })).toEqual({ id });
      expect(await refuse(scene.stranger, 'acceptProjectInvite', { code })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await invitesOf(scene, scene.owner)).toEqual([]);
    },
  },
  {
    operation: 'Mutation.revokeProjectInvite', outcome: 'refusal', title: 'is NOT_FOUND to who does not see invites, FORBIDDEN to a MAINTAINER for a role not below the own one, UNAUTHENTICATED without a token',
    async prove(world) {
      const scene = await ownProject(world);
      const high = await invite(scene, { role: 'MAINTAINER' });
      expect(await refuse(scene.maintainer, 'revokeProjectInvite', { id: high.id })).toMatchObject({ code: 'FORBIDDEN', path: ['revokeProjectInvite'] });
      for (const who of [scene.member, scene.viewer, scene.stranger]) {
        const refusal = await refuse(who, 'revokeProjectInvite', { id: high.id });
        expect(refusal).toMatchObject({ code: 'NOT_FOUND' });
        for (const id of [missingId(), 'no id']) expect(await refuse(who, 'revokeProjectInvite', { id })).toEqual(refusal);
      }
      expect(await refuse(world.anonymous, 'revokeProjectInvite', { id: high.id })).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await invitesOf(scene, scene.owner)).toEqual([high]);
    },
  },
  {
    operation: 'Mutation.revokeProjectInvite', outcome: 'conflict', title: 'is CONFLICT in an archived project (RULES §1)',
    async prove(world) {
      const scene = await ownProject(world, { shared: false });
      const { id } = await invite(scene);
      await archive(scene);
      expect(await refuse(scene.owner, 'revokeProjectInvite', { id })).toMatchObject({ code: 'CONFLICT', path: ['revokeProjectInvite'] });
    },
  },
  {
    operation: 'Mutation.acceptProjectInvite', outcome: 'success', title: 'makes who has the code a member with its role, however it is typed; a member stays what they are and uses nothing',
    async prove(world) {
      const scene = await ownProject(world);
      const { code } = await invite(scene, { role: 'VIEWER', maxUses: 5 });
      const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4).replaceAll('0', 'o').replaceAll('1', 'l')} `;
      expect(await write(scene.stranger, 'acceptProjectInvite', { code: typed }, { selection: 'project { id viewerRole }' })).toEqual({ project: { id: scene.project.id, viewerRole: 'VIEWER' } });
      expect(await write(scene.member, 'acceptProjectInvite', { code }, { selection: 'project { viewerRole }' })).toEqual({ project: { viewerRole: 'MEMBER' } });
      expect((await rolesIn(scene, scene.owner))[scene.stranger.id]).toBe('VIEWER');
      expect(await invitesOf(scene, scene.owner)).toMatchObject([{ usesLeft: 4 }]);
    },
  },
  {
    operation: 'Mutation.acceptProjectInvite', outcome: 'refusal', title: 'is NOT_FOUND, in the same words, for a code that is none and for one that was revoked or is for another address; UNAUTHENTICATED without a token',
    async prove(world) {
      const scene = await ownProject(world, { shared: false });
      const [open, revoked] = [await invite(scene), await invite(scene)];
      const email = `waits-${unique()}@example.org`;
      await invite(scene, { email });
      const mailed = await mailedCode(world, email);
      await write(scene.owner, 'revokeProjectInvite', { id: revoked.id });
      const refusal = await refuse(scene.stranger, 'acceptProjectInvite', { code: 'ZZZZ-ZZZZ' });
      expect(refusal).toMatchObject({ code: 'NOT_FOUND', path: ['acceptProjectInvite'] });
      for (const code of ['no code', '', revoked.code, mailed]) expect(await refuse(scene.stranger, 'acceptProjectInvite', { code }), code).toEqual(refusal);
      expect(await refuse(world.anonymous, 'acceptProjectInvite', { code: open.code })).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await seeProject(scene.stranger, scene.project.id)).toBeNull();
    },
  },
  {
    operation: 'Mutation.acceptProjectInvite', outcome: 'conflict', title: 'lets exactly one of three in who take the last use at once; the others hear what a used code says',
    async prove(world) {
      const scene = await ownProject(world, { shared: false });
      const { code } = await invite(scene, { maxUses: 1 });
      const answers = await Promise.all([scene.member, scene.viewer, scene.stranger].map((who) => who.answer(mutation('acceptProjectInvite', 'project { id }'), { input: { code } })));
      expect(outcomes(answers)).toEqual(['NOT_FOUND', 'NOT_FOUND', 'data']);
      expect(Object.values(await rolesIn(scene, scene.owner)).toSorted()).toEqual(['MEMBER', 'OWNER']);
    },
  },
  {
    operation: 'Mutation.acceptProjectInvite', outcome: 'conflict', title: 'is CONFLICT while the project is archived (RULES §1)',
    async prove(world) {
      const scene = await ownProject(world, { shared: false });
      const { code } = await invite(scene);
      await archive(scene);
      expect(await refuse(scene.stranger, 'acceptProjectInvite', { code })).toMatchObject({ code: 'CONFLICT', path: ['acceptProjectInvite'] });
      await write(scene.owner, 'restoreProject', { id: scene.project.id });
      await write(scene.stranger, 'acceptProjectInvite', { code });
      expect(await seeProject(scene.stranger, scene.project.id)).toMatchObject({ viewerRole: 'MEMBER' });
    },
  },
];
