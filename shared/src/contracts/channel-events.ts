// Events of the channel subgraph. `version` is the channel's, which also counts changes of members.
import { z } from 'zod';
import { redriveRequested } from './dead-letter-events.js';
import { id, version } from './fields.js';

export const channelRole = z.enum(['OWNER', 'MODERATOR', 'MEMBER']);
export type ChannelRole = z.infer<typeof channelRole>;

export const channelField = z.enum(['name', 'description']);
export type ChannelField = z.infer<typeof channelField>;

const member = z.object({ channelId: id, channelName: z.string(), userId: id, role: channelRole, version });

export const channelEvents = {
  /** A channel was made; its owner is a member from now on. */
  'channel.created': z.object({ channelId: id, name: z.string(), ownerId: id, version }),
  /** Somebody joined with the code. */
  'channel.joined': member,
  /** Somebody left. Takes access away. */
  'channel.left': member,
  /** Name or description changed: `fields` names them. */
  'channel.updated': z.object({ channelId: id, name: z.string(), fields: z.array(channelField), version }),
  /** A member got another role: `role` is the new one, `before` the one they had. May take rights away. */
  'channel.member-changed': member.extend({ before: channelRole }),
  /** Somebody was removed: `role` is the one they had. Takes access away. */
  'channel.member-removed': member,
  /** The channel has another code, which is not told; the old one is dead. */
  'channel.code-rotated': z.object({ channelId: id, version }),
  /** The channel is no more, and nobody is a member any longer. Its tasks go to the trash. Takes access away. */
  'channel.deleted': z.object({ channelId: id, channelName: z.string(), version }),
  /** An ADMIN wants dead letters to be run again; whoever owns one of them obeys. */
  'dead-letters.redrive-requested': redriveRequested,
} as const;
