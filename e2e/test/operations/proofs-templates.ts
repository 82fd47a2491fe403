// Templates of tasks: kept, listed, used.
import { newId } from '@taskgraph/shared/ids';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { newKey, newLabel, refuse, see, team, write } from './scenes.js';
import { notUnderUsedKey, notWhileArchived, notWithTakenId } from './usual-proofs.js';
import { missingId } from './world.js';

const list = 'query ($projectId: ID) { taskTemplates(projectId: $projectId) { id name project { name } tasks } }';
const one = (title: string) => ({ name: title, tasks: [{ title }] });

export const templateProofs: Proof[] = [
  {
    operation: 'Query.taskTemplates', outcome: 'success', title: 'lists those of a project to its members, joined with the project, and one\'s own ones to oneself',
    async prove(world) {
      const [who, { project, maintainer, viewer }] = [await world.person('Keeper'), await team(world)];
      const { template: own } = await write(who, 'saveTaskTemplate', one('Mine'));
      const { template: common } = await write(maintainer, 'saveTaskTemplate', { ...one('Ours'), projectId: project.id });
      expect((await who.ask(list)).taskTemplates).toEqual([{ id: own.id, name: 'Mine', project: null, tasks: [{ title: 'Mine' }] }]);
      expect((await viewer.ask(list, { projectId: project.id })).taskTemplates).toContainEqual({ id: common.id, name: 'Ours', project: { name: 'The project' }, tasks: [{ title: 'Ours' }] });
    },
  },
  {
    operation: 'Query.taskTemplates', outcome: 'refusal', title: 'is null without an error for a project one cannot see (RULES §1)',
    async prove(world) {
      const { project, stranger } = await team(world);
      for (const projectId of [project.id, missingId(), 'no id']) expect(await stranger.ask(list, { projectId })).toEqual({ taskTemplates: null });
      expect(await world.anonymous.refused(list)).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
  {
    operation: 'Mutation.saveTaskTemplate', outcome: 'success', title: 'keeps a task with its subtasks as a template of the project: dates as spans, labels by name (RULES §1)',
    async prove(world) {
      const scene = await team(world);
      const { project, owner, maintainer, viewer } = scene;
      const label = await newLabel(scene);
      const task = await world.task(owner, { projectId: project.id, title: 'Release', startAt: '2098-01-01T08:00:00Z', dueAt: '2098-01-03T12:00:00Z', labelIds: [label.id] });
      await world.task(owner, { projectId: project.id, title: 'Announce', priority: 1, parentId: task.id });
      const { template } = await write(maintainer, 'saveTaskTemplate', { projectId: project.id, name: 'Release', fromTaskId: task.id });
      const found = (await viewer.ask(list, { projectId: project.id })).taskTemplates.find((row: { id: string }) => row.id === template.id);
      expect(found.tasks).toEqual([{ title: 'Release', priority: 5, startAfter: 'P0D', dueAfter: 'P2DT4H', labels: [label.name], subtasks: [{ title: 'Announce', priority: 1 }] }]);
    },
  },
  {
    operation: 'Mutation.saveTaskTemplate', outcome: 'refusal', title: 'is FORBIDDEN below MAINTAINER, NOT_FOUND to a stranger and from a task one cannot see (RULES §1)',
    async prove(world) {
      const { project, owner, member, viewer, stranger } = await team(world);
      const input = { ...one('No'), projectId: project.id };
      for (const [who, code] of [[member, 'FORBIDDEN'], [viewer, 'FORBIDDEN'], [stranger, 'NOT_FOUND']] as const) expect(await refuse(who, 'saveTaskTemplate', input)).toMatchObject({ code });
      expect(await refuse(member, 'saveTaskTemplate', { name: 'No', fromTaskId: (await world.task(owner)).id })).toMatchObject({ code: 'NOT_FOUND' });
    },
  },
  {
    operation: 'Mutation.saveTaskTemplate', outcome: 'refusal', title: 'is BAD_USER_INPUT with the path inside the list of tasks',
    async prove(world) {
      const { member } = await team(world);
      const cases = [
        [{}, 'input.tasks'], [{ tasks: [] }, 'input.tasks'], [{ tasks: [{ title: 'Fine', subtasks: [{ title: '' }] }] }, 'input.tasks.0.subtasks.0.title'],
        [{ tasks: [{ title: 'Fine', startAfter: 'P2D', dueAfter: 'P1D' }] }, 'input.tasks.0.dueAfter'], [{ tasks: [{ title: 'Fine', priority: 11 }] }, 'input.tasks.0.priority'],
      ] as const;
      for (const [input, path] of cases) expect(await refuse(member, 'saveTaskTemplate', { name: 'No', ...input })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    },
  },
  notWithTakenId('saveTaskTemplate', async (world) => {
    const { owner, maintainer, project } = await team(world);
    const input = { ...one('Once'), id: newId(), projectId: project.id };
    return { who: owner, another: maintainer, input, changed: { ...input, name: 'Otherwise' } };
  }),
  notUnderUsedKey('saveTaskTemplate', async (world) => ({ who: await world.person(), first: one('One'), second: one('Two') })),
  notWhileArchived('saveTaskTemplate', ({ project }) => ({ ...one('Late'), projectId: project.id })),

  {
    operation: 'Mutation.createTasksFromTemplate', outcome: 'success', title: 'makes all tasks of a template at once: refs in order, dates from the start, the labels the project knows; a resend makes none (RULES §3)',
    async prove(world) {
      const [scene, owner] = [await team(world), await world.person('User of templates')];
      const project = await world.project(owner);
      const [member, viewer] = [await world.member(project, 'MEMBER'), await world.member(project, 'VIEWER')];
      const label = await newLabel({ ...scene, project, maintainer: owner });
      const tasks = [{ title: 'Release', startAfter: 'P0D', dueAfter: 'P2DT4H', labels: [label.name, 'unknown'], subtasks: [{ title: 'Announce', priority: 1 }] }];
      const { template } = await write(owner, 'saveTaskTemplate', { projectId: project.id, name: 'Release', tasks });
      const [input, key] = [{ templateId: template.id, projectId: project.id, startAt: '2098-01-01T08:00:00Z' }, newKey()];
      const made = await write(member, 'createTasksFromTemplate', input, { key });
      expect(await write(member, 'createTasksFromTemplate', input, { key })).toEqual(made);
      const { project: seen } = await viewer.ask('query ($id: ID!) { project(id: $id) { tasks(sort: { field: RANK }) { nodes { ref title priority startAt dueAt creator { handle } labels { name } parent { title } } } } }', { id: project.id });
      const creator = { handle: member.handle };
      expect(seen.tasks.nodes).toEqual([
        { ref: `${project.key}-1`, title: 'Release', priority: 5, startAt: '2098-01-01T08:00:00.000Z', dueAt: '2098-01-03T12:00:00.000Z', creator, labels: [{ name: label.name }], parent: null },
        { ref: `${project.key}-2`, title: 'Announce', priority: 1, startAt: null, dueAt: null, creator, labels: [], parent: { title: 'Release' } },
      ]);
    },
  },
  {
    operation: 'Mutation.createTasksFromTemplate', outcome: 'success', title: 'uses one\'s own template for the own list and for a channel',
    async prove(world) {
      const who = await world.person('Keeper of lists');
      const channel = await world.channel(who);
      const { template } = await write(who, 'saveTaskTemplate', one('Water the plants'));
      const [own, open] = [await write(who, 'createTasksFromTemplate', { templateId: template.id }), await write(who, 'createTasksFromTemplate', { templateId: template.id, channelId: channel.id })];
      const guest = await world.joined(channel);
      expect([await see(guest, own.tasks[0].id), await see(guest, open.tasks[0].id, 'title channel { id }')]).toEqual([null, { title: 'Water the plants', channel: { id: channel.id } }]);
    },
  },
  {
    operation: 'Mutation.createTasksFromTemplate', outcome: 'refusal', title: 'is FORBIDDEN to a VIEWER, NOT_FOUND for a template or a place one cannot see (RULES §1)',
    async prove(world) {
      const { project, maintainer, member, viewer, stranger } = await team(world);
      const [{ template: common }, { template: own }] = [await write(maintainer, 'saveTaskTemplate', { ...one('Ours'), projectId: project.id }), await write(stranger, 'saveTaskTemplate', one('Mine'))];
      expect(await refuse(viewer, 'createTasksFromTemplate', { templateId: common.id })).toMatchObject({ code: 'FORBIDDEN' });
      for (const [who, input] of [[stranger, { templateId: common.id }], [member, { templateId: own.id }], [stranger, { templateId: own.id, projectId: project.id }]] as const) expect(await refuse(who, 'createTasksFromTemplate', input)).toMatchObject({ code: 'NOT_FOUND' });
    },
  },
  {
    operation: 'Mutation.createTasksFromTemplate', outcome: 'refusal', title: 'is BAD_USER_INPUT with its path for two places, or a start that takes its dates out of the calendar',
    async prove(world) {
      const { project, member } = await team(world);
      const { template } = await write(member, 'saveTaskTemplate', { name: 'Far', tasks: [{ title: 'Far', dueAfter: 'P9000D' }] });
      const cases = [[{ projectId: project.id, channelId: missingId() }, 'input.channelId'], [{ startAt: '9999-01-01T00:00:00Z' }, 'input.startAt']] as const;
      for (const [input, path] of cases) expect(await refuse(member, 'createTasksFromTemplate', { templateId: template.id, ...input })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    },
  },
  notWhileArchived('createTasksFromTemplate', ({ templateId }) => ({ templateId })),
  notUnderUsedKey('createTasksFromTemplate', async (world) => {
    const who = await world.person();
    const { template } = await write(who, 'saveTaskTemplate', one('Once'));
    return { who, first: { templateId: template.id }, second: { templateId: template.id, startAt: '2098-01-01T00:00:00Z' } };
  }),
];
