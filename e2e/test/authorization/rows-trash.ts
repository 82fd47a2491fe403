// What lies in the trash is shown, in a list that asks for it as by its id, to those who may restore it (RULES §6).
import type { Person } from '../client.js';
import { channelSee, just, only, projectSee } from './cells.js';
import { query, type Row, type Target } from './row.js';
import type { World } from './world.js';

type Makes = (world: World, me: Person | null) => Promise<Target>;

/** Makes a task and has this person trash it. */
const trashed = (make: Makes, by: (world: World, me: Person | null) => Person): Makes => async (world, me) => {
  const target = await make(world, me);
  await by(world, me).ok('mutation ($taskId: ID!) { deleteTask(input: { id: $taskId }) { cursor } }', { taskId: target['taskId'] });
  return target;
};
const inProject = trashed((world) => world.make.task(world.people.MAINTAINER), (world) => world.people.MAINTAINER);
const ownInProject = trashed((world, me) => world.make.task(me as Person), (_world, me) => me as Person);
const inChannel = trashed((world) => world.make.channelTask(world.people['channel OWNER']), (world) => world.people['channel OWNER']);
const ownInChannel = trashed((world, me) => world.make.channelTask(me as Person), (_world, me) => me as Person);
const personal = trashed((world) => world.make.personalTask(), (world) => world.people.OWNER);

const list = 'tasks(filter: { deleted: true, id: { eq: $taskId } }) { totalCount nodes { id title deletedAt } }';
const tasksRow = (what: string, cells: Row['cells'], more: Partial<Row>) => query('Query.tasks', list, `in the trash, ${what}`, cells, { at: 'tasks.nodes', ...more });

export const trashRows: Row[] = [
  tasksRow('in a project, of somebody else', projectSee('MAINTAINER', 'empty'), { target: inProject }),
  tasksRow('in a project, an own one', just(projectSee('VIEWER', 'empty'), 'MEMBER', 'MAINTAINER', 'OWNER'), { own: true, target: ownInProject }),
  tasksRow('in a channel, of somebody else', channelSee('channel MODERATOR', 'empty'), { target: inChannel }),
  tasksRow('in a channel, an own one', just(channelSee('channel MEMBER', 'empty'), 'channel MEMBER', 'channel MODERATOR', 'channel OWNER'), { own: true, target: ownInChannel }),
  tasksRow('personal to OWNER', only('OWNER', 'empty'), { target: personal }),
  query('Query.tasks', 'tasks(filter: { id: { eq: $taskId } }) { totalCount nodes { id } }', 'in the trash, a list that does not ask for it', { ...projectSee('VIEWER', 'empty'), VIEWER: 'empty', MEMBER: 'empty', MAINTAINER: 'empty', OWNER: 'empty' }, {
    at: 'tasks.nodes', target: inProject,
  }),
  query('Query.task', 'task(id: $taskId) { id title deletedAt }', 'in the trash, in a channel, an own one', just(channelSee(), 'channel MEMBER', 'channel MODERATOR', 'channel OWNER'), { own: true, target: ownInChannel }),
  query('Query.task', 'task(id: $taskId) { id title deletedAt }', 'in the trash, personal to OWNER', only('OWNER', 'null'), { target: personal }),
];
