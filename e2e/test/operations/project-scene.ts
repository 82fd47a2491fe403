// A project of its own for each proof, with the people of the team in it: registering is slow, adding is not.
import { expect } from 'vitest';
import { refuse, team, write, type Team } from './scenes.js';
import type { World } from './world.js';

/** The team's people in a project that nobody else uses. */
export async function ownProject(world: World, { shared = true }: { shared?: boolean } = {}): Promise<Team> {
  const people = await team(world);
  const project = await world.project(people.owner, { name: 'Its own project' });
  const roles = shared ? (['MAINTAINER', 'MEMBER', 'VIEWER'] as const) : [];
  for (const role of roles) {
    const userId = { MAINTAINER: people.maintainer, MEMBER: people.member, VIEWER: people.viewer }[role].id;
    await write(people.owner, 'addProjectMember', { projectId: project.id, userId, role });
  }
  return { ...people, project };
}

export const archive = ({ owner, project }: Team): Promise<unknown> => write(owner, 'archiveProject', { id: project.id });

/** What its members see of a project. */
export const seeProject = async (who: Team['owner'], id: string, selection = 'name description status version viewerRole'): Promise<any> =>
  (await who.ask(`query ($id: ID) { project(id: $id) { ${selection} } }`, { id })).project;

/** Roles by person. */
export async function rolesIn({ project }: Team, who: Team['owner']): Promise<Record<string, string>> {
  const { members } = await seeProject(who, project.id, 'members { nodes { userId role } }');
  return Object.fromEntries(members.nodes.map((member: { userId: string; role: string }) => [member.userId, member.role]));
}

/** Refused to the members named and, as what does not exist, to a stranger; and UNAUTHENTICATED without a token. Nothing is written. */
export async function refusedIn(world: World, scene: Team, name: string, forbidden: ('maintainer' | 'member' | 'viewer')[], input: (scene: Team) => object, missing: object): Promise<void> {
  const before = await seeProject(scene.owner, scene.project.id);
  for (const role of forbidden) expect(await refuse(scene[role], name, input(scene)), role).toMatchObject({ code: 'FORBIDDEN', path: [name] });
  const refusal = await refuse(scene.stranger, name, input(scene));
  expect(refusal).toMatchObject({ code: 'NOT_FOUND', path: [name] });
  expect(await refuse(scene.stranger, name, { ...input(scene), ...missing })).toEqual(refusal);
  expect(await refuse(world.anonymous, name, input(scene))).toMatchObject({ code: 'UNAUTHENTICATED', path: [name] });
  expect(await seeProject(scene.owner, scene.project.id)).toEqual(before);
}
