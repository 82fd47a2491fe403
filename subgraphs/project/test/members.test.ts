import type { ProjectRole } from '@taskgraph/shared/contracts/project-events';
import { newId } from '@taskgraph/shared/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, startProject, type Harness } from './harness.js';

let project: Harness;
beforeAll(async () => void (project = await startProject()));
afterAll(() => project.stop());

const roles: ProjectRole[] = ['OWNER', 'MAINTAINER', 'MEMBER', 'VIEWER'];
const everybody = ['stranger', 'VIEWER', 'MEMBER', 'MAINTAINER', 'OWNER'] as const;

/** A project with one viewer of the given standing, beside its maker. */
async function standing(as: (typeof everybody)[number]) {
  const maker = project.someone();
  const id = await project.project(maker);
  const viewer = project.someone();
  if (as !== 'stranger') await project.add(maker, id, viewer.id, as);
  return { maker, id, viewer };
}

describe('who may change the members of a project', () => {
  const adding: Record<(typeof everybody)[number], (string | undefined)[]> = {
    // Adding an OWNER, a MAINTAINER, a MEMBER, a VIEWER.
    stranger: ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'],
    VIEWER: ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN'],
    MEMBER: ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN'],
    MAINTAINER: ['FORBIDDEN', 'FORBIDDEN', undefined, undefined],
    OWNER: [undefined, undefined, undefined, undefined],
  };
  test.each(everybody)('%s adds members of each role only as far as RULES §1 allows', async (as) => {
    const { id, viewer } = await standing(as);
    for (const [index, role] of roles.entries()) expect([role, codeOf(await project.add(viewer, id, project.users.someone(), role))]).toEqual([role, adding[as][index]]);
  });

  const removing: typeof adding = {
    stranger: ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'],
    VIEWER: ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN'],
    MEMBER: ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN'],
    MAINTAINER: ['FORBIDDEN', 'FORBIDDEN', undefined, undefined],
    OWNER: ['FORBIDDEN', undefined, undefined, undefined],
  };
  test.each(everybody)('%s removes members of each role only as far as RULES §1 allows', async (as) => {
    const { maker, id, viewer } = await standing(as);
    for (const [index, role] of roles.entries()) {
      const member = project.users.someone();
      await project.add(maker, id, member, role);
      expect([role, codeOf(await project.remove(viewer, id, member))]).toEqual([role, removing[as][index]]);
    }
  });

  test.each(everybody)('%s sees project and members, or nothing at all', async (as) => {
    const { id, viewer } = await standing(as);
    const { data } = await project.query('query ($id: ID!) { project(id: $id) { viewerRole members { totalCount } } }', { id }, viewer);
    expect(data.project).toEqual(as === 'stranger' ? null : { viewerRole: as, members: { totalCount: 2 } });
  });

  test.each(['VIEWER', 'MEMBER', 'MAINTAINER', 'OWNER'] as const)('%s may leave and sees nothing afterwards', async (as) => {
    const { id, viewer } = await standing(as);
    expect((await project.remove(viewer, id, viewer.id)).data).toEqual({ removeProjectMember: { project: null } });
    expect((await project.query('{ projects { totalCount } }', {}, viewer)).data.projects.totalCount).toBe(0);
    expect(codeOf(await project.remove(viewer, id, viewer.id))).toBe('NOT_FOUND');
  });
});

describe('adding', () => {
  test('the added person sees the project in `projects` at once, as MEMBER where no role was given', async () => {
    const { maker, id, viewer } = await standing('stranger');
    const added = await project.add(maker, id, viewer.id);
    expect(added.data.addProjectMember.project).toMatchObject({ version: 2, viewerRole: 'OWNER', members: { totalCount: 2 } });
    const seen = await project.query('{ projects { nodes { id viewerRole version } } }', {}, viewer);
    expect(seen.data.projects.nodes).toEqual([{ id, viewerRole: 'MEMBER', version: 2 }]);
  });

  test('adding again with the same role changes nothing; with another one it is CONFLICT that shows the present role', async () => {
    const { maker, id, viewer } = await standing('VIEWER');
    const again = await project.add(maker, id, viewer.id, 'VIEWER');
    expect(again.data.addProjectMember.project.version).toBe(2);
    const other = await project.add(maker, id, viewer.id, 'MEMBER');
    expect(other.errors?.[0]?.extensions).toEqual({ code: 'CONFLICT', fields: ['role'], current: { role: 'VIEWER' } });
  });

  test('concurrent additions of one person are one membership and one version', async () => {
    const { maker, id, viewer } = await standing('stranger');
    const answers = await Promise.all(Array.from({ length: 5 }, () => project.add(maker, id, viewer.id)));
    for (const answer of answers) expect(answer.data.addProjectMember.project).toMatchObject({ version: 2, members: { totalCount: 2 } });
  });

  test('a user who is unknown, inactive or no id at all is BAD_USER_INPUT naming input.userId', async () => {
    const { maker, id } = await standing('stranger');
    for (const userId of [newId(), project.users.someone(false), 'nobody', 'a,b', `${newId()}&x=`]) {
      const answer = await project.add(maker, id, userId);
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.userId' }] });
    }
    expect(codeOf(await project.add(maker, 'nowhere', newId()))).toBe('NOT_FOUND');
  });

  test('who may not add learns nothing about whether the user exists, and the user subgraph is not asked', async () => {
    const { id, viewer } = await standing('MEMBER');
    const nobody = newId();
    expect(codeOf(await project.add(viewer, id, nobody))).toBe('FORBIDDEN');
    expect(codeOf(await project.add(project.someone(), id, nobody))).toBe('NOT_FOUND');
    expect(project.users.asked).not.toContain(nobody);
  });

  test('two additions in one request each show the members of their own moment', async () => {
    const { maker, id } = await standing('stranger');
    const add = (alias: string) => `${alias}: addProjectMember(input: { projectId: "${id}", userId: "${project.users.someone()}" }) { project { version members { totalCount nodes { role } } } }`;
    const { data } = await project.query(`mutation { ${add('a')} ${add('b')} }`, {}, maker);
    expect(data.a.project).toMatchObject({ version: 2, members: { totalCount: 2, nodes: { length: 2 } } });
    expect(data.b.project).toMatchObject({ version: 3, members: { totalCount: 3, nodes: { length: 3 } } });
  });
});

describe('removing', () => {
  test('the last OWNER cannot leave, and can once there is another one', async () => {
    const { maker, id, viewer } = await standing('MAINTAINER');
    expect(codeOf(await project.remove(maker, id, maker.id))).toBe('CONFLICT');
    expect(codeOf(await project.remove(viewer, id, maker.id))).toBe('FORBIDDEN');
    await project.add(maker, id, project.users.someone(), 'OWNER');
    expect(codeOf(await project.remove(maker, id, maker.id))).toBeUndefined();
  });

  test('of two OWNERs who leave at the same moment one stays', async () => {
    const { maker, id, viewer } = await standing('OWNER');
    const answers = await Promise.all([project.remove(maker, id, maker.id), project.remove(viewer, id, viewer.id)]);
    expect(answers.map(codeOf).filter((code) => code === 'CONFLICT')).toHaveLength(1);
  });

  test('somebody who is no member is NOT_FOUND to those who may remove', async () => {
    const { maker, id } = await standing('stranger');
    for (const userId of [newId(), 'nobody']) expect(codeOf(await project.remove(maker, id, userId))).toBe('NOT_FOUND');
    expect(codeOf(await project.remove(maker, 'nowhere', newId()))).toBe('NOT_FOUND');
  });

  test('a removed person can be added again', async () => {
    const { maker, id, viewer } = await standing('MEMBER');
    await project.remove(maker, id, viewer.id);
    expect((await project.add(maker, id, viewer.id, 'VIEWER')).data.addProjectMember.project.version).toBe(4);
  });

  test('in an archived project every write is CONFLICT, but who may not is still told so first', async () => {
    const { maker, id, viewer } = await standing('MEMBER');
    await project.run('archiveProject', maker, { id });
    expect(codeOf(await project.add(maker, id, project.users.someone()))).toBe('CONFLICT');
    expect(codeOf(await project.remove(maker, id, viewer.id))).toBe('CONFLICT');
    expect(codeOf(await project.remove(viewer, id, viewer.id))).toBe('CONFLICT');
    expect(codeOf(await project.remove(viewer, id, maker.id))).toBe('FORBIDDEN');
    const answer = await project.internal(`/internal/memberships?place=${id}&user=${maker.id}`);
    expect(await answer.json()).toMatchObject({ role: 'OWNER', writable: false });
  });
});

// Last in this file: afterwards the user subgraph stays away.
describe('while the user subgraph is away', () => {
  test('adding somebody is SUBGRAPH_UNAVAILABLE, and everything that needs no word about them goes on', async () => {
    const { maker, id, viewer } = await standing('MEMBER');
    const newcomer = project.users.someone();
    await project.users.stop();
    expect(codeOf(await project.add(maker, id, newcomer))).toBe('SUBGRAPH_UNAVAILABLE');
    expect(codeOf(await project.add(viewer, id, newcomer))).toBe('FORBIDDEN');
    expect((await project.add(maker, id, viewer.id)).data.addProjectMember.project.version).toBe(2);
    expect(codeOf(await project.remove(maker, id, viewer.id))).toBeUndefined();
    expect(codeOf(await project.create(maker, { key: 'ALONE', name: 'Alone' }))).toBeUndefined();
  });
});
