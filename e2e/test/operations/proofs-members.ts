// Members of projects: added, given roles, removed, leaving (RULES §1).
import { expect } from 'vitest';
import { archive, ownProject, refusedIn, rolesIn, seeProject } from './project-scene.js';
import type { Proof } from './proof.js';
import { newKey, refuse, write, type Team } from './scenes.js';
import { outcomes, type Client } from './session.js';
import { missingId, mutation, type World } from './world.js';

/** A project with two OWNERs and nobody else. */
async function twoOwners(world: World): Promise<Team> {
  const scene = await ownProject(world, { shared: false });
  await write(scene.owner, 'addProjectMember', { projectId: scene.project.id, userId: scene.maintainer.id, role: 'OWNER' });
  return scene;
}

export const memberProofs: Proof[] = [
  {
    operation: 'Mutation.addProjectMember', outcome: 'success', title: 'makes somebody a member, who sees the project at once; the same again changes nothing',
    async prove(world) {
      const { project, owner, maintainer, stranger } = await ownProject(world);
      const add = async (role?: string) => (await write(maintainer, 'addProjectMember', { projectId: project.id, userId: stranger.id, role }, { selection: 'project { version viewerRole }' })).project;
      const added = await add('VIEWER');
      expect(added.viewerRole).toBe('MAINTAINER');
      expect(await add('VIEWER')).toEqual(added);
      expect(await seeProject(stranger, project.id)).toMatchObject({ name: 'Its own project', viewerRole: 'VIEWER' });
      const another = await world.person();
      await write(owner, 'addProjectMember', { projectId: project.id, userId: another.id });
      expect(await seeProject(another, project.id)).toMatchObject({ viewerRole: 'MEMBER' });
    },
  },
  {
    operation: 'Mutation.addProjectMember', outcome: 'refusal', title: 'is FORBIDDEN to MEMBER and VIEWER and for a role not below the own one, NOT_FOUND to a stranger, UNAUTHENTICATED without a token',
    async prove(world) {
      const scene = await ownProject(world);
      const input = ({ project, stranger }: Team) => ({ projectId: project.id, userId: stranger.id, role: 'VIEWER' });
      await refusedIn(world, scene, 'addProjectMember', ['member', 'viewer'], input, { projectId: missingId() });
      for (const role of ['MAINTAINER', 'OWNER']) expect(await refuse(scene.maintainer, 'addProjectMember', { ...input(scene), role })).toMatchObject({ code: 'FORBIDDEN' });
    },
  },
  {
    operation: 'Mutation.addProjectMember', outcome: 'refusal', title: 'is BAD_USER_INPUT for who is nobody or was deactivated',
    async prove(world) {
      const { project, owner } = await ownProject(world, { shared: false });
      const gone = await world.person();
      await write(gone, 'deactivateUser', { userId: gone.id });
      for (const userId of [missingId(), 'no id', gone.id]) {
        expect(await refuse(owner, 'addProjectMember', { projectId: project.id, userId })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.userId' }], path: ['addProjectMember'] });
      }
      expect(await seeProject(owner, project.id, 'members { totalCount }')).toEqual({ members: { totalCount: 1 } });
    },
  },
  {
    operation: 'Mutation.addProjectMember', outcome: 'conflict', title: 'is CONFLICT for a member with another role, and gives one role to who is added with two at once',
    async prove(world) {
      const scene = await ownProject(world);
      const { project, owner, member, stranger } = scene;
      expect(await refuse(owner, 'addProjectMember', { projectId: project.id, userId: member.id, role: 'VIEWER' })).toMatchObject({
        code: 'CONFLICT', fields: ['role'], current: { role: 'MEMBER' }, path: ['addProjectMember'],
      });
      const answers = await Promise.all(['MEMBER', 'VIEWER'].map((role) => owner.answer(mutation('addProjectMember', 'project { id }'), { input: { projectId: project.id, userId: stranger.id, role } })));
      expect(outcomes(answers)).toEqual(['CONFLICT', 'data']);
      expect((await rolesIn(scene, owner))[stranger.id]).toBe(answers[0]?.errors ? 'VIEWER' : 'MEMBER');
    },
  },
  {
    operation: 'Mutation.addProjectMember', outcome: 'conflict', title: 'is CONFLICT in an archived project (RULES §1)',
    async prove(world) {
      const scene = await ownProject(world, { shared: false });
      await archive(scene);
      expect(await refuse(scene.owner, 'addProjectMember', { projectId: scene.project.id, userId: scene.member.id })).toMatchObject({ code: 'CONFLICT' });
    },
  },
  {
    operation: 'Mutation.changeProjectMemberRole', outcome: 'success', title: 'gives a member another role, also the own one where another OWNER is; the same role changes nothing',
    async prove(world) {
      const scene = await ownProject(world);
      const { project: { id: projectId }, owner, member, viewer } = scene;
      const give = async (who: Client, userId: string, role: string) => (await write(who, 'changeProjectMemberRole', { projectId, userId, role }, { selection: 'project { version viewerRole }' })).project;
      const changed = await give(owner, viewer.id, 'MAINTAINER');
      expect(await give(owner, viewer.id, 'MAINTAINER')).toEqual(changed);
      // What the new role may is there at once.
      await write(viewer, 'createProjectInvite', { projectId }, { selection: 'invite { id }' });
      await give(owner, member.id, 'OWNER');
      expect(await give(owner, owner.id, 'VIEWER')).toMatchObject({ viewerRole: 'VIEWER' });
      expect(await rolesIn(scene, member)).toMatchObject({ [owner.id]: 'VIEWER', [member.id]: 'OWNER', [viewer.id]: 'MAINTAINER' });
    },
  },
  {
    operation: 'Mutation.changeProjectMemberRole', outcome: 'refusal', title: 'is FORBIDDEN to all members but OWNER, NOT_FOUND to a stranger and for who is no member, UNAUTHENTICATED without a token',
    async prove(world) {
      const scene = await ownProject(world);
      const input = ({ project, viewer }: Team) => ({ projectId: project.id, userId: viewer.id, role: 'MEMBER' });
      await refusedIn(world, scene, 'changeProjectMemberRole', ['maintainer', 'member', 'viewer'], input, { projectId: missingId() });
      for (const userId of [scene.stranger.id, missingId(), 'no id']) {
        expect(await refuse(scene.owner, 'changeProjectMemberRole', { ...input(scene), userId })).toMatchObject({ code: 'NOT_FOUND' });
      }
    },
  },
  {
    operation: 'Mutation.changeProjectMemberRole', outcome: 'conflict', title: 'is CONFLICT for the last OWNER, and for one of two who step down at once',
    async prove(world) {
      const scene = await twoOwners(world);
      const { project: { id: projectId }, owner, maintainer } = scene;
      const stepDown = (who: Team['owner']) => who.answer(mutation('changeProjectMemberRole', 'project { id }'), { input: { projectId, userId: who.id, role: 'MEMBER' } });
      const answers = await Promise.all([stepDown(owner), stepDown(maintainer)]);
      expect(outcomes(answers)).toEqual(['CONFLICT', 'data']);
      const last = answers[0]?.errors ? owner : maintainer;
      expect((await rolesIn(scene, last))[last.id]).toBe('OWNER');
      expect(await refuse(last, 'changeProjectMemberRole', { projectId, userId: last.id, role: 'VIEWER' })).toMatchObject({ code: 'CONFLICT', path: ['changeProjectMemberRole'] });
    },
  },
  {
    operation: 'Mutation.changeProjectMemberRole', outcome: 'conflict', title: 'is CONFLICT in an archived project (RULES §1)',
    async prove(world) {
      const scene = await ownProject(world);
      await archive(scene);
      expect(await refuse(scene.owner, 'changeProjectMemberRole', { projectId: scene.project.id, userId: scene.viewer.id, role: 'MEMBER' })).toMatchObject({ code: 'CONFLICT' });
      expect((await rolesIn(scene, scene.owner))[scene.viewer.id]).toBe('VIEWER');
    },
  },
  {
    operation: 'Mutation.removeProjectMember', outcome: 'success', title: 'removes a member below the own rank, who no longer sees the project',
    async prove(world) {
      const scene = await ownProject(world);
      const { project: { id: projectId }, owner, maintainer, member } = scene;
      await write(maintainer, 'removeProjectMember', { projectId, userId: member.id });
      expect(await seeProject(member, projectId)).toBeNull();
      await write(owner, 'removeProjectMember', { projectId, userId: maintainer.id });
      expect(Object.values(await rolesIn(scene, owner)).toSorted()).toEqual(['OWNER', 'VIEWER']);
    },
  },
  {
    operation: 'Mutation.removeProjectMember', outcome: 'success', title: 'is how anybody leaves; the answer shows no project then',
    async prove(world) {
      const { project: { id: projectId }, viewer } = await ownProject(world);
      expect(await write(viewer, 'removeProjectMember', { projectId, userId: viewer.id })).toEqual({ project: null });
      expect(await seeProject(viewer, projectId)).toBeNull();
    },
  },
  {
    operation: 'Mutation.removeProjectMember', outcome: 'refusal', title: 'is FORBIDDEN for who is not below the own rank, NOT_FOUND to a stranger and for who is no member, UNAUTHENTICATED without a token',
    async prove(world) {
      const scene = await ownProject(world);
      const { project: { id: projectId }, owner, maintainer, stranger } = scene;
      const input = ({ owner: { id } }: Team) => ({ projectId, userId: id });
      await refusedIn(world, scene, 'removeProjectMember', ['maintainer', 'member', 'viewer'], input, { projectId: missingId() });
      for (const who of [owner, maintainer]) {
        for (const userId of [stranger.id, missingId(), 'no id']) expect(await refuse(who, 'removeProjectMember', { projectId, userId })).toMatchObject({ code: 'NOT_FOUND' });
      }
    },
  },
  {
    operation: 'Mutation.removeProjectMember', outcome: 'conflict', title: 'is CONFLICT for the last OWNER, and for one of two who leave at once',
    async prove(world) {
      const scene = await twoOwners(world);
      const { project: { id: projectId }, owner, maintainer } = scene;
      const leave = (who: Team['owner']) => who.answer(mutation('removeProjectMember', 'project { id }'), { input: { projectId, userId: who.id } });
      const answers = await Promise.all([leave(owner), leave(maintainer)]);
      expect(outcomes(answers)).toEqual(['CONFLICT', 'data']);
      const last = answers[0]?.errors ? owner : maintainer;
      expect(await rolesIn(scene, last)).toEqual({ [last.id]: 'OWNER' });
      expect(await refuse(last, 'removeProjectMember', { projectId, userId: last.id })).toMatchObject({ code: 'CONFLICT', path: ['removeProjectMember'] });
    },
  },
  {
    operation: 'Mutation.removeProjectMember', outcome: 'conflict', title: 'is IDEMPOTENCY_MISMATCH under a key that removed another member, who stays',
    async prove(world) {
      const scene = await ownProject(world);
      const { project: { id: projectId }, owner, member, viewer } = scene;
      const key = newKey();
      await write(owner, 'removeProjectMember', { projectId, userId: member.id }, { key });
      expect(await refuse(owner, 'removeProjectMember', { projectId, userId: viewer.id }, key)).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
      expect((await rolesIn(scene, owner))[viewer.id]).toBe('VIEWER');
    },
  },
];
