// What hangs on tasks: comments, labels, dependencies, templates, imports, exports.
import type { Person } from '../client.js';
import { channelWrite, just, only, othersOnly, projectSee, projectWrite, signedIn, type Cells } from './cells.js';
import { mutation, query, type Row, type Target } from './row.js';
import { unique, type World } from './world.js';

async function commented(world: World, by: Person): Promise<Target> {
  const target = await world.make.task();
  const { addComment } = await by.ok('mutation ($taskId: ID!) { addComment(input: { taskId: $taskId, body: "hushproject comment" }) { comment { id } } }', { taskId: target['taskId'] });
  return { commentId: addComment.comment.id };
}
async function channelCommented(world: World): Promise<Target> {
  const owner = world.people['channel OWNER'];
  const { taskId } = await world.make.channelTask(owner);
  const { addComment } = await owner.ok('mutation ($taskId: ID!) { addComment(input: { taskId: $taskId, body: "hushchannel comment" }) { comment { id } } }', { taskId });
  return { commentId: addComment.comment.id };
}
const label = async (world: World): Promise<Target> => {
  const input = { projectId: world.projectId, name: `hushproject ${unique()}` };
  const { createLabel } = await world.people.OWNER.ok('mutation ($input: CreateLabelInput!) { createLabel(input: $input) { label { id } } }', { input });
  return { labelId: createLabel.label.id };
};
const main = async ({ projectId, channelId }: World): Promise<Target> => ({ projectId, channelId });

async function two(world: World): Promise<Target> {
  const [one, other] = [await world.make.task(), await world.make.task()];
  return { taskId: one['taskId'] as string, otherId: other['taskId'] as string };
}
const dependency = ({ taskId, otherId }: Target) => ({ taskId, blockedById: otherId });

async function template(by: Person, projectId?: string): Promise<Target> {
  const input = { projectId, name: projectId ? 'hushproject template' : 'hushpersonal template', tasks: [{ title: 'From a template' }] };
  const { saveTaskTemplate } = await by.ok('mutation ($input: SaveTaskTemplateInput!) { saveTaskTemplate(input: $input) { template { id } } }', { input });
  return { templateId: saveTaskTemplate.template.id };
}
async function startImport(by: Person, place: object): Promise<Target> {
  const { startTaskImport } = await by.ok('mutation ($input: StartTaskImportInput!) { startTaskImport(input: $input) { taskImport { id uploadUrl } } }', { input: { ...place, format: 'CSV' } });
  return { importId: startTaskImport.taskImport.id };
}
const personal: Row['target'] = async (world) => template(world.people.OWNER);

/** Only the author, whatever the rank; those who see it are FORBIDDEN. */
const author: Cells = { ...projectWrite('VIEWER'), VIEWER: 'FORBIDDEN', MAINTAINER: 'FORBIDDEN', OWNER: 'FORBIDDEN' };

export const taskPartRows: Row[] = [
  mutation('updateComment', 'comment { id body }', 'of MEMBER', author, ({ commentId }) => ({ id: commentId, body: 'Another word' }), { target: (world) => commented(world, world.people.MEMBER) }),
  mutation('updateComment', 'comment { id body }', 'an own one', just(projectWrite('VIEWER'), 'VIEWER', 'MEMBER', 'OWNER'), ({ commentId }) => ({ id: commentId, body: 'Another word' }), { own: true, target: (world, me) => commented(world, me as Person) }),
  mutation('deleteComment', 'id', 'of somebody else, in a project', projectWrite('MAINTAINER'), ({ commentId }) => ({ id: commentId }), { target: async (world) => commented(world, world.people.OWNER) }),
  mutation('deleteComment', 'id', 'of somebody else, in a channel', channelWrite('channel MODERATOR'), ({ commentId }) => ({ id: commentId }), { target: channelCommented }),
  mutation('deleteComment', 'id', 'an own one', just(projectWrite('VIEWER'), 'VIEWER', 'MEMBER'), ({ commentId }) => ({ id: commentId }), { own: true, target: (world, me) => commented(world, me as Person) }),

  mutation('createLabel', 'label { id name }', '', projectWrite('MAINTAINER'), ({ projectId }) => ({ projectId, name: `hushproject ${unique()}` }), { target: main }),
  mutation('updateLabel', 'label { id name }', '', projectWrite('MAINTAINER'), ({ labelId }) => ({ id: labelId, color: '#112233' }), { target: label }),
  mutation('deleteLabel', 'id', '', projectWrite('MAINTAINER'), ({ labelId }) => ({ id: labelId }), { target: label }),

  mutation('addTaskDependency', 'task { id blockedBy { id title } }', 'between two tasks of a project', projectWrite('MEMBER'), dependency, { target: two }),
  mutation('addTaskDependency', 'task { id }', 'on a task one cannot see', { ...projectWrite('MEMBER'), VIEWER: 'NOT_FOUND', MEMBER: 'NOT_FOUND', MAINTAINER: 'NOT_FOUND' }, dependency, {
    foreign: ['otherId'], target: async (world) => ({ taskId: (await world.make.task())['taskId'] as string, otherId: (await world.make.secretTask())['taskId'] as string }),
  }),
  mutation('addTaskDependency', 'task { id }', 'of somebody else\'s task in a channel', channelWrite('channel MODERATOR'), dependency, {
    target: async (world) => {
      const owner = world.people['channel OWNER'];
      return { taskId: (await world.make.channelTask(owner))['taskId'] as string, otherId: (await world.make.channelTask(owner))['taskId'] as string };
    },
  }),
  mutation('removeTaskDependency', 'task { id }', '', projectWrite('MEMBER'), dependency, {
    async target(world) {
      const made = await two(world);
      await world.people.MEMBER.ok('mutation ($input: TaskDependencyInput!) { addTaskDependency(input: $input) { cursor } }', { input: dependency(made) });
      return made;
    },
  }),

  query('Query.taskTemplates', 'taskTemplates(projectId: $projectId) { id name project { id name } tasks }', 'of a project', projectSee(), { target: async (world) => {
    await template(world.people.OWNER, world.projectId);
    return main(world);
  } }),
  query('Query.taskTemplates', 'taskTemplates { id name tasks }', 'own ones only', { ...signedIn('empty'), OWNER: 'data' }, { target: personal }),
  mutation('saveTaskTemplate', 'template { id name }', 'for a project', projectWrite('MAINTAINER'), ({ projectId }) => ({ projectId, name: 'hushproject saved', tasks: [{ title: 'One' }] }), { target: main }),
  mutation('saveTaskTemplate', 'template { id name }', 'a personal one', just(signedIn(), 'anonymous', 'stranger'), () => ({ name: 'Own', tasks: [{ title: 'One' }] }), {
    as: async (world, me) => (me ? world.newcomer() : null),
  }),
  mutation('saveTaskTemplate', 'template { id name tasks }', 'from a task one cannot see', { ...othersOnly('NOT_FOUND') }, ({ taskId }) => ({ name: 'Own', fromTaskId: taskId }), { target: (world) => world.make.personalTask(world.spare[1]) }),
  mutation('createTasksFromTemplate', 'tasks { id title }', 'of a project, into it', projectWrite('MEMBER'), ({ templateId, projectId }) => ({ templateId, projectId }), {
    target: async (world) => ({ ...(await template(world.people.OWNER, world.projectId)), projectId: world.projectId }),
  }),
  mutation('createTasksFromTemplate', 'tasks { id title }', 'a personal one of OWNER', only('OWNER'), ({ templateId }) => ({ templateId }), { target: personal }),

  mutation('startTaskImport', 'taskImport { id uploadUrl }', 'into a project', projectWrite('MAINTAINER'), ({ projectId }) => ({ projectId, format: 'CSV' }), { target: main }),
  // RULES §1 is silent on imports into channels: like other sweeping writes, those above a plain member.
  mutation('startTaskImport', 'taskImport { id uploadUrl }', 'into a channel', channelWrite('channel MODERATOR'), ({ channelId }) => ({ channelId, format: 'CSV' }), { target: main }),
  mutation('startTaskImport', 'taskImport { id uploadUrl }', 'into the own list', just(signedIn(), 'anonymous', 'stranger', 'VIEWER', 'ADMIN'), () => ({ personal: true, format: 'CSV' })),
  query('Query.taskImport', 'taskImport(id: $importId) { id uploadUrl errorFileUrl }', 'started by OWNER', only('OWNER', 'null'), { target: (world) => startImport(world.people.OWNER, { projectId: world.projectId }) }),
  mutation('cancelTaskImport', 'taskImport { id }', 'started by OWNER', only('OWNER'), ({ importId }) => ({ id: importId }), { target: (world) => startImport(world.people.OWNER, { projectId: world.projectId }) }),
  mutation('exportTasks', 'expiresAt', 'what one can see of it', signedIn(), ({ projectId }) => ({ format: 'JSON', filter: { projectId: { eq: projectId } } }), { target: main }),
];
