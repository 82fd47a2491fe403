// Projects: made, seen, changed, archived and restored (RULES §1, §2, §3).
import { newId } from '@taskgraph/shared/ids';
import { expect } from 'vitest';
import { archive, ownProject, refusedIn, seeProject } from './project-scene.js';
import type { Proof } from './proof.js';
import { newKey, refuse, see, team, write } from './scenes.js';
import { outcomes } from './session.js';
import { missingId, mutation, uniqueKey } from './world.js';

const shown = { selection: 'project { id key name description status version viewerRole createdBy { id } }' };

export const projectProofs: Proof[] = [
  {
    operation: 'Query.project', outcome: 'success', title: 'shows a member the project by id and by key, with the own role and its members',
    async prove(world) {
      const { project, owner, viewer } = await ownProject(world);
      const fields = '{ id key name viewerRole createdBy { name } members { totalCount nodes { role user { name } } } invites { id } }';
      const byId = await viewer.ask(`query ($id: ID) { project(id: $id) ${fields} }`, { id: project.id });
      expect(byId.project).toMatchObject({
        id: project.id, key: project.key, viewerRole: 'VIEWER', createdBy: { name: 'The owner' }, invites: null,
        members: { totalCount: 4, nodes: [{ role: 'OWNER', user: { name: 'The owner' } }, { role: 'MAINTAINER' }, { role: 'MEMBER' }, { role: 'VIEWER', user: { name: 'The viewer' } }] },
      });
      expect(await viewer.ask(`query ($key: String) { project(key: $key) ${fields} }`, { key: project.key })).toEqual(byId);
      expect((await owner.ask(`query ($id: ID) { project(id: $id) ${fields} }`, { id: project.id })).project).toMatchObject({ viewerRole: 'OWNER', invites: [] });
    },
  },
  {
    operation: 'Query.project', outcome: 'refusal', title: 'is null for a stranger as for what does not exist, BAD_USER_INPUT unless asked by exactly one of id and key, UNAUTHENTICATED without a token',
    async prove(world) {
      const { project, stranger } = await team(world);
      const document = 'query ($id: ID, $key: String) { project(id: $id, key: $key) { id } }';
      for (const variables of [{ id: project.id }, { key: project.key }, { id: missingId() }, { id: 'no id' }, { key: 'ZZZZZZZZZZ' }, { key: '\u0000' }]) {
        expect(await stranger.ask(document, variables)).toEqual({ project: null });
      }
      for (const variables of [{}, { id: project.id, key: project.key }]) {
        expect(await stranger.refused(document, variables)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'id' }], path: ['project'] });
      }
      expect(await world.anonymous.refused(document, { id: project.id })).toMatchObject({ code: 'UNAUTHENTICATED', path: ['project'] });
    },
  },
  {
    operation: 'Query.projects', outcome: 'success', title: 'lists the own projects by name, page by page, by status and by what is looked for in name and key',
    async prove(world) {
      const ada = await world.person();
      const [beta, alpha, old] = [await world.project(ada, { name: 'beta' }), await world.project(ada, { name: 'Alpha site' }), await world.project(ada, { name: 'Old' })];
      await write(ada, 'archiveProject', { id: old.id });
      const list = async (call: string) => (await ada.ask(`{ projects${call} { totalCount nodes { id } pageInfo { endCursor hasNextPage } } }`)).projects;
      const idsOf = async (call: string) => (await list(call)).nodes.map((node: { id: string }) => node.id);
      expect(await idsOf('')).toEqual([alpha.id, beta.id, old.id]);
      expect(await idsOf('(status: ARCHIVED)')).toEqual([old.id]);
      expect(await idsOf('(search: "SITE")')).toEqual([alpha.id]);
      expect(await idsOf(`(search: "${beta.key.toLowerCase()}")`)).toEqual([beta.id]);
      const first = await list('(first: 2)');
      expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
      expect(await idsOf(`(first: 2, after: "${first.pageInfo.endCursor}")`)).toEqual([old.id]);
    },
  },
  {
    operation: 'Query.projects', outcome: 'refusal', title: 'shows nobody a project of others, is BAD_USER_INPUT for a page that is none, UNAUTHENTICATED without a token',
    async prove(world) {
      const { project, stranger } = await team(world);
      expect((await stranger.ask(`{ projects(search: "${project.key}") { totalCount nodes { id } } }`)).projects).toEqual({ totalCount: 0, nodes: [] });
      for (const [call, path] of [['first: 0', 'first'], ['first: -1', 'first'], ['first: 1001', 'first'], ['after: "forged"', 'after']]) {
        expect(await stranger.refused(`{ projects(${call}) { nodes { id } } }`), call).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      }
      expect(await world.anonymous.refused('{ projects { nodes { id } } }')).toMatchObject({ code: 'UNAUTHENTICATED', path: ['projects'] });
    },
  },
  {
    operation: 'Mutation.createProject', outcome: 'success', title: 'makes a project with its maker as OWNER; the same id and input again is the same create (RULES §3)',
    async prove(world) {
      const { stranger } = await team(world);
      const input = { id: newId(), key: uniqueKey(), name: 'Made 🙂', description: '# Why' };
      for (let sent = 0; sent < 2; sent += 1) {
        expect((await write(stranger, 'createProject', input, shown)).project).toEqual({ ...input, status: 'ACTIVE', version: 1, viewerRole: 'OWNER', createdBy: { id: stranger.id } });
      }
      expect(await seeProject(stranger, input.id, 'name members { nodes { userId role } }')).toEqual({ name: 'Made 🙂', members: { nodes: [{ userId: stranger.id, role: 'OWNER' }] } });
    },
  },
  {
    operation: 'Mutation.createProject', outcome: 'refusal', title: 'is BAD_USER_INPUT at the field for a key, name or id that cannot be, UNAUTHENTICATED without a token',
    async prove(world) {
      const { stranger } = await team(world);
      const good = { key: uniqueKey(), name: 'A project' };
      const wrong: [more: object, path: string][] = [
        [{ key: 'a' }, 'input.key'], [{ key: 'low' }, 'input.key'], [{ key: 'TOOLONGAKEY' }, 'input.key'], [{ name: '' }, 'input.name'], [{ name: 'x'.repeat(101) }, 'input.name'],
        [{ name: 'a\u0000b' }, 'input.name'], [{ description: 'x'.repeat(65_537) }, 'input.description'], [{ id: '6fa459ea-ee8a-4ca4-894e-db77e160355e' }, 'input.id'],
      ];
      for (const [more, path] of wrong) expect(await refuse(stranger, 'createProject', { ...good, ...more }), path).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      expect(await refuse(world.anonymous, 'createProject', good)).toMatchObject({ code: 'UNAUTHENTICATED', path: ['createProject'] });
      expect((await stranger.ask('query ($key: String) { project(key: $key) { id } }', { key: good.key })).project).toBeNull();
    },
  },
  {
    operation: 'Mutation.createProject', outcome: 'conflict', title: 'is CONFLICT for a taken key, also to who cannot see its project, and gives it to exactly one of two who take it at once',
    async prove(world) {
      const { project, owner, stranger } = await team(world);
      expect(await refuse(stranger, 'createProject', { key: project.key, name: 'Mine' })).toMatchObject({ code: 'CONFLICT', fields: ['key'], path: ['createProject'], current: undefined });
      const input = { key: uniqueKey(), name: 'Raced' };
      const answers = await Promise.all([owner, stranger].map((who) => who.answer(mutation('createProject', 'project { id }'), { input })));
      expect(outcomes(answers)).toEqual(['CONFLICT', 'data']);
    },
  },
  {
    operation: 'Mutation.createProject', outcome: 'conflict', title: 'is CONFLICT for an id that another input or another person has taken, without telling what is there',
    async prove(world) {
      const { project, owner, stranger } = await team(world);
      for (const who of [owner, stranger]) {
        expect(await refuse(who, 'createProject', { id: project.id, key: uniqueKey(), name: 'Another' })).toMatchObject({ code: 'CONFLICT', fields: ['id'], current: undefined });
      }
    },
  },
  {
    operation: 'Mutation.createProject', outcome: 'conflict', title: 'happens once under an Idempotency-Key, which with another input is IDEMPOTENCY_MISMATCH (RULES §3)',
    async prove(world) {
      const { stranger } = await team(world);
      const [key, input] = [newKey(), { key: uniqueKey(), name: 'Once' }];
      const first = await write(stranger, 'createProject', input, { key });
      expect(await write(stranger, 'createProject', input, { key })).toEqual(first);
      expect(await refuse(stranger, 'createProject', { ...input, name: 'Twice' }, key)).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
    },
  },
  {
    operation: 'Mutation.updateProject', outcome: 'success', title: 'changes what is given, keeps what is absent, clears what is null; an empty patch changes nothing (RULES §2)',
    async prove(world) {
      const { project: { id }, owner, viewer } = await ownProject(world);
      const { version } = await seeProject(owner, id);
      await write(owner, 'updateProject', { id, description: 'Why' });
      expect((await write(owner, 'updateProject', { id, name: '<b>Renamed</b>' }, shown)).project).toMatchObject({ name: '<b>Renamed</b>', description: 'Why', version: version + 2 });
      expect((await write(owner, 'updateProject', { id }, shown)).project.version).toBe(version + 2);
      await write(owner, 'updateProject', { id, description: null });
      expect(await seeProject(viewer, id)).toMatchObject({ name: '<b>Renamed</b>', description: null, version: version + 3, viewerRole: 'VIEWER' });
    },
  },
  {
    operation: 'Mutation.updateProject', outcome: 'refusal', title: 'is FORBIDDEN to all members but OWNER, NOT_FOUND to a stranger, BAD_USER_INPUT at the field for what cannot be',
    async prove(world) {
      const scene = await ownProject(world);
      await refusedIn(world, scene, 'updateProject', ['maintainer', 'member', 'viewer'], ({ project }) => ({ id: project.id, name: 'Taken over' }), { id: missingId() });
      for (const [more, path] of [[{ name: null }, 'input.name'], [{ name: '' }, 'input.name'], [{ name: 'A', expectedVersion: 99 }, 'input.expectedVersion']] as const) {
        expect(await refuse(scene.owner, 'updateProject', { id: scene.project.id, ...more })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      }
    },
  },
  {
    operation: 'Mutation.updateProject', outcome: 'conflict', title: 'merges disjoint fields of an old version, and is CONFLICT with fields and current where they overlap (RULES §2)',
    async prove(world) {
      const scene = await ownProject(world);
      const { project: { id }, owner, maintainer } = scene;
      await write(owner, 'changeProjectMemberRole', { projectId: id, userId: maintainer.id, role: 'OWNER' });
      const { version: expectedVersion } = await seeProject(owner, id);
      await write(maintainer, 'updateProject', { id, name: 'By the other', expectedVersion });
      expect((await write(owner, 'updateProject', { id, description: 'By the owner', expectedVersion }, shown)).project).toMatchObject({ name: 'By the other', description: 'By the owner' });
      expect(await refuse(owner, 'updateProject', { id, name: 'By the owner', expectedVersion })).toMatchObject({
        code: 'CONFLICT', fields: ['name'], current: { name: 'By the other', version: expectedVersion + 2 }, path: ['updateProject'],
      });
      expect((await seeProject(owner, id)).name).toBe('By the other');
    },
  },
  {
    operation: 'Mutation.updateProject', outcome: 'conflict', title: 'is CONFLICT in an archived project (RULES §1)',
    async prove(world) {
      const scene = await ownProject(world, { shared: false });
      await archive(scene);
      expect(await refuse(scene.owner, 'updateProject', { id: scene.project.id, name: 'Too late' })).toMatchObject({ code: 'CONFLICT' });
    },
  },
  {
    operation: 'Mutation.archiveProject', outcome: 'success', title: 'makes a project read-only, which its members go on seeing',
    async prove(world) {
      const { project, owner, member } = await ownProject(world);
      const task = await world.task(owner, { projectId: project.id, title: 'Kept' });
      expect((await write(owner, 'archiveProject', { id: project.id }, shown)).project).toMatchObject({ status: 'ARCHIVED' });
      expect(await seeProject(member, project.id, 'status')).toEqual({ status: 'ARCHIVED' });
      expect(await see(member, task.id, 'title')).toEqual({ title: 'Kept' });
    },
  },
  {
    operation: 'Mutation.archiveProject', outcome: 'refusal', title: 'is FORBIDDEN to all members but OWNER, NOT_FOUND to a stranger, UNAUTHENTICATED without a token',
    prove: async (world) => refusedIn(world, await ownProject(world), 'archiveProject', ['maintainer', 'member', 'viewer'], ({ project }) => ({ id: project.id }), { id: missingId() }),
  },
  {
    operation: 'Mutation.archiveProject', outcome: 'conflict', title: 'is CONFLICT for an archived project, so that one of two who archive it at once is told',
    async prove(world) {
      const { project, owner } = await ownProject(world, { shared: false });
      const answers = await Promise.all([1, 2].map(() => owner.answer(mutation('archiveProject', 'project { id }'), { input: { id: project.id } })));
      expect(outcomes(answers)).toEqual(['CONFLICT', 'data']);
    },
  },
  {
    operation: 'Mutation.restoreProject', outcome: 'success', title: 'lets an archived project be written to again, and changes nothing in another one',
    async prove(world) {
      const scene = await ownProject(world, { shared: false });
      const { project: { id }, owner } = scene;
      await archive(scene);
      const restored = await write(owner, 'restoreProject', { id }, shown);
      expect(restored.project).toMatchObject({ status: 'ACTIVE' });
      expect(await write(owner, 'restoreProject', { id }, shown)).toEqual(restored);
      await write(owner, 'updateProject', { id, name: 'In use again' });
      expect(await seeProject(owner, id)).toMatchObject({ name: 'In use again', status: 'ACTIVE' });
    },
  },
  {
    operation: 'Mutation.restoreProject', outcome: 'refusal', title: 'is FORBIDDEN to all members but OWNER, NOT_FOUND to a stranger, UNAUTHENTICATED without a token',
    async prove(world) {
      const scene = await ownProject(world);
      await archive(scene);
      await refusedIn(world, scene, 'restoreProject', ['maintainer', 'member', 'viewer'], ({ project }) => ({ id: project.id }), { id: missingId() });
    },
  },
  {
    operation: 'Mutation.restoreProject', outcome: 'conflict', title: 'is IDEMPOTENCY_MISMATCH under a key that restored another one, which stays archived',
    async prove(world) {
      const [one, two] = [await ownProject(world, { shared: false }), await ownProject(world, { shared: false })];
      await Promise.all([archive(one), archive(two)]);
      const key = newKey();
      await write(one.owner, 'restoreProject', { id: one.project.id }, { key });
      expect(await refuse(one.owner, 'restoreProject', { id: two.project.id }, key)).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
      expect(await seeProject(one.owner, two.project.id, 'status')).toEqual({ status: 'ARCHIVED' });
    },
  },
];
