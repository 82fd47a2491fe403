// Keeps the access copy in step with the owners' logs.
import type { EventPayload } from '../contracts/events.js';
import type { Reaction, TailedEvent } from '../event-tail.js';
import { scopeId } from '../scope.js';
import type { WriteTransaction } from '../write-transaction.js';
import { removeEverybody, saveMember, saveScope, type PlaceKind, type Role } from './copy.js';

/** Called in the transaction that takes people out of the copy, by an event or by an answer of the owner (access.ts); at least one has lost the scope. */
export type AccessLost = (tx: WriteTransaction, lost: { scopeId: string; userIds: string[]; version: number }) => Promise<void>;

export function projectReactions(accessLost?: AccessLost): Record<string, Reaction> {
  return {
    'project.created': async (tx, event) => {
      const { projectId, name, key, ownerId, version } = event.payload as EventPayload<'project.created'>;
      await saveScope(tx.query, { kind: 'project', id: projectId, name, key, writable: true, version });
      await setRole(tx, event, 'project', projectId, ownerId, 'OWNER', version, accessLost);
    },
    'project.member-added': async (tx, event) => {
      const { projectId, userId, role, version } = event.payload as EventPayload<'project.member-added'>;
      await setRole(tx, event, 'project', projectId, userId, role, version, accessLost);
    },
    'project.updated': saveProject,
    'project.archived': saveProject,
    'project.restored': saveProject,
    'project.member-changed': async (tx, event) => {
      const { projectId, userId, role, version } = event.payload as EventPayload<'project.member-changed'>;
      await setRole(tx, event, 'project', projectId, userId, role, version, accessLost);
    },
    'project.member-removed': async (tx, event) => {
      const { projectId, userId, version } = event.payload as EventPayload<'project.member-removed'>;
      await setRole(tx, event, 'project', projectId, userId, null, version, accessLost);
    },
  };
}

/** Name, key and whether it can be written to, as of an event that carries all of them. */
const saveProject: Reaction = async (tx, event) => {
  const { projectId, name, key, status, version } = event.payload as EventPayload<'project.updated' | 'project.archived' | 'project.restored'>;
  await saveScope(tx.query, { kind: 'project', id: projectId, name, key, writable: status === 'ACTIVE', version });
};

export function channelReactions(accessLost?: AccessLost): Record<string, Reaction> {
  return {
    'channel.created': async (tx, event) => {
      const { channelId, name, ownerId, version } = event.payload as EventPayload<'channel.created'>;
      await saveScope(tx.query, { kind: 'channel', id: channelId, name, key: null, writable: true, version });
      await setRole(tx, event, 'channel', channelId, ownerId, 'OWNER', version, accessLost);
    },
    'channel.joined': async (tx, event) => {
      const { channelId, userId, role, version } = event.payload as EventPayload<'channel.joined'>;
      await setRole(tx, event, 'channel', channelId, userId, role, version, accessLost);
    },
    'channel.left': async (tx, event) => {
      const { channelId, userId, version } = event.payload as EventPayload<'channel.left'>;
      await setRole(tx, event, 'channel', channelId, userId, null, version, accessLost);
    },
    'channel.member-changed': async (tx, event) => {
      const { channelId, userId, role, version } = event.payload as EventPayload<'channel.member-changed'>;
      await setRole(tx, event, 'channel', channelId, userId, role, version, accessLost);
    },
    'channel.member-removed': async (tx, event) => {
      const { channelId, userId, version } = event.payload as EventPayload<'channel.member-removed'>;
      await setRole(tx, event, 'channel', channelId, userId, null, version, accessLost);
    },
    'channel.updated': async (tx, event) => {
      const { channelId, name, version } = event.payload as EventPayload<'channel.updated'>;
      await saveScope(tx.query, { kind: 'channel', id: channelId, name, key: null, writable: true, version });
    },
    'channel.deleted': async (tx, event) => {
      const { channelId, channelName: name, version } = event.payload as EventPayload<'channel.deleted'>;
      await saveScope(tx.query, { kind: 'channel', id: channelId, name, key: null, writable: false, version });
      const scope = scopeId('channel', channelId);
      const userIds = await removeEverybody(tx.query, scope, version);
      if (userIds.length > 0 && !event.replayed) await accessLost?.(tx, { scopeId: scope, userIds, version });
    },
  };
}

async function setRole(
  tx: WriteTransaction,
  event: TailedEvent,
  kind: PlaceKind,
  placeId: string,
  userId: string,
  role: Role | null,
  version: number,
  accessLost: AccessLost | undefined,
): Promise<void> {
  const scope = scopeId(kind, placeId);
  const { lost } = await saveMember(tx.query, scope, userId, role, version);
  if (lost && !event.replayed) await accessLost?.(tx, { scopeId: scope, userIds: [userId], version });
}
