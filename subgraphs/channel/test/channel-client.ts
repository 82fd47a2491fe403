// Every operation on channels, as a client writes them.
import type { Viewer } from '@taskgraph/shared/identity';
import type { GraphQLAnswer } from '@taskgraph/shared/testing/identity';
import { expect } from 'vitest';
import type { Harness } from './harness.js';

export const fields = 'id name description code viewerRole memberCount version members { nodes { userId role } }';

const inputs = {
  createChannel: 'CreateChannelInput', updateChannel: 'UpdateChannelInput', joinChannel: 'JoinChannelInput', leaveChannel: 'ChannelIdInput',
  rotateChannelCode: 'ChannelIdInput', changeChannelMemberRole: 'ChangeChannelMemberRoleInput', removeChannelMember: 'RemoveChannelMemberInput',
  deleteChannel: 'ChannelIdInput', markNotificationsRead: 'MarkNotificationsReadInput',
} as const;
export type Operation = keyof typeof inputs;

export interface Client {
  send: (operation: Operation, viewer: Viewer | null, input: object, key?: string) => Promise<GraphQLAnswer>;
  /** The channel of a mutation that must succeed; for deleteChannel its id. */
  // oxlint-disable-next-line typescript/no-explicit-any
  ok: (operation: Operation, viewer: Viewer, input: object, key?: string) => Promise<any>;
  /** The extensions of the refusal. */
  refused: (operation: Operation, viewer: Viewer | null, input: object, key?: string) => Promise<object>;
  // oxlint-disable-next-line typescript/no-explicit-any
  see: (viewer: Viewer, id: string) => Promise<any>;
  /** A channel with an owner, a moderator and a member. */
  staffed: (owner: Viewer, moderator: Viewer, member: Viewer) => Promise<{ id: string; code: string; version: number }>;
  /** Events of one channel. */
  events: (id: string) => Promise<{ type: string; seq: number; version: number; actorId: string; payload: Record<string, unknown> }[]>;
}

const selection = (operation: Operation) =>
  operation === 'deleteChannel' ? 'id' : operation === 'markNotificationsRead' ? 'unreadCount notifications { id readAt }' : `channel { ${fields} }`;

export function channelClient(channel: Harness): Client {
  const send: Client['send'] = (operation, viewer, input, key) =>
    channel.query(
      `mutation ($input: ${inputs[operation]}!) { ${operation}(input: $input) { ${selection(operation)} } }`,
      { input }, viewer, key === undefined ? {} : { 'idempotency-key': key },
    );
  const ok: Client['ok'] = async (operation, viewer, input, key) => {
    const { data, errors } = await send(operation, viewer, input, key);
    expect(errors).toBeUndefined();
    const payload = data[operation];
    return operation === 'deleteChannel' ? payload.id : operation === 'markNotificationsRead' ? payload : payload.channel;
  };
  return {
    send, ok,
    async refused(operation, viewer, input, key) {
      const { data, errors } = await send(operation, viewer, input, key);
      expect([data?.[operation] ?? null, errors?.length]).toEqual([null, 1]);
      return errors?.[0]?.extensions ?? {};
    },
    async see(viewer, id) {
      const { data, errors } = await channel.query(`query ($id: ID) { channel(id: $id) { ${fields} } }`, { id }, viewer);
      expect(errors).toBeUndefined();
      return data.channel;
    },
    async staffed(owner, moderator, member) {
      const { id, code } = await ok('createChannel', owner, { name: 'Garden', description: 'green' });
      await ok('joinChannel', moderator, { code });
      await ok('joinChannel', member, { code });
      const { version } = await ok('changeChannelMemberRole', owner, { channelId: id, userId: moderator.id, role: 'MODERATOR' });
      return { id, code, version };
    },
    async events(id) {
      const { events } = (await (await channel.internal('/internal/events?limit=1000')).json()) as { events: (Awaited<ReturnType<Client['events']>>[number] & { aggregateId: string })[] };
      return events.filter((event) => event.aggregateId === id);
    },
  };
}
