// News: what one is told of, and having read it.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { newKey, refuse, team, write } from './scenes.js';
import type { Client } from './session.js';
import { notUnderUsedKey } from './usual-proofs.js';
import { missingId, type Someone, type World } from './world.js';

const list = (selection: string) => `query ($filter: NotificationFilter, $first: Int, $after: String) { notifications(filter: $filter, first: $first, after: $after) { ${selection} } }`;

/** Who has been assigned to so many tasks of a project, one after the other, and has been told of each. */
async function told(world: World, count: number): Promise<{ who: Someone; owner: Someone; ids: string[] }> {
  const { project, owner } = await team(world);
  const who = await world.member(project, 'MEMBER');
  for (let index = 1; index <= count; index += 1) await world.task(owner, { projectId: project.id, title: `News ${index}`, assigneeIds: [who.id] });
  const nodes = await eventually(async () => {
    const found = await assigned(who);
    return found.length === count && found;
  });
  return { who, owner, ids: nodes.map((node) => node.id) };
}

const assigned = async (who: Client): Promise<{ id: string; readAt: string | null }[]> => (await who.ask(list('nodes { id readAt }'), { filter: { kind: ['TASK_ASSIGNED'] } })).notifications.nodes;

export const notificationProofs: Proof[] = [
  {
    operation: 'Query.notifications', outcome: 'success', title: 'tells the newest first, joined with task, project and whoever did it; by kind, by what is unread, page by page (RULES §7)',
    async prove(world) {
      const { who, owner } = await told(world, 3);
      const { notifications: first } = await who.ask(list('totalCount unreadCount nodes { kind title readAt task { title project { id } } project { name } actor { handle } } pageInfo { hasNextPage endCursor }'), { filter: { kind: ['TASK_ASSIGNED'], unread: true }, first: 2 });
      // PROJECT_ADDED is unread as well.
      expect(first).toMatchObject({ totalCount: 3, unreadCount: 4, pageInfo: { hasNextPage: true } });
      expect(first.nodes).toMatchObject(['News 3', 'News 2'].map((title) => ({ kind: 'TASK_ASSIGNED', title: expect.stringContaining(title), readAt: null, task: { title }, project: { name: 'The project' }, actor: { handle: owner.handle } })));
      const { notifications: last } = await who.ask(list('nodes { kind task { title } }'), { first: 5, after: first.pageInfo.endCursor });
      expect(last.nodes).toEqual([{ kind: 'TASK_ASSIGNED', task: { title: 'News 1' } }, { kind: 'PROJECT_ADDED', task: null }]);
    },
  },
  {
    operation: 'Query.notifications', outcome: 'refusal', title: 'keeps the news of who has lost access and shows nothing behind it (RULES §1)',
    async prove(world) {
      // Asked for more than ids: those alone may be answered without asking the owner (RULES §2).
      const { who, owner, ids } = await told(world, 1);
      const { project } = await team(world);
      await write(owner, 'removeProjectMember', { projectId: project.id, userId: who.id });
      await eventually(async () => {
        const { notifications } = await who.ask(list('nodes { id task { title } project { name } }'), { filter: { kind: ['TASK_ASSIGNED'] } });
        expect(notifications.nodes).toEqual([{ id: ids[0], task: null, project: null }]);
      });
    },
  },
  {
    operation: 'Query.notifications', outcome: 'refusal', title: 'shows nobody the news of others, nor of one\'s own actions; BAD_USER_INPUT for a page that is none, UNAUTHENTICATED without a token (RULES §7)',
    async prove(world) {
      const who = await world.person('Loner');
      await world.task(who, { assigneeIds: [who.id] });
      const { who: other } = await told(world, 1);
      expect((await who.ask(list('totalCount unreadCount nodes { id }'))).notifications).toEqual({ totalCount: 0, unreadCount: 0, nodes: [] });
      for (const [variables, path] of [[{ first: 0 }, 'first'], [{ after: 'forged' }, 'after']] as const) expect(await other.refused(list('totalCount'), variables)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      expect(await world.anonymous.refused(list('totalCount'))).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
  {
    operation: 'Mutation.markNotificationsRead', outcome: 'success', title: 'marks those named, or all; what was read before is not marked again (RULES §3)',
    async prove(world) {
      const { who, ids } = await told(world, 3);
      const [newest] = ids;
      const key = newKey();
      const marked = await write(who, 'markNotificationsRead', { ids: [newest] }, { key });
      expect(marked).toEqual({ unreadCount: 3, notifications: [{ id: newest, readAt: expect.any(String) }] });
      expect(await write(who, 'markNotificationsRead', { ids: [newest] })).toEqual({ unreadCount: 3, notifications: [] });
      expect(await write(who, 'markNotificationsRead', { ids: [newest] }, { key })).toEqual(marked);
      expect((await assigned(who)).map((node) => node.readAt)).toEqual([expect.any(String), null, null]);
      expect(await write(who, 'markNotificationsRead', { all: true })).toMatchObject({ unreadCount: 0, notifications: { length: 3 } });
      expect((await who.ask(list('totalCount'), { filter: { unread: true } })).notifications).toEqual({ totalCount: 0 });
    },
  },
  {
    operation: 'Mutation.markNotificationsRead', outcome: 'refusal', title: 'changes nothing of others: their ids are passed over like unknown ones (RULES §1)',
    async prove(world) {
      const [{ who, ids }, other] = [await told(world, 1), await world.person('Busybody')];
      expect(await write(other, 'markNotificationsRead', { ids: [...ids, missingId(), 'no id'] })).toEqual({ unreadCount: 0, notifications: [] });
      expect((await assigned(who)).map((node) => node.readAt)).toEqual([null]);
    },
  },
  {
    operation: 'Mutation.markNotificationsRead', outcome: 'refusal', title: 'is BAD_USER_INPUT at `input.ids` unless given exactly one of `ids` and `all`, UNAUTHENTICATED without a token',
    async prove(world) {
      const { stranger } = await team(world);
      for (const input of [{}, { all: false }, { ids: [missingId()], all: true }]) expect(await refuse(stranger, 'markNotificationsRead', input)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.ids' }] });
      expect(await refuse(world.anonymous, 'markNotificationsRead', { all: true })).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
  notUnderUsedKey('markNotificationsRead', async (world) => ({ who: await world.person(), first: { all: true }, second: { ids: [missingId()] } })),
  {
    operation: 'Mutation.markNotificationsRead', outcome: 'conflict', title: 'of two windows that mark the same at once, each notification is answered to one of them',
    async prove(world) {
      const { who, ids } = await told(world, 2);
      const answers = await Promise.all([1, 2].map(() => write(who, 'markNotificationsRead', { ids })));
      const marked = answers.flatMap((answer): string[] => answer.notifications.map((node: { id: string }) => node.id));
      expect([marked.length, new Set(marked)]).toEqual([2, new Set(ids)]);
    },
  },
];
