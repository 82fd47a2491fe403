// Labels of a project.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { newLabel, refuse, see, team, write } from './scenes.js';
import { notUnderUsedKey, notWhileArchived } from './usual-proofs.js';
import { unique } from './world.js';

const ofProject = 'query ($id: ID!) { project(id: $id) { name labels { name color } } }';

export const labelProofs: Proof[] = [
  {
    operation: 'Mutation.createLabel', outcome: 'success', title: 'a MAINTAINER makes a label; the VIEWER reads it with the project, and a MEMBER puts it on a task (RULES §1)',
    async prove(world) {
      const { project, owner, maintainer, member, viewer } = await team(world);
      const name = `Bug ${unique()}`;
      const { label } = await write(maintainer, 'createLabel', { projectId: project.id, name, color: '#AA0000' });
      expect((await viewer.ask(ofProject, { id: project.id })).project).toEqual({ name: 'The project', labels: expect.arrayContaining([{ name, color: '#AA0000' }]) });
      const task = await world.task(owner, { projectId: project.id });
      await write(member, 'updateTask', { id: task.id, labelIds: [label.id] });
      const { tasks } = await viewer.ask('query ($name: String!) { tasks(filter: { label: { eq: $name } }) { nodes { id labels { name } } } }', { name: name.toUpperCase() });
      expect(tasks.nodes).toEqual([{ id: task.id, labels: [{ name }] }]);
    },
  },
  {
    operation: 'Mutation.createLabel', outcome: 'refusal', title: 'is FORBIDDEN below MAINTAINER and NOT_FOUND to a stranger (RULES §1)',
    async prove(world) {
      const { project, member, viewer, stranger } = await team(world);
      const input = { projectId: project.id, name: `No ${unique()}` };
      for (const [who, code] of [[member, 'FORBIDDEN'], [viewer, 'FORBIDDEN'], [stranger, 'NOT_FOUND']] as const) expect(await refuse(who, 'createLabel', input)).toMatchObject({ code });
    },
  },
  {
    operation: 'Mutation.createLabel', outcome: 'refusal', title: 'is BAD_USER_INPUT with its path for a name or a colour that is none',
    async prove(world) {
      const { project, maintainer } = await team(world);
      const cases = [[{ name: '' }, 'input.name'], [{ name: ' space' }, 'input.name'], [{ color: 'red' }, 'input.color']] as const;
      for (const [input, path] of cases) expect(await refuse(maintainer, 'createLabel', { projectId: project.id, name: 'fine', ...input })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    },
  },
  {
    operation: 'Mutation.createLabel', outcome: 'conflict', title: 'is CONFLICT at `name` where the project has a label of that name in whatever case',
    async prove(world) {
      const scene = await team(world);
      const { name } = await newLabel(scene);
      expect(await refuse(scene.owner, 'createLabel', { projectId: scene.project.id, name: name.toUpperCase() })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
    },
  },
  notWhileArchived('createLabel', ({ project }) => ({ projectId: project.id, name: 'late' })),
  notUnderUsedKey('createLabel', async (world) => {
    const { project, maintainer } = await team(world);
    return { who: maintainer, first: { projectId: project.id, name: `one ${unique()}` }, second: { projectId: project.id, name: `two ${unique()}` } };
  }),

  {
    operation: 'Mutation.updateLabel', outcome: 'success', title: 'renames and recolours it on every task that carries it, without writing them (RULES §1)',
    async prove(world) {
      const scene = await team(world);
      const label = await newLabel(scene);
      const task = await world.task(scene.owner, { projectId: scene.project.id, labelIds: [label.id] });
      const name = `Renamed ${unique()}`;
      await write(scene.maintainer, 'updateLabel', { id: label.id, name });
      await write(scene.owner, 'updateLabel', { id: label.id, color: '#00AA00' });
      expect(await see(scene.viewer, task.id, 'labels { name color } version')).toEqual({ labels: [{ name, color: '#00AA00' }], version: 1 });
    },
  },
  {
    operation: 'Mutation.updateLabel', outcome: 'refusal', title: 'is FORBIDDEN below MAINTAINER, NOT_FOUND to a stranger, BAD_USER_INPUT for null (RULES §1, §2)',
    async prove(world) {
      const scene = await team(world);
      const { id } = await newLabel(scene);
      for (const [who, code] of [[scene.member, 'FORBIDDEN'], [scene.viewer, 'FORBIDDEN'], [scene.stranger, 'NOT_FOUND']] as const) expect(await refuse(who, 'updateLabel', { id, color: '#000000' })).toMatchObject({ code });
      expect(await refuse(scene.owner, 'updateLabel', { id, name: null })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.name' }] });
    },
  },
  {
    operation: 'Mutation.updateLabel', outcome: 'conflict', title: 'is CONFLICT at `name` where another label of the project has that name',
    async prove(world) {
      const scene = await team(world);
      const [one, other] = [await newLabel(scene), await newLabel(scene)];
      expect(await refuse(scene.maintainer, 'updateLabel', { id: one.id, name: other.name.toUpperCase() })).toMatchObject({ code: 'CONFLICT', fields: ['name'] });
      await write(scene.maintainer, 'updateLabel', { id: one.id, name: one.name.toUpperCase() });
    },
  },
  notWhileArchived('updateLabel', ({ labelId }) => ({ id: labelId, color: '#000000' })),

  {
    operation: 'Mutation.deleteLabel', outcome: 'success', title: 'is gone from the project and its tasks at once, its name is free, and each task that carried it is then written with its own change',
    async prove(world) {
      const scene = await team(world);
      const { project, owner, maintainer, viewer } = scene;
      const label = await newLabel(scene);
      const task = await world.task(owner, { projectId: project.id, labelIds: [label.id] });
      expect(await write(maintainer, 'deleteLabel', { id: label.id })).toEqual({ id: label.id });
      expect(await see(viewer, task.id, 'labels { name }')).toEqual({ labels: [] });
      expect((await viewer.ask(ofProject, { id: project.id })).project.labels).not.toContainEqual({ name: label.name, color: label.color });
      await write(maintainer, 'createLabel', { projectId: project.id, name: label.name });
      await eventually(async () => {
        const { version, history } = await see(viewer, task.id, 'version history { nodes { actor { handle } changes { field before after } } }');
        expect([version, history.nodes.at(-1)]).toEqual([2, { actor: { handle: maintainer.handle }, changes: [{ field: 'labelIds', before: [label.id], after: [] }] }]);
      });
    },
  },
  {
    operation: 'Mutation.deleteLabel', outcome: 'refusal', title: 'is FORBIDDEN below MAINTAINER, NOT_FOUND to a stranger (RULES §1)',
    async prove(world) {
      const scene = await team(world);
      const { id } = await newLabel(scene);
      for (const [who, code] of [[scene.member, 'FORBIDDEN'], [scene.viewer, 'FORBIDDEN'], [scene.stranger, 'NOT_FOUND']] as const) expect(await refuse(who, 'deleteLabel', { id })).toMatchObject({ code });
    },
  },
  notWhileArchived('deleteLabel', ({ labelId }) => ({ id: labelId })),
];
