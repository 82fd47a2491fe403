// Projects, their members and invites.
import { othersOnly, projectSee, projectWrite, signedIn, without, type Cells } from './cells.js';
import { mutation, query, type Row } from './row.js';
import { keyOf, type World } from './world.js';

const project: Row['target'] = (world) => world.make.project();
const main: Row['target'] = async ({ projectId, projectKey }) => ({ projectId, projectKey });

/** A project of its own with one more member; `personId` is that member. */
const withMember = (role: string) => async (world: World) => {
  const target = await world.make.project();
  const personId = world.spare[0].id;
  await world.people.OWNER.ok('mutation ($input: AddProjectMemberInput!) { addProjectMember(input: $input) { project { id } } }', { input: { ...target, projectKey: undefined, userId: personId, role } });
  return { ...target, personId };
};

/** An invite of a project of its own. */
const invited = (role: string) => async (world: World) => {
  const target = await world.make.project();
  const { createProjectInvite } = await world.people.OWNER.ok('mutation ($input: CreateProjectInviteInput!) { createProjectInvite(input: $input) { invite { id code } } }', {
    input: { projectId: target['projectId'], role },
  });
  return { ...target, inviteId: createProjectInvite.invite.id, inviteCode: createProjectInvite.invite.code };
};

const asOf = (personId: string | undefined) => personId as string;
/** The last OWNER stays. */
const lastOwner: Cells = { ...projectWrite('VIEWER'), OWNER: 'CONFLICT' };

export const projectRows: Row[] = [
  query('Query.project', 'project(id: $projectId) { id key name description version }', 'by id', projectSee(), { target: main }),
  query('Query.project', 'project(key: $projectKey) { id name }', 'by key', projectSee(), { target: main }),
  query('Query.projects', 'projects { nodes { id name key } totalCount }', 'own ones only', signedIn()),
  query('Query.projects', 'projects(search: "hushproject") { nodes { id name } }', 'found by name', projectSee('VIEWER', 'empty'), { at: 'projects.nodes' }),
  mutation('createProject', 'project { id viewerRole }', 'a new one', signedIn(), () => ({ key: keyOf(), name: 'Made' })),
  mutation('createProject', 'project { id name }', 'with the id of another project', othersOnly('CONFLICT'), ({ projectId }) => ({ id: projectId, key: keyOf(), name: 'Taken' }), { target: main }),
  mutation('updateProject', 'project { id name }', 'rename, describe', projectWrite('OWNER'), ({ projectId }) => ({ id: projectId, name: 'hushproject renamed' }), { target: project }),
  mutation('archiveProject', 'project { id status }', '', projectWrite('OWNER'), ({ projectId }) => ({ id: projectId }), { target: project }),
  mutation('restoreProject', 'project { id status }', 'an archived one', projectWrite('OWNER'), ({ projectId }) => ({ id: projectId }), {
    async target(world) {
      const target = await world.make.project();
      await world.people.OWNER.ok('mutation ($id: ID!) { archiveProject(input: { id: $id }) { project { id } } }', { id: target['projectId'] });
      return target;
    },
  }),
  ...(['MEMBER', 'MAINTAINER'] as const).map((role) =>
    mutation('addProjectMember', 'project { id version }', role === 'MEMBER' ? 'below the own rank' : 'a MAINTAINER', projectWrite(role === 'MEMBER' ? 'MAINTAINER' : 'OWNER'),
      ({ projectId, personId }) => ({ projectId, userId: personId, role }), { target: async (world) => ({ ...(await world.make.project()), personId: world.spare[0].id }) })),
  mutation('changeProjectMemberRole', 'project { id version }', 'of a MEMBER', projectWrite('OWNER'), ({ projectId, personId }) => ({ projectId, userId: personId, role: 'VIEWER' }), { target: withMember('MEMBER') }),
  mutation('removeProjectMember', 'project { id version }', 'a MEMBER', projectWrite('MAINTAINER'), ({ projectId, personId }) => ({ projectId, userId: personId }), { target: withMember('MEMBER') }),
  mutation('removeProjectMember', 'project { id version }', 'a MAINTAINER', projectWrite('OWNER'), ({ projectId, personId }) => ({ projectId, userId: personId }), { target: withMember('MAINTAINER') }),
  mutation('removeProjectMember', 'project { id }', 'leave', lastOwner, ({ projectId }, me) => ({ projectId, userId: asOf(me?.id ?? projectId) }), { target: project }),
  mutation('createProjectInvite', 'invite { id role }', 'for a MEMBER', projectWrite('MAINTAINER'), ({ projectId }) => ({ projectId, role: 'MEMBER' }), { target: project }),
  mutation('createProjectInvite', 'invite { id role }', 'for a MAINTAINER', projectWrite('OWNER'), ({ projectId }) => ({ projectId, role: 'MAINTAINER' }), { target: project }),
  // Invites are not shown to VIEWER and MEMBER: to them there is none (seeing decides).
  mutation('revokeProjectInvite', 'id', 'for a MEMBER', { ...projectWrite('MAINTAINER'), VIEWER: 'NOT_FOUND', MEMBER: 'NOT_FOUND' }, ({ inviteId }) => ({ id: inviteId }), { target: invited('MEMBER') }),
  mutation('revokeProjectInvite', 'id', 'for a MAINTAINER', { ...projectWrite('OWNER'), VIEWER: 'NOT_FOUND', MEMBER: 'NOT_FOUND' }, ({ inviteId }) => ({ id: inviteId }), { target: invited('MAINTAINER') }),
  mutation('acceptProjectInvite', 'project { id viewerRole }', 'an open one, with its code', signedIn(), ({ inviteCode }) => ({ code: inviteCode }), {
    async target(world) {
      const owner = world.spare[1];
      const made = await owner.ok('mutation ($key: String!) { createProject(input: { key: $key, name: "Inviting" }) { project { id } } }', { key: keyOf() });
      const projectId = made.createProject.project.id;
      const { createProjectInvite } = await owner.ok('mutation ($projectId: ID!) { createProjectInvite(input: { projectId: $projectId }) { invite { code } } }', { projectId });
      return { inviteCode: createProjectInvite.invite.code };
    },
  }),
  mutation('acceptProjectInvite', 'project { id }', 'one for another person\'s e-mail address or none: a code that is not theirs', without(othersOnly('NOT_FOUND')), () => ({ code: 'ZZZZ-ZZZ0' })),

  query('Project.members', 'project(id: $projectId) { members { totalCount nodes { userId role } } }', '', projectSee(), { target: main, at: 'project.members' }),
  query('Project.invites', 'project(id: $projectId) { invites { id role email } }', '', projectSee('MAINTAINER'), { target: invited('MEMBER'), at: 'project.invites' }),
  query('ProjectInvite.code', 'project(id: $projectId) { invites { code } }', 'of an invite for a MEMBER', projectSee('MAINTAINER'), { target: invited('MEMBER'), at: 'project.invites.0.code' }),
  query('ProjectInvite.code', 'project(id: $projectId) { invites { code } }', 'of an invite for a MAINTAINER', projectSee('OWNER'), { target: invited('MAINTAINER'), at: 'project.invites.0.code' }),
  query('Project.createdBy', 'project(id: $projectId) { createdBy { id handle } }', '', projectSee(), { target: main, at: 'project.createdBy' }),
  query('Project.viewerRole', 'project(id: $projectId) { viewerRole }', '', projectSee(), { target: main, at: 'project.viewerRole' }),
  query('Project.labels', 'project(id: $projectId) { labels { id name } }', '', projectSee(), { target: labelled, at: 'project.labels' }),
  query('Project.tasks', 'project(id: $projectId) { tasks { totalCount nodes { id title } } }', '', projectSee(), { target: main, at: 'project.tasks' }),
  query('Project.stats', 'project(id: $projectId) { stats { total asOf byStatus { pending } byPriority { count } } }', '', projectSee(), { target: main, at: 'project.stats' }),
];

async function labelled(world: World) {
  const target = await world.make.project();
  await world.people.OWNER.ok('mutation ($projectId: ID!) { createLabel(input: { projectId: $projectId, name: "hushproject label" }) { label { id } } }', { projectId: target['projectId'] });
  return target;
}
