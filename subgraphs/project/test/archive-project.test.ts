import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, startProject, type Harness, type MutationName } from './harness.js';

let project: Harness;
beforeAll(async () => void (project = await startProject()));
afterAll(() => project.stop());

/** An archived project with a member and two invites that were made before. */
async function archivedProject() {
  const team = await project.team('MEMBER', 'OWNER', 'stranger');
  const { id, owner } = team;
  const { invite } = (await project.run('createProjectInvite', owner, { projectId: id })).data.createProjectInvite;
  const answer = await project.run('archiveProject', owner, { id });
  return { ...team, invite, answer };
}

describe('archiving', () => {
  test('it makes one version and one event, and the owner\'s word says that the project is not writable', async () => {
    const { id, owner, answer } = await archivedProject();
    expect(answer.data.archiveProject.project).toMatchObject({ id, status: 'ARCHIVED', version: 4 });
    expect(await project.sql(`select version, payload from events where aggregate_id = $1 and type = 'project.archived'`, [id])).toEqual([
      { version: 4, payload: { projectId: id, key: expect.any(String) as string, name: 'Some project', status: 'ARCHIVED', version: 4 } },
    ]);
    const word = await project.internal(`/internal/memberships?place=${id}&user=${owner.id}`);
    expect(await word.json()).toMatchObject({ role: 'OWNER', writable: false, version: 4 });
    const { data } = await project.query('{ a: projects(status: ARCHIVED) { nodes { id } } b: projects(status: ACTIVE) { totalCount } }', {}, owner);
    expect(data).toEqual({ a: { nodes: [{ id }] }, b: { totalCount: 0 } });
  });

  test('afterwards every write is CONFLICT, and what is there is read as before (RULES §1)', async () => {
    const { id, owner, MEMBER, OWNER, stranger, invite } = await archivedProject();
    const writes: [MutationName, object][] = [
      ['updateProject', { id, name: 'x' }],
      ['updateProject', { id }],
      ['archiveProject', { id }],
      ['addProjectMember', { projectId: id, userId: project.users.someone() }],
      ['addProjectMember', { projectId: id, userId: MEMBER.id }],
      ['changeProjectMemberRole', { projectId: id, userId: MEMBER.id, role: 'VIEWER' }],
      ['removeProjectMember', { projectId: id, userId: MEMBER.id }],
      ['removeProjectMember', { projectId: id, userId: owner.id }],
      ['createProjectInvite', { projectId: id }],
      ['createProjectInvite', { projectId: id, email: 'ada@example.org' }],
      ['revokeProjectInvite', { id: invite.id }],
    ];
    for (const [name, input] of writes) expect([name, codeOf(await project.run(name, owner, input))]).toEqual([name, 'CONFLICT']);
    for (const person of [stranger, OWNER]) expect(codeOf(await project.run('acceptProjectInvite', person, { code: invite.code }))).toBe('CONFLICT');
    expect(codeOf(await project.run('removeProjectMember', MEMBER, { projectId: id, userId: MEMBER.id }))).toBe('CONFLICT');
    const seen = await project.query('query ($id: ID!) { project(id: $id) { version members { totalCount } invites { usesLeft } } }', { id }, owner);
    expect(seen.data.project).toEqual({ version: 4, members: { totalCount: 3 }, invites: [{ usesLeft: null }] });
  });

  test('of many who archive at once one does and the others are CONFLICT', async () => {
    const { id, owner } = await project.team();
    const answers = await Promise.all(Array.from({ length: 6 }, () => project.run('archiveProject', owner, { id })));
    expect(answers.map(codeOf).filter((code) => code === 'CONFLICT')).toHaveLength(5);
  });
});

describe('restoring', () => {
  test('everything works again, invites of before too, and it makes one version and one event', async () => {
    const { id, owner, stranger, invite } = await archivedProject();
    const answer = await project.run('restoreProject', owner, { id });
    expect(answer.data.restoreProject.project).toMatchObject({ status: 'ACTIVE', version: 5 });
    expect(await project.sql(`select payload->>'status' as status from events where aggregate_id = $1 and type = 'project.restored'`, [id])).toEqual([{ status: 'ACTIVE' }]);
    expect(codeOf(await project.run('acceptProjectInvite', stranger, { code: invite.code }))).toBeUndefined();
    const word = await project.internal(`/internal/memberships?place=${id}&user=${owner.id}`);
    expect(await word.json()).toMatchObject({ writable: true, version: 6 });
  });

  test('a project that is not archived stays as it is', async () => {
    const { id, owner } = await project.team();
    expect((await project.run('restoreProject', owner, { id })).data.restoreProject.project).toMatchObject({ status: 'ACTIVE', version: 1 });
    expect(await project.sql('select 1 from events where aggregate_id = $1', [id])).toHaveLength(1);
  });

  test('an archiving and a write at once leave no write behind the archiving', async () => {
    const { id, owner, OWNER } = await project.team('OWNER');
    await Promise.all([project.run('archiveProject', owner, { id }), ...Array.from({ length: 5 }, (_, index) => project.run('updateProject', OWNER, { id, name: `n${index}` }))]);
    const types = await project.sql<{ type: string }>('select type from events where aggregate_id = $1 order by seq', [id]);
    expect(types.at(-1)?.type).toBe('project.archived');
  });
});
