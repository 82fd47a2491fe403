import { newId } from '@taskgraph/shared/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, startProject, type Harness } from './harness.js';

let project: Harness;
beforeAll(async () => void (project = await startProject()));
afterAll(() => project.stop());

const setRole = (viewer: Parameters<Harness['run']>[1], projectId: string, userId: string, role: string) =>
  project.run('changeProjectMemberRole', viewer, { projectId, userId, role });

describe('changing a role', () => {
  test('the member has it at once, in one version and one event that tells of the role before', async () => {
    const { id, owner, MEMBER } = await project.team('MEMBER');
    const answer = await setRole(owner, id, MEMBER.id.toUpperCase(), 'MAINTAINER');
    expect(answer.data.changeProjectMemberRole.project).toMatchObject({ version: 3, viewerRole: 'OWNER' });
    const word = await project.internal(`/internal/memberships?place=${id}&user=${MEMBER.id}`);
    expect(await word.json()).toMatchObject({ role: 'MAINTAINER', version: 3 });
    expect(await project.sql(`select version, actor_id, audience, payload from events where aggregate_id = $1 and type = 'project.member-changed'`, [id])).toEqual([
      { version: 3, actor_id: owner.id, audience: [MEMBER.id], payload: { projectId: id, projectName: 'Some project', userId: MEMBER.id, role: 'MAINTAINER', before: 'MEMBER', version: 3 } },
    ]);
  });

  test('the role that the member has changes nothing', async () => {
    const { id, owner, VIEWER } = await project.team('VIEWER');
    expect((await setRole(owner, id, VIEWER.id, 'VIEWER')).data.changeProjectMemberRole.project.version).toBe(2);
  });

  test('who is no member is NOT_FOUND', async () => {
    const { id, owner } = await project.team();
    for (const userId of [newId(), 'nobody']) expect(codeOf(await setRole(owner, id, userId, 'VIEWER'))).toBe('NOT_FOUND');
  });

  test('OWNER hands the project on: makes another one OWNER, and then oneself less', async () => {
    const { id, owner, MEMBER } = await project.team('MEMBER');
    await setRole(owner, id, MEMBER.id, 'OWNER');
    const answer = await setRole(owner, id, owner.id, 'VIEWER');
    expect(answer.data.changeProjectMemberRole.project).toMatchObject({ viewerRole: 'VIEWER', version: 4 });
    expect(codeOf(await setRole(owner, id, owner.id, 'OWNER'))).toBe('FORBIDDEN');
  });
});

describe('the last OWNER (RULES §1)', () => {
  test('cannot be demoted and cannot leave', async () => {
    const { id, owner } = await project.team('MAINTAINER');
    for (const role of ['MAINTAINER', 'MEMBER', 'VIEWER']) expect(codeOf(await setRole(owner, id, owner.id, role))).toBe('CONFLICT');
    expect(codeOf(await project.remove(owner, id, owner.id))).toBe('CONFLICT');
    expect(codeOf(await setRole(owner, id, owner.id, 'OWNER'))).toBeUndefined();
  });

  test('of two who demote themselves, leave, or demote each other at once, one OWNER stays', async () => {
    const races: ((id: string, a: { id: string }, b: { id: string }, as: Record<'a' | 'b', Parameters<Harness['run']>[1]>) => Promise<unknown>[])[] = [
      (id, a, b, as) => [setRole(as.a, id, a.id, 'VIEWER'), setRole(as.b, id, b.id, 'VIEWER')],
      (id, a, b, as) => [setRole(as.a, id, b.id, 'VIEWER'), setRole(as.b, id, a.id, 'VIEWER')],
      (id, a, b, as) => [project.remove(as.a, id, a.id), setRole(as.b, id, b.id, 'VIEWER')],
      (id, a, b, as) => [project.remove(as.a, id, a.id), project.remove(as.b, id, b.id)],
    ];
    for (const race of races) {
      for (let round = 0; round < 3; round += 1) {
        const { id, owner, OWNER } = await project.team('OWNER');
        await Promise.all(race(id, owner, OWNER, { a: owner, b: OWNER }));
        expect(await project.sql(`select 1 from project_members where project_id = $1 and role = 'OWNER'`, [id])).toHaveLength(1);
      }
    }
  });
});
