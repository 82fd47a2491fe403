// The table of RULES §1, for every mutation of this subgraph.
import type { Viewer } from '@taskgraph/shared/identity';
import { newId } from '@taskgraph/shared/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, startProject, type Harness, type MutationName, type Standing } from './harness.js';

let project: Harness;
beforeAll(async () => void (project = await startProject()));
afterAll(() => project.stop());

const standings = ['stranger', 'admin', 'VIEWER', 'MEMBER', 'MAINTAINER', 'OWNER'] as const satisfies Standing[];
type Place = { id: string; owner: Viewer };
interface Operation {
  name: MutationName;
  title: string;
  input: (place: Place) => Promise<object> | object;
  /** Code per standing, in their order; undefined where it is allowed. */
  expected: (string | undefined)[];
}

const member = async ({ id, owner }: Place, role: 'VIEWER' | 'MEMBER' | 'MAINTAINER' | 'OWNER') => {
  const userId = project.users.someone();
  await project.add(owner, id, userId, role);
  return { projectId: id, userId };
};
const invite = async ({ id, owner }: Place, role: string) => ({ id: (await project.run('createProjectInvite', owner, { projectId: id, role })).data.createProjectInvite.invite.id as string });
const archived = async ({ id, owner }: Place) => {
  await project.run('archiveProject', owner, { id });
  return { id };
};

const ownerOnly = ['NOT_FOUND', 'NOT_FOUND', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', undefined];
const maintainersToo = ['NOT_FOUND', 'NOT_FOUND', 'FORBIDDEN', 'FORBIDDEN', undefined, undefined];
// Invites are seen from MAINTAINER up, and what one does not see does not exist.
const seersOnly = ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', undefined, undefined];

const operations: Operation[] = [
  { name: 'updateProject', title: 'rename', input: ({ id }) => ({ id, name: 'Renamed' }), expected: ownerOnly },
  { name: 'updateProject', title: 'send an empty patch', input: ({ id }) => ({ id }), expected: ownerOnly },
  { name: 'archiveProject', title: 'archive', input: ({ id }) => ({ id }), expected: ownerOnly },
  { name: 'restoreProject', title: 'restore', input: archived, expected: ownerOnly },
  { name: 'changeProjectMemberRole', title: 'set a role', input: async (place) => ({ ...(await member(place, 'MEMBER')), role: 'VIEWER' }), expected: ownerOnly },
  { name: 'addProjectMember', title: 'add a MEMBER', input: ({ id }) => ({ projectId: id, userId: project.users.someone() }), expected: maintainersToo },
  { name: 'addProjectMember', title: 'add a MAINTAINER', input: ({ id }) => ({ projectId: id, userId: project.users.someone(), role: 'MAINTAINER' }), expected: ownerOnly },
  { name: 'addProjectMember', title: 'add an OWNER', input: ({ id }) => ({ projectId: id, userId: project.users.someone(), role: 'OWNER' }), expected: ownerOnly },
  { name: 'removeProjectMember', title: 'remove a MEMBER', input: (place) => member(place, 'MEMBER'), expected: maintainersToo },
  { name: 'removeProjectMember', title: 'remove a MAINTAINER', input: (place) => member(place, 'MAINTAINER'), expected: ownerOnly },
  { name: 'createProjectInvite', title: 'invite a MEMBER', input: ({ id }) => ({ projectId: id }), expected: maintainersToo },
  { name: 'createProjectInvite', title: 'invite a MAINTAINER', input: ({ id }) => ({ projectId: id, role: 'MAINTAINER' }), expected: ownerOnly },
  { name: 'revokeProjectInvite', title: 'revoke an invite for MEMBERs', input: (place) => invite(place, 'MEMBER'), expected: seersOnly },
  { name: 'revokeProjectInvite', title: 'revoke an invite for OWNERs', input: (place) => invite(place, 'OWNER'), expected: seersOnly.with(4, 'FORBIDDEN') },
];

describe.each(operations)('who may $title ($name)', ({ name, input, expected }) => {
  test.each(standings.map((standing, index) => ({ standing, code: expected[index] })))('$standing: $code (RULES §1)', async ({ standing, code }) => {
    const place = await project.team(standing);
    const variables = await input(place);
    const before = await project.sql('select version, event_seq from projects where id = $1', [place.id]);
    const answer = await project.run(name, place[standing], variables);
    expect(codeOf(answer)).toBe(code);
    if (code) {
      expect(answer.data[name]).toBeNull();
      expect(await project.sql('select version, event_seq from projects where id = $1', [place.id])).toEqual(before);
    }
  });

  test('without a viewer it is UNAUTHENTICATED', async () => {
    const place = await project.team();
    expect(codeOf(await project.run(name, null, await input(place)))).toBe('UNAUTHENTICATED');
  });

  test('to a stranger what exists and what does not are alike to the letter (RULES §1)', async () => {
    const place = await project.team('stranger');
    const real = await input(place);
    const missing = Object.fromEntries(Object.entries(real).map(([field, value]) => [field, field === 'id' || field === 'projectId' ? newId() : value]));
    expect(await project.run(name, place.stranger, real)).toEqual(await project.run(name, place.stranger, missing));
  });
});

describe('who sees what of a project', () => {
  const ask = 'query ($id: ID!) { project(id: $id) { id viewerRole members { totalCount } invites { role code } } }';
  test.each(standings)('%s (RULES §1)', async (standing) => {
    const place = await project.team(standing);
    for (const role of ['MEMBER', 'OWNER']) await project.run('createProjectInvite', place.owner, { projectId: place.id, role });
    const { data, errors } = await project.query(ask, { id: place.id }, place[standing]);
    expect(errors).toBeUndefined();
    if (standing === 'stranger' || standing === 'admin') return expect(data.project).toBeNull();
    expect(data.project).toMatchObject({ id: place.id, viewerRole: standing, members: { totalCount: 2 } });
    const code = expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{8}$/) as string;
    const invites = { VIEWER: null, MEMBER: null, MAINTAINER: [{ role: 'MEMBER', code }, { role: 'OWNER', code: null }], OWNER: [{ role: 'MEMBER', code }, { role: 'OWNER', code }] };
    expect(data.project.invites).toEqual(invites[standing]);
  });

  test('the code of an invite is a way in for everybody, and without a viewer for nobody', async () => {
    const place = await project.team('stranger', 'admin');
    const { code } = (await project.run('createProjectInvite', place.owner, { projectId: place.id })).data.createProjectInvite.invite;
    expect(codeOf(await project.run('acceptProjectInvite', null, { code }))).toBe('UNAUTHENTICATED');
    for (const person of [place.stranger, place.admin]) expect(codeOf(await project.run('acceptProjectInvite', person, { code }))).toBeUndefined();
  });
});
