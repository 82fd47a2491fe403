// How one is told, putting news off and away, and the feed.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { expect } from 'vitest';
import type { Proof } from './proof.js';
import { newKey, refuse, team, write } from './scenes.js';
import type { Client } from './session.js';
import { notUnderUsedKey } from './usual-proofs.js';
import { missingId, type Someone, type World } from './world.js';

const settingsOf = async (who: Client): Promise<any> => (await who.ask('{ notificationSettings { version digest quietHours { from to } preferences { kind methods } } }')).notificationSettings;
const inbox = async (who: Client, filter: object = {}): Promise<{ id: string; cursor: string; kind: string; readAt: string | null; snoozedUntil: string | null }[]> =>
  (await who.ask('query ($filter: NotificationFilter) { notifications(filter: $filter) { nodes { id cursor kind readAt snoozedUntil } } }', { filter })).notifications.nodes;
const feedOf = async (who: Client, variables: object = {}): Promise<any> =>
  (await who.ask('query ($first: Int, $after: String) { feed(first: $first, after: $after) { nodes { kind summary task { title } project { name } channel { name } actor { handle } } pageInfo { hasNextPage endCursor } } }', variables)).feed;
const later = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** Somebody who was added to a project and has heard of it. */
async function added(world: World): Promise<{ who: Someone; id: string }> {
  const { project } = await team(world);
  const who = await world.member(project, 'VIEWER');
  const [news] = await eventually(async () => {
    const nodes = await inbox(who);
    return nodes.length > 0 && nodes;
  });
  return { who, id: news?.id as string };
}

export const notificationSettingsProofs: Proof[] = [
  {
    operation: 'Query.notificationSettings', outcome: 'success', title: 'shows each kind with its ways, the defaults until one decides otherwise (RULES §7)',
    async prove(world) {
      const settings = await settingsOf(await world.person());
      expect(settings).toMatchObject({ version: 1, digest: 'OFF', quietHours: null });
      expect(settings.preferences).toContainEqual({ kind: 'MENTIONED', methods: ['IN_APP', 'EMAIL'] });
      expect(settings.preferences).toContainEqual({ kind: 'TASK_UPDATED', methods: ['IN_APP'] });
    },
  },
  {
    operation: 'Query.notificationSettings', outcome: 'refusal', title: 'shows nobody those of others; UNAUTHENTICATED without a token',
    async prove(world) {
      const [who, other] = [await world.person(), await world.person()];
      await write(who, 'updateNotificationSettings', { digest: 'DAILY' });
      expect(await settingsOf(other)).toMatchObject({ version: 1, digest: 'OFF' });
      expect(await world.anonymous.refused('{ notificationSettings { version } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
  {
    operation: 'Mutation.updateNotificationSettings', outcome: 'success', title: 'changes what it names and nothing else; what changes nothing makes no version (RULES §2)',
    async prove(world) {
      const who = await world.person();
      const before = await settingsOf(who);
      const key = newKey();
      const input = { preferences: [{ kind: 'TASK_CREATED', methods: ['EMAIL'] }], quietHours: { from: '22:00', to: '07:00' } };
      const { settings } = await write(who, 'updateNotificationSettings', input, { key });
      expect(settings).toMatchObject({ version: 2, digest: 'OFF', quietHours: input.quietHours });
      expect(settings.preferences.filter((one: object) => !before.preferences.some((old: object) => JSON.stringify(old) === JSON.stringify(one)))).toEqual(input.preferences);
      expect((await write(who, 'updateNotificationSettings', input)).settings).toEqual(settings);
      expect((await write(who, 'updateNotificationSettings', input, { key })).settings).toEqual(settings);
      expect((await write(who, 'updateNotificationSettings', { quietHours: null })).settings).toEqual({ ...settings, version: 3, quietHours: null });
    },
  },
  {
    operation: 'Mutation.updateNotificationSettings', outcome: 'refusal', title: 'is BAD_USER_INPUT for what is no time of day, quiet hours of no length, a kind named twice or no digest; UNAUTHENTICATED without a token',
    async prove(world) {
      const who = await world.person();
      const twice = [{ kind: 'MENTIONED', methods: [] }, { kind: 'MENTIONED', methods: [] }];
      for (const [input, path] of [
        [{ quietHours: { from: '25:00', to: '07:00' } }, 'input.quietHours.from'], [{ quietHours: { from: '07:00', to: '07:00' } }, 'input.quietHours.to'],
        [{ preferences: twice }, 'input.preferences.1.kind'], [{ digest: null }, 'input.digest'],
      ] as const) expect(await refuse(who, 'updateNotificationSettings', input)).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      expect(await settingsOf(who)).toMatchObject({ version: 1 });
      expect(await refuse(world.anonymous, 'updateNotificationSettings', {})).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
  notUnderUsedKey('updateNotificationSettings', async (world) => ({ who: await world.person(), first: { digest: 'DAILY' }, second: { digest: 'HOURLY' } })),
  {
    operation: 'Mutation.snoozeNotification', outcome: 'success', title: 'takes it out of the list until then; it comes back unread, with the same id and another cursor (RULES §7)',
    async prove(world) {
      const { who, id } = await added(world);
      const [before] = await inbox(who);
      await write(who, 'markNotificationsRead', { ids: [id] });
      const until = later(3_000);
      expect(await write(who, 'snoozeNotification', { id, until }, { selection: 'unreadCount notifications { id snoozedUntil }' })).toEqual({ unreadCount: 0, notifications: [{ id, snoozedUntil: until }] });
      const [back] = await eventually(async () => {
        const nodes = await inbox(who);
        return nodes.length > 0 && nodes;
      });
      expect(back).toMatchObject({ id, readAt: null, snoozedUntil: null });
      expect(back?.cursor).not.toBe(before?.cursor);
    },
  },
  {
    operation: 'Mutation.snoozeNotification', outcome: 'refusal', title: 'is NOT_FOUND for somebody else\'s as for what does not exist, BAD_USER_INPUT for an instant that has passed or lies more than a year ahead (RULES §1)',
    async prove(world) {
      const [{ who, id }, other] = [await added(world), await world.person()];
      const strange = await refuse(other, 'snoozeNotification', { id, until: later(60_000) });
      expect(strange).toMatchObject({ code: 'NOT_FOUND' });
      expect(await refuse(other, 'snoozeNotification', { id: missingId(), until: later(60_000) })).toEqual(strange);
      for (const until of [later(-1_000), later(400 * 24 * 3_600_000)]) expect(await refuse(who, 'snoozeNotification', { id, until })).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.until' }] });
      expect((await inbox(who)).map((node) => node.id)).toEqual([id]);
    },
  },
  notUnderUsedKey('snoozeNotification', async (world) => {
    const { who, id } = await added(world);
    return { who, first: { id, until: later(3_600_000) }, second: { id, until: later(7_200_000) } };
  }),
  {
    operation: 'Mutation.archiveNotifications', outcome: 'success', title: 'takes them out of the list and the count; a filter shows them',
    async prove(world) {
      const { who, id } = await added(world);
      const archived = await write(who, 'archiveNotifications', { ids: [id] });
      expect(archived).toEqual({ unreadCount: 0, notifications: [{ id, readAt: null }] });
      expect(await write(who, 'archiveNotifications', { ids: [id] })).toEqual({ unreadCount: 0, notifications: [] });
      expect([await inbox(who), (await inbox(who, { archived: true })).map((node) => node.id)]).toEqual([[], [id]]);
    },
  },
  {
    operation: 'Mutation.archiveNotifications', outcome: 'refusal', title: 'changes nothing of others: their ids are passed over like unknown ones; UNAUTHENTICATED without a token (RULES §1)',
    async prove(world) {
      const [{ who, id }, other] = [await added(world), await world.person()];
      expect(await write(other, 'archiveNotifications', { ids: [id, missingId(), 'no id'] })).toEqual({ unreadCount: 0, notifications: [] });
      expect((await inbox(who)).map((node) => node.id)).toEqual([id]);
      expect(await refuse(world.anonymous, 'archiveNotifications', { ids: [id] })).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
  {
    operation: 'Mutation.archiveNotifications', outcome: 'conflict', title: 'of two windows that archive the same at once, it is answered to one of them',
    async prove(world) {
      const { who, id } = await added(world);
      const answers = await Promise.all([1, 2].map(() => write(who, 'archiveNotifications', { ids: [id] })));
      expect(answers.flatMap((answer) => answer.notifications)).toHaveLength(1);
    },
  },
  {
    operation: 'Query.feed', outcome: 'success', title: 'tells what others did in one\'s projects and channels, newest first, page by page',
    async prove(world) {
      const owner = await world.person('The gardener');
      const project = await world.project(owner, { name: 'The garden' });
      const who = await world.member(project, 'VIEWER');
      const task = await world.task(owner, { projectId: project.id, title: 'Water' });
      await write(owner, 'completeTask', { id: task.id });
      await world.task(owner, { title: 'Personal' });
      const kinds = ['TASK_COMPLETED', 'TASK_CREATED', 'MEMBER_JOINED', 'PROJECT_CREATED'];
      await eventually(async () => expect((await feedOf(who)).nodes.map((node: { kind: string }) => node.kind).toSorted()).toEqual(kinds.toSorted()));
      const first = await feedOf(who, { first: 1 });
      expect(first).toMatchObject({
        nodes: [{ kind: 'TASK_COMPLETED', summary: expect.stringContaining('“Water”'), task: { title: 'Water' }, project: { name: 'The garden' }, channel: null, actor: { handle: owner.handle } }],
        pageInfo: { hasNextPage: true },
      });
      expect((await feedOf(who, { after: first.pageInfo.endCursor })).nodes.map((node: { kind: string }) => node.kind)).toEqual(kinds.slice(1));
    },
  },
  {
    operation: 'Query.feed', outcome: 'refusal', title: 'shows only what one can see now: who has left a project sees nothing of it; UNAUTHENTICATED without a token (RULES §1)',
    async prove(world) {
      const owner = await world.person();
      const project = await world.project(owner);
      const who = await world.member(project, 'VIEWER');
      await eventually(async () => expect((await feedOf(who)).nodes).toHaveLength(2));
      expect((await feedOf(await world.person())).nodes).toEqual([]);
      await write(owner, 'removeProjectMember', { projectId: project.id, userId: who.id });
      await eventually(async () => expect((await feedOf(who)).nodes).toEqual([]));
      expect(await world.anonymous.refused('{ feed { nodes { id } } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  },
];
