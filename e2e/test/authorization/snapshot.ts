// What a refused write must leave as it was, seen by somebody who sees all of it.
import type { Target } from './row.js';
import type { World } from './world.js';

const documents = {
  taskId: `query ($id: ID!) { found: task(id: $id) { title description status priority startAt dueAt version deletedAt rank assignees { id } watchers { id }
    labels { id } blockedBy { id } comments { totalCount nodes { body version } } project { id } channel { id } } }`,
  projectId: `query ($id: ID!) { found: project(id: $id) { name description version status members { nodes { userId role } } invites { id } labels { name } } }`,
  channelId: `query ($id: ID!) { found: channel(id: $id) { name description version code members { nodes { userId role } } } }`,
};

/** Of the task, project or channel that the target names; null where it names none, or one that other rows write to as well. */
export async function snapshot(world: World, target: Target): Promise<unknown> {
  const seeing = [world.people.OWNER, world.people['channel OWNER'], world.people.MEMBER, world.spare[1]];
  for (const [name, document] of Object.entries(documents)) {
    const id = target[name];
    if (id === undefined || [world.projectId, world.channelId, world.secretProjectId].includes(id)) continue;
    for (const person of seeing) {
      const found = (await person.query(document, { id })).data?.found;
      if (found) return found;
    }
    throw new Error(`nobody sees ${name} ${id}`);
  }
  return null;
}
