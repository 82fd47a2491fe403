// The copy that other subgraphs keep of projects and their members follows the project log.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectReactions } from '../src/access/reactions.js';
import { saveScope } from '../src/access/copy.js';
import { accessLosingEvents, eventModels, type EventPayload } from '../src/contracts/events.js';
import { selectRows } from '../src/database.js';
import { newId } from '../src/ids.js';
import { scopeId } from '../src/scope.js';
import { writeTransaction } from '../src/write-transaction.js';
import { openLogDatabase, type LogDatabase } from './log-database.js';

let db: LogDatabase;
beforeAll(async () => void (db = await openLogDatabase()));
afterAll(() => db.stop());

const lost: { userId: string; version: number }[] = [];
const reactions = projectReactions(async (_tx, loss) => void lost.push(...loss.userIds.map((userId) => ({ userId, version: loss.version }))));

const tell = <T extends 'project.created' | 'project.updated' | 'project.archived' | 'project.restored' | 'project.member-added' | 'project.member-changed' | 'project.member-removed'>(type: T, payload: EventPayload<T>) =>
  writeTransaction(db.worker, { lock: [] }, async (tx) => {
    const { projectId, version } = payload;
    const checked = eventModels[type]?.parse(payload);
    await reactions[type]?.(tx, { id: newId(), type, aggregateId: projectId, seq: version, version, payload: checked, actorId: null, traceId: null, scopeId: null, at: '' });
  });
const place = async (id: string) => (await selectRows(db.app, 'select name, key, writable, version from scopes where scope_id = $1', [scopeId('project', id)]))[0];
const roleOf = async (id: string, userId: string) => (await selectRows(db.app, 'select role, version from scope_members where scope_id = $1 and user_id = $2', [scopeId('project', id), userId]))[0];

/** A project that its log has told of. */
async function madeProject() {
  const [projectId, ownerId] = [newId(), newId()];
  const whole = { projectId, key: 'WEB', name: 'Website', status: 'ACTIVE' as const };
  await tell('project.created', { ...whole, ownerId, version: 1 });
  return { projectId, ownerId, whole };
}

describe('the copy of a project', () => {
  test('follows its name, and whether it can be written to', async () => {
    const { projectId, whole } = await madeProject();
    expect(await place(projectId)).toEqual({ name: 'Website', key: 'WEB', writable: true, version: 1 });
    await tell('project.updated', { ...whole, name: 'Shop', fields: ['name'], version: 2 });
    expect(await place(projectId)).toEqual({ name: 'Shop', key: 'WEB', writable: true, version: 2 });
    await tell('project.archived', { ...whole, name: 'Shop', status: 'ARCHIVED', version: 3 });
    expect(await place(projectId)).toMatchObject({ writable: false, version: 3 });
    await tell('project.restored', { ...whole, name: 'Shop', version: 4 });
    expect(await place(projectId)).toEqual({ name: 'Shop', key: 'WEB', writable: true, version: 4 });
  });

  test('an older event does not undo a newer answer of the owner', async () => {
    const { projectId, whole } = await madeProject();
    await saveScope((sql, parameters) => selectRows(db.app, sql, parameters), { kind: 'project', id: projectId, name: 'Shop', key: 'WEB', writable: false, version: 5 });
    await tell('project.updated', { ...whole, name: 'Older', fields: ['name'], version: 3 });
    await tell('project.restored', { ...whole, name: 'Older', version: 4 });
    expect(await place(projectId)).toEqual({ name: 'Shop', key: 'WEB', writable: false, version: 5 });
  });
});

describe('the copy of its members', () => {
  test('follows their roles; only losing the last one is a loss of the scope', async () => {
    const { projectId } = await madeProject();
    const userId = newId();
    const member = { projectId, projectName: 'Website', userId };
    await tell('project.member-added', { ...member, role: 'MAINTAINER', version: 2 });
    await tell('project.member-changed', { ...member, role: 'VIEWER', before: 'MAINTAINER', version: 3 });
    expect(await roleOf(projectId, userId)).toEqual({ role: 'VIEWER', version: 3 });
    // Told again late, the older role does not come back.
    await tell('project.member-changed', { ...member, role: 'MAINTAINER', before: 'MEMBER', version: 2 });
    expect(await roleOf(projectId, userId)).toEqual({ role: 'VIEWER', version: 3 });
    expect(lost.filter((loss) => loss.userId === userId)).toEqual([]);
    await tell('project.member-removed', { ...member, role: 'VIEWER', version: 4 });
    expect(await roleOf(projectId, userId)).toEqual({ role: null, version: 4 });
    expect(lost.filter((loss) => loss.userId === userId)).toEqual([{ userId, version: 4 }]);
    await tell('project.member-changed', { ...member, role: 'OWNER', before: 'VIEWER', version: 3 });
    expect(await roleOf(projectId, userId)).toEqual({ role: null, version: 4 });
  });

  test('events that take rights away are never parked', () => {
    const users = ['user.updated', 'user.deactivated', 'user.sessions-revoked'];
    for (const type of ['project.archived', 'project.member-changed', 'project.member-removed', ...users]) expect(accessLosingEvents.has(type)).toBe(true);
  });
});
