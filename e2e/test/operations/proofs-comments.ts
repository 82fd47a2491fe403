// Comments: who says what, who is told.
import { newId } from '@taskgraph/shared/ids';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { archived, house, refuse, see, team, trashedTask, write, type Team } from './scenes.js';
import { notInTrash, notUnderUsedKey, notWithTakenId, notWhileArchived } from './usual-proofs.js';
import type { Client } from './session.js';
import type { MadeTask, World } from './world.js';

const said = 'comments { totalCount nodes { id body author { handle } mentions { handle } editedAt version } }';

async function commented(world: World, by: keyof Omit<Team, 'project'> = 'member'): Promise<Team & { task: MadeTask; commentId: string }> {
  const scene = await team(world);
  const task = await world.task(scene.owner, { projectId: scene.project.id });
  return { ...scene, task, commentId: (await write(scene[by], 'addComment', { taskId: task.id, body: 'First' })).comment.id };
}

/** A comment of a task that has gone to the trash since. */
async function inTrash(world: World): Promise<{ owner: Client; commentId: string }> {
  const { owner, project } = await trashedTask(world);
  const task = await world.task(owner, { projectId: project.id });
  const { comment } = await write(owner, 'addComment', { taskId: task.id, body: 'Before' });
  await write(owner, 'deleteTask', { id: task.id });
  return { owner, commentId: comment.id };
}

export const commentProofs: Proof[] = [
  {
    operation: 'Mutation.addComment', outcome: 'success', title: 'whoever sees a task comments on it, a VIEWER too; the history tells of it without a new version (RULES §1, §2)',
    async prove(world) {
      const { project, owner, member, viewer } = await team(world);
      const task = await world.task(owner, { projectId: project.id });
      const body = `What about @${member.handle}, @nobody-of-that-name and me@example.org?`;
      const { comment } = await write(viewer, 'addComment', { taskId: task.id, body });
      const seen = await see(member, task.id, `${said} version history { nodes { kind actor { handle } changes { field after } } }`);
      expect(seen.comments).toEqual({ totalCount: 1, nodes: [{ id: comment.id, body, author: { handle: viewer.handle }, mentions: [{ handle: member.handle }], editedAt: null, version: 1 }] });
      expect([seen.version, seen.history.nodes[1]]).toEqual([1, { kind: 'COMMENTED', actor: { handle: viewer.handle }, changes: [{ field: 'comments', after: comment.id }] }]);
    },
  },
  {
    operation: 'Mutation.addComment', outcome: 'success', title: 'the mentioned hear MENTIONED, the creator TASK_COMMENTED, one of the two each; whoever says it hears nothing (RULES §7)',
    async prove(world) {
      const [owner, mentioned] = [await world.person('Asker'), await world.person('Asked')];
      const channel = await world.channel(owner);
      await write(mentioned, 'joinChannel', { code: channel.code });
      const guest = await world.joined(channel);
      const task = await world.task(owner, { channelId: channel.id, assigneeIds: [guest.id] });
      await write(mentioned, 'watchTask', { id: task.id });
      await write(guest, 'addComment', { taskId: task.id, body: `Is this for @${mentioned.handle}?` });
      const heard = async (who: Client) => (await who.ask('{ notifications(filter: { kind: [MENTIONED, TASK_COMMENTED] }) { nodes { kind task { title } channel { name } actor { handle } } } }')).notifications.nodes;
      const told = (kind: string) => [{ kind, task: { title: 'A task' }, channel: { name: 'A channel' }, actor: { handle: guest.handle } }];
      await eventually(async () => expect([await heard(owner), await heard(mentioned)]).toEqual([told('TASK_COMMENTED'), told('MENTIONED')]));
      expect(await heard(guest)).toEqual([]);
    },
  },
  {
    operation: 'Mutation.addComment', outcome: 'refusal', title: 'is NOT_FOUND on a task one cannot see, somebody else\'s personal one included (RULES §1)',
    async prove(world) {
      const { project, owner, stranger, member } = await team(world);
      const [task, personal] = [await world.task(owner, { projectId: project.id }), await world.task(owner)];
      for (const [who, taskId] of [[stranger, task.id], [member, personal.id]] as const) expect(await refuse(who, 'addComment', { taskId, body: 'Hello' })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await see(owner, task.id, said)).toMatchObject({ comments: { totalCount: 0 } });
    },
  },
  {
    operation: 'Mutation.addComment', outcome: 'refusal', title: 'is BAD_USER_INPUT with its path for an empty body, one of more than 64 KiB, an id that is no UUIDv7',
    async prove(world) {
      const { task, viewer } = await commented(world);
      for (const [input, path] of [[{ body: ' \n' }, 'input.body'], [{ body: 'x'.repeat(65_537) }, 'input.body'], [{ id: 'no id' }, 'input.id']] as const) expect(await refuse(viewer, 'addComment', { taskId: task.id, body: 'Fine', ...input })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    },
  },
  notWithTakenId('addComment', async (world) => {
    const { task, member, viewer } = await commented(world);
    const input = { id: newId(), taskId: task.id, body: 'Once' };
    return { who: viewer, another: member, input, changed: { ...input, body: 'Otherwise' } };
  }),
  notUnderUsedKey('addComment', async (world) => {
    const { task, viewer } = await commented(world);
    return { who: viewer, first: { taskId: task.id, body: 'One' }, second: { taskId: task.id, body: 'Two' } };
  }),
  notInTrash('addComment', ({ id }) => ({ taskId: id, body: 'Late' })),
  notWhileArchived('addComment', ({ task }) => ({ taskId: task.id, body: 'Late' })),

  {
    operation: 'Mutation.updateComment', outcome: 'success', title: 'gives one\'s own comment another body; the same one changes nothing',
    async prove(world) {
      const { task, member, viewer, commentId } = await commented(world);
      const edited = await write(member, 'updateComment', { id: commentId, expectedVersion: 1, body: `Better, @${viewer.handle}` });
      expect(await write(member, 'updateComment', { id: commentId, body: `Better, @${viewer.handle}` })).toMatchObject({ cursor: edited.cursor, comment: { version: 2 } });
      const seen = await see(viewer, task.id, `${said} history { nodes { kind } }`);
      expect(seen.comments.nodes).toEqual([{ id: commentId, body: `Better, @${viewer.handle}`, author: { handle: member.handle }, mentions: [{ handle: viewer.handle }], editedAt: expect.any(String), version: 2 }]);
      expect(seen.history.nodes.map((node: { kind: string }) => node.kind)).toEqual(['CREATED', 'COMMENTED', 'COMMENTED']);
    },
  },
  {
    operation: 'Mutation.updateComment', outcome: 'refusal', title: 'is FORBIDDEN for the comment of somebody else, to the OWNER too, and NOT_FOUND where one cannot see the task (RULES §1)',
    async prove(world) {
      const { task, owner, viewer, stranger, commentId } = await commented(world);
      for (const [who, code] of [[owner, 'FORBIDDEN'], [viewer, 'FORBIDDEN'], [stranger, 'NOT_FOUND']] as const) expect(await refuse(who, 'updateComment', { id: commentId, body: 'Twisted' })).toMatchObject({ code });
      expect(await see(owner, task.id, said)).toMatchObject({ comments: { nodes: [{ body: 'First', version: 1 }] } });
    },
  },
  {
    operation: 'Mutation.updateComment', outcome: 'conflict', title: 'is CONFLICT with `fields` and `current` where the author changed it in another window since `expectedVersion` (RULES §2)',
    async prove(world) {
      const { member, commentId } = await commented(world);
      await write(member, 'updateComment', { id: commentId, body: 'Here' });
      expect(await refuse(member, 'updateComment', { id: commentId, expectedVersion: 1, body: 'There' })).toMatchObject({ code: 'CONFLICT', fields: ['body'], current: { version: 2, body: 'Here' } });
    },
  },
  {
    operation: 'Mutation.updateComment', outcome: 'conflict', title: 'is CONFLICT in the trash and in an archived project (RULES §1, §6)',
    async prove(world) {
      const [trash, archive] = [await inTrash(world), await archived(world)];
      for (const { owner, commentId } of [trash, archive]) expect(await refuse(owner, 'updateComment', { id: commentId, body: 'Late' })).toMatchObject({ code: 'CONFLICT' });
    },
  },

  {
    operation: 'Mutation.deleteComment', outcome: 'success', title: 'its author deletes it for good, the MAINTAINER and a channel\'s MODERATOR any; the history keeps that there was one (RULES §1)',
    async prove(world) {
      const [{ task, viewer, member, maintainer, commentId }, { channel, moderator, ...guests }] = [await commented(world), await house(world)];
      const { comment: own } = await write(viewer, 'addComment', { taskId: task.id, body: 'Mine' });
      const open = await world.task(guests.member, { channelId: channel.id });
      const { comment: public_ } = await write(guests.other, 'addComment', { taskId: open.id, body: 'Rude' });
      for (const [who, id] of [[viewer, own.id], [maintainer, commentId], [moderator, public_.id]] as const) expect(await write(who, 'deleteComment', { id })).toMatchObject({ id });
      expect(await see(guests.member, open.id, said)).toEqual({ comments: { totalCount: 0, nodes: [] } });
      const seen = await see(member, task.id, `${said} history { nodes { changes { field before after } } }`);
      expect(seen.comments).toEqual({ totalCount: 0, nodes: [] });
      expect(seen.history.nodes.at(-1)).toEqual({ changes: [{ field: 'comments', before: commentId, after: null }] });
    },
  },
  {
    operation: 'Mutation.deleteComment', outcome: 'refusal', title: 'is FORBIDDEN to others below MAINTAINER, NOT_FOUND where one cannot see the task, and a second time (RULES §1)',
    async prove(world) {
      const { owner, member, viewer, stranger, commentId } = await commented(world, 'owner');
      for (const [who, code] of [[member, 'FORBIDDEN'], [viewer, 'FORBIDDEN'], [stranger, 'NOT_FOUND']] as const) expect(await refuse(who, 'deleteComment', { id: commentId })).toMatchObject({ code });
      await write(owner, 'deleteComment', { id: commentId });
      expect(await refuse(owner, 'deleteComment', { id: commentId })).toMatchObject({ code: 'NOT_FOUND' });
    },
  },
  {
    operation: 'Mutation.deleteComment', outcome: 'conflict', title: 'is CONFLICT in the trash and in an archived project (RULES §1, §6)',
    async prove(world) {
      const [trash, archive] = [await inTrash(world), await archived(world)];
      for (const { owner, commentId } of [trash, archive]) expect(await refuse(owner, 'deleteComment', { id: commentId })).toMatchObject({ code: 'CONFLICT' });
    },
  },
];
