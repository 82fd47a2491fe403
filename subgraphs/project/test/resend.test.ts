// RULES §3: a mutation under an Idempotency-Key happens once, and each resend hears what the first one heard.
import type { Viewer } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, startProject, type Harness, type MutationName, type Standing } from './harness.js';

let project: Harness;
beforeAll(async () => void (project = await startProject()));
afterAll(() => project.stop());

interface Place { id: string; owner: Viewer; MEMBER: Viewer; stranger: Viewer }
interface Resent {
  name: MutationName;
  by?: Extract<Standing, 'MEMBER' | 'stranger'>;
  input: (place: Place) => Promise<object> | object;
  /** Versions that it adds to the project; events where they are more. */
  versions: number;
  events?: number;
}
let keys = 0;
const openInvite = async ({ id, owner }: Place, more: object = {}) => (await project.run('createProjectInvite', owner, { projectId: id, ...more })).data.createProjectInvite.invite;

const resent: Resent[] = [
  { name: 'updateProject', input: ({ id }) => ({ id, name: 'New', expectedVersion: 2 }), versions: 1 },
  { name: 'archiveProject', input: ({ id }) => ({ id }), versions: 1 },
  { name: 'restoreProject', input: ({ id }) => ({ id }), versions: 0 },
  { name: 'addProjectMember', input: ({ id }) => ({ projectId: id, userId: project.users.someone() }), versions: 1 },
  { name: 'changeProjectMemberRole', input: ({ id, MEMBER }) => ({ projectId: id, userId: MEMBER.id, role: 'VIEWER' }), versions: 1 },
  { name: 'removeProjectMember', input: ({ id, MEMBER }) => ({ projectId: id, userId: MEMBER.id }), versions: 1 },
  { name: 'removeProjectMember', by: 'MEMBER', input: ({ id, MEMBER }) => ({ projectId: id, userId: MEMBER.id }), versions: 1 },
  { name: 'createProjectInvite', input: ({ id }) => ({ projectId: id, maxUses: 5 }), versions: 0, events: 1 },
  { name: 'createProjectInvite', input: ({ id }) => ({ projectId: id, email: 'ada@example.org' }), versions: 0, events: 1 },
  { name: 'revokeProjectInvite', input: async (place) => ({ id: (await openInvite(place)).id }), versions: 0 },
  { name: 'acceptProjectInvite', by: 'stranger', input: async (place) => ({ code: (await openInvite(place, { maxUses: 1 })).code }), versions: 1 },
];

describe.each(resent)('$name ($by)', ({ name, by, input, versions, events = versions }) => {
  test('twenty at once under one key are one effect and one answer', async () => {
    const place = await project.team('MEMBER', 'stranger');
    const viewer = by ? place[by] : place.owner;
    const variables = await input(place);
    const counts = async () => (await project.sql<{ version: number; event_seq: number }>('select version, event_seq from projects where id = $1', [place.id]))[0];
    const before = await counts();
    keys += 1;
    const answers = await Promise.all(Array.from({ length: 20 }, () => project.run(name, viewer, variables, `key ${keys}`)));
    expect(codeOf(answers[0] as never)).toBeUndefined();
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await counts()).toEqual({ version: (before?.version ?? 0) + versions, event_seq: (before?.event_seq ?? 0) + events });
    // Later, and also with the input's fields in another order.
    const reversed = Object.fromEntries(Object.entries(variables).toReversed());
    expect(await project.run(name, viewer, reversed, `key ${keys}`)).toEqual(answers[0]);
  });
});

test('createProject without an id: twenty at once under one key are one project', async () => {
  const owner = project.someone();
  const answers = await Promise.all(Array.from({ length: 20 }, () => project.run('createProject', owner, { key: 'TWENTY', name: 'Twenty' }, 'create')));
  expect(codeOf(answers[0] as never)).toBeUndefined();
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

describe('what a key stands for', () => {
  test('another input is IDEMPOTENCY_MISMATCH, for a refused first one too, and changes nothing', async () => {
    const { id, owner } = await project.team();
    await project.run('updateProject', owner, { id, name: 'First' }, 'mismatch');
    const other = await project.run('updateProject', owner, { id, name: 'Second' }, 'mismatch');
    expect([codeOf(other), other.data.updateProject]).toEqual(['IDEMPOTENCY_MISMATCH', null]);
    expect(await project.sql('select name, version from projects where id = $1', [id])).toEqual([{ name: 'First', version: 2 }]);
  });

  test('it is the viewer\'s own, and each response name\'s own', async () => {
    const { id, owner, OWNER } = await project.team('OWNER');
    await project.run('updateProject', owner, { id, name: 'One' }, 'shared');
    await project.run('updateProject', OWNER, { id, name: 'Two' }, 'shared');
    const twice = `mutation { a: updateProject(input: { id: "${id}", name: "A" }) { project { version } } b: updateProject(input: { id: "${id}", name: "B" }) { project { version } } }`;
    for (let sent = 0; sent < 2; sent += 1) {
      const { data, errors } = await project.query(twice, {}, owner, { 'idempotency-key': 'aliases' });
      expect(errors).toBeUndefined();
      // A resend renders today's state.
      expect(data).toEqual(sent === 0 ? { a: { project: { version: 5 } }, b: { project: { version: 6 } } } : { a: { project: { version: 6 } }, b: { project: { version: 6 } } });
    }
  });

  test('a resend shows today\'s state in the selection of its own', async () => {
    const { id, owner } = await project.team();
    await project.run('updateProject', owner, { id, name: 'Then' }, 'today');
    await project.run('updateProject', owner, { id, description: 'since' });
    const again = await project.query(`mutation ($input: UpdateProjectInput!) { updateProject(input: $input) { project { description version } } }`, { input: { id, name: 'Then' } }, owner, { 'idempotency-key': 'today' });
    expect(again.data.updateProject.project).toEqual({ description: 'since', version: 3 });
  });

  test('after 24 hours it is a new one', async () => {
    const { id, owner } = await project.team();
    await project.run('updateProject', owner, { id, name: 'Old' }, 'aged');
    await project.sql(`update idempotency set created_at = now() - interval '25 hours' where viewer_id = $1`, [owner.id]);
    expect((await project.run('updateProject', owner, { id, name: 'New' }, 'aged')).data.updateProject.project).toMatchObject({ name: 'New', version: 3 });
    expect((await project.run('updateProject', owner, { id, name: 'New' }, 'aged')).data.updateProject.project.version).toBe(3);
  });

  test('a key that is too long is BAD_USER_INPUT', async () => {
    const { id, owner } = await project.team();
    for (const key of ['k'.repeat(256)]) expect(codeOf(await project.run('updateProject', owner, { id, name: 'x' }, key))).toBe('BAD_USER_INPUT');
    expect(codeOf(await project.run('updateProject', owner, { id, name: 'x' }, 'k'.repeat(255)))).toBeUndefined();
  });
});

describe('a refusal', () => {
  test('is kept: the resend hears it although it would be allowed by now', async () => {
    const { id, owner, MEMBER } = await project.team('MEMBER');
    const refusals: [MutationName, object, string][] = [
      ['updateProject', { id, name: 'mine' }, 'FORBIDDEN'],
      ['archiveProject', { id }, 'FORBIDDEN'],
      ['removeProjectMember', { projectId: id, userId: project.users.someone() }, 'FORBIDDEN'],
      ['addProjectMember', { projectId: id, userId: project.users.someone() }, 'FORBIDDEN'],
      ['acceptProjectInvite', { code: '00000000' }, 'NOT_FOUND'],
      ['revokeProjectInvite', { id: newId() }, 'NOT_FOUND'],
    ];
    const first = [];
    for (const [name, input] of refusals) first.push(await project.run(name, MEMBER, input, 'refused'));
    expect(first.map(codeOf)).toEqual(refusals.map(([, , code]) => code));
    await project.run('changeProjectMemberRole', owner, { projectId: id, userId: MEMBER.id, role: 'OWNER' });
    for (const [index, [name, input]] of refusals.entries()) expect(await project.run(name, MEMBER, input, 'refused')).toEqual(first[index]);
    expect(codeOf(await project.run('updateProject', MEMBER, { id, name: 'mine' }, 'another'))).toBeUndefined();
  });

  test('CONFLICT is kept with its fields and values, and what was written before it is undone', async () => {
    const { id, owner, OWNER } = await project.team('OWNER');
    await project.run('updateProject', OWNER, { id, name: 'theirs' });
    const input = { id, name: 'mine', expectedVersion: 2 };
    const first = await project.run('updateProject', owner, input, 'conflict');
    expect(first.errors?.[0]?.extensions).toEqual({ code: 'CONFLICT', fields: ['name'], current: { version: 3, name: 'theirs' } });
    await project.run('updateProject', owner, { id, name: 'otherwise' });
    expect(await project.run('updateProject', owner, input, 'conflict')).toEqual(first);
  });

  test('RATE_LIMITED is not kept: the resend tries again', async () => {
    const { id, owner, stranger } = await project.team('stranger');
    const { code } = (await project.run('createProjectInvite', owner, { projectId: id })).data.createProjectInvite.invite;
    project.channels.misses.set(stranger.id, 1_000);
    expect(codeOf(await project.run('acceptProjectInvite', stranger, { code }, 'limited'))).toBe('RATE_LIMITED');
    project.channels.misses.delete(stranger.id);
    expect(codeOf(await project.run('acceptProjectInvite', stranger, { code }, 'limited'))).toBeUndefined();
  });
});

test('the code of an invite is shown again to a resend, and not to who may no longer see it', async () => {
  const { id, owner, MAINTAINER } = await project.team('MAINTAINER');
  const made = await project.run('createProjectInvite', MAINTAINER, { projectId: id }, 'invite');
  expect(await project.run('createProjectInvite', MAINTAINER, { projectId: id }, 'invite')).toEqual(made);
  await project.run('changeProjectMemberRole', owner, { projectId: id, userId: MAINTAINER.id, role: 'MEMBER' });
  expect(codeOf(await project.run('createProjectInvite', MAINTAINER, { projectId: id }, 'invite'))).toBe('NOT_FOUND');
});
