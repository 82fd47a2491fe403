// RULES §8: who decides about a membership, the copy or its owner.
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAccess, type Access } from '../src/access/access.js';
import { forgetPlaces, saveMember, saveScope } from '../src/access/copy.js';
import { channelReactions } from '../src/access/reactions.js';
import type { EventType } from '../src/contracts/events.js';
import type { MembershipAnswer } from '../src/contracts/membership.js';
import { selectRows } from '../src/database.js';
import { newId } from '../src/ids.js';
import { createHttpServer } from '../src/http-server.js';
import { createIdentityVerifier } from '../src/identity.js';
import { createPeer, type Peer } from '../src/peer.js';
import { scopeId } from '../src/scope.js';
import { createTestIdentities } from '../src/testing/identity.js';
import { eventually } from '../src/testing/eventually.js';
import { writeTransaction } from '../src/write-transaction.js';
import { openLogDatabase, silentLog, type LogDatabase } from './log-database.js';

let db: LogDatabase;
let app: FastifyInstance;
let peers: { project: Peer; channel: Peer };
let access: Access;

/** What the owner knows, by `<place> <user>`, and how it behaves. */
const owner = {
  members: new Map<string, Pick<MembershipAnswer, 'role' | 'version'>>(),
  asked: 0,
  away: false,
  /** Answers are made before this and sent after it. */
  slowness: Promise.resolve(),
};

beforeAll(async () => {
  db = await openLogDatabase();
  const identities = createTestIdentities();
  const verify = createIdentityVerifier({ service: 'channel', publicKeys: identities.publicKeys });
  app = createHttpServer({ logger: silentLog, missing: async () => [] });
  app.get('/internal/memberships', async (request, reply) => {
    if ((await verify(request.headers.authorization))?.caller !== 'stats') return reply.code(401).send({});
    if (owner.away) return reply.code(503).send({});
    owner.asked += 1;
    const { place, user } = request.query as { place: string; user: string };
    const answer = { id: place, key: null, writable: true, ...(owner.members.get(`${place} ${user}`) ?? { role: null, version: 0 }) };
    await owner.slowness;
    return answer;
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const channel = createPeer({ name: 'channel', url, signer: identities.signer('stats') });
  peers = { project: channel, channel };
});
afterAll(async () => {
  await peers.channel.close();
  await app.close();
  await db.stop();
});
beforeEach(async () => {
  owner.members.clear();
  lost.length = 0;
  Object.assign(owner, { asked: 0, away: false, slowness: Promise.resolve() });
  await db.owner.query('truncate positions, scopes, scope_members');
  await heard('now()');
  access = createAccess({ database: db.app, consumer: 'test', peers, accessLost });
});

/** The feed of channels is complete up to then. */
const heard = (when: string) =>
  db.owner.query(`insert into positions (consumer, source, place, as_of) values ('test', 'channel', '', ${when}) on conflict (consumer, source) do update set as_of = excluded.as_of`);
const silent = () => heard(`now() - interval '6 s'`);

/** Who lost which scope, as the reactions tell. */
const lost: { userIds: string[] }[] = [];
const accessLost = async (_tx: unknown, loss: { userIds: string[] }) => void lost.push(loss);
const losers = () => lost.flatMap((loss) => loss.userIds);

/** The feed tells of a channel and of somebody in it. */
const tell = (type: EventType & `channel.${string}`, channelId: string, userId: string, version: number, role = 'MEMBER', replayed = false) =>
  writeTransaction(db.worker, { lock: [] }, async (tx) => {
    const name = type === 'channel.updated' ? 'Meadow' : 'Garden';
    const payload = { channelId, channelName: 'Garden', name, ownerId: userId, userId, role, version };
    await channelReactions(accessLost)[type]?.(tx, { id: newId(), type, aggregateId: channelId, seq: version, version, payload, actorId: null, traceId: null, scopeId: null, at: '', replayed });
  });
const role = async (channelId: string, userId: string) => (await access.membership('channel', channelId, userId)).role;

describe('on a fresh feed', () => {
  test('the copy says yes alone, also while the owner is away', async () => {
    const [channel, user] = [newId(), newId()];
    await tell('channel.joined', channel, user, 2);
    owner.away = true;
    expect(await role(channel, user)).toBe('MEMBER');
    expect(owner.asked).toBe(0);
  });

  test('a member added a moment ago acts at once: before a no the owner is asked, and the copy has its answer then', async () => {
    const [channel, user] = [newId(), newId()];
    owner.members.set(`${channel} ${user}`, { role: 'OWNER', version: 4 });
    expect(await role(channel, user)).toBe('OWNER');
    expect(await selectRows(db.app, 'select role, version from scope_members where scope_id = $1 and user_id = $2', [scopeId('channel', channel), user])).toEqual([{ role: 'OWNER', version: 4 }]);
    expect([await role(channel, user), owner.asked]).toEqual(['OWNER', 1]);
  });

  test('a removed member is refused', async () => {
    const [channel, user] = [newId(), newId()];
    await tell('channel.joined', channel, user, 2);
    await tell('channel.left', channel, user, 3);
    owner.members.set(`${channel} ${user}`, { role: null, version: 3 });
    expect(await access.membership('channel', channel, user)).toMatchObject({ role: null, wasMember: true });
  });

  test('who was removed and is added again acts at once', async () => {
    const [channel, user] = [newId(), newId()];
    await tell('channel.joined', channel, user, 2);
    await tell('channel.left', channel, user, 3);
    owner.members.set(`${channel} ${user}`, { role: 'MEMBER', version: 4 });
    expect(await role(channel, user)).toBe('MEMBER');
    // The feed tells of it later, and of nothing new.
    await tell('channel.joined', channel, user, 4);
    expect(await role(channel, user)).toBe('MEMBER');
  });

  test('a refusal is not remembered', async () => {
    const [channel, user] = [newId(), newId()];
    expect(await role(channel, user)).toBeNull();
    owner.members.set(`${channel} ${user}`, { role: 'MEMBER', version: 2 });
    expect([await role(channel, user), owner.asked]).toEqual(['MEMBER', 2]);
  });

  test('a stranger leaves no trace in the copy', async () => {
    expect(await access.membership('channel', newId(), newId())).toMatchObject({ role: null, wasMember: false });
    expect(await db.owner.query('select * from scope_members')).toEqual([]);
  });
});

describe('before it says no for a role that is too low (RULES §8)', () => {
  const atLeastModerator = (known: string) => known !== 'MEMBER';
  const ask = (channelId: string, userId: string) => access.membership('channel', channelId, userId, atLeastModerator);

  test('the owner is asked, and its newer answer is in the copy then', async () => {
    const [channel, user] = [newId(), newId()];
    await tell('channel.joined', channel, user, 2);
    owner.members.set(`${channel} ${user}`, { role: 'MODERATOR', version: 3 });
    expect((await ask(channel, user)).role).toBe('MODERATOR');
    expect(await selectRows(db.app, 'select role, version from scope_members where user_id = $1', [user])).toEqual([{ role: 'MODERATOR', version: 3 }]);
    expect([(await ask(channel, user)).role, owner.asked]).toEqual(['MODERATOR', 1]);
  });

  test('the refusal is not remembered, and who needs less is not sent to the owner', async () => {
    const [channel, user] = [newId(), newId()];
    await tell('channel.joined', channel, user, 2);
    owner.members.set(`${channel} ${user}`, { role: 'MEMBER', version: 2 });
    expect([(await ask(channel, user)).role, (await ask(channel, user)).role, owner.asked]).toEqual(['MEMBER', 'MEMBER', 2]);
    expect([await role(channel, user), owner.asked]).toEqual(['MEMBER', 2]);
  });

  test('an older answer does not bring back a role that was taken away', async () => {
    const [channel, user] = [newId(), newId()];
    await tell('channel.member-changed', channel, user, 5);
    owner.members.set(`${channel} ${user}`, { role: 'OWNER', version: 4 });
    expect((await ask(channel, user)).role).toBe('MEMBER');
  });

  test('with the owner away the last answer stands', async () => {
    const [channel, user] = [newId(), newId()];
    await tell('channel.joined', channel, user, 2);
    owner.away = true;
    expect((await ask(channel, user)).role).toBe('MEMBER');
  });
});

describe('the log of a channel', () => {
  const kept = (channelId: string) => selectRows(db.app, 'select name, writable, version from scopes where scope_id = $1', [scopeId('channel', channelId)]);

  test('a change of role is the role from then on, and a removal is a tombstone and a loss (RULES §8)', async () => {
    const [channel, user] = [newId(), newId()];
    await tell('channel.joined', channel, user, 2);
    await tell('channel.member-changed', channel, user, 3, 'MODERATOR');
    expect(await role(channel, user)).toBe('MODERATOR');
    expect(lost).toEqual([]);
    await tell('channel.member-removed', channel, user, 4);
    expect(await role(channel, user)).toBeNull();
    expect(lost).toEqual([{ scopeId: scopeId('channel', channel), userIds: [user], version: 4 }]);
  });

  test('a new name is the name from then on', async () => {
    const channel = newId();
    await tell('channel.created', channel, newId(), 1);
    await tell('channel.updated', channel, newId(), 2);
    expect(await kept(channel)).toEqual([{ name: 'Meadow', writable: true, version: 2 }]);
  });

  test('of a deleted channel nobody is a member any more, each of them has lost it once, and it cannot be written to', async () => {
    const [channel, maker, member, gone] = [newId(), newId(), newId(), newId()];
    await tell('channel.created', channel, maker, 1);
    await tell('channel.joined', channel, member, 2);
    await tell('channel.joined', channel, gone, 3);
    await tell('channel.left', channel, gone, 4);
    lost.length = 0;
    await tell('channel.deleted', channel, maker, 5);
    expect(await kept(channel)).toEqual([{ name: 'Garden', writable: false, version: 5 }]);
    expect([lost.length, new Set(losers())]).toEqual([1, new Set([maker, member])]);
    expect([await role(channel, maker), await role(channel, member), await role(channel, gone)]).toEqual([null, null, null]);
    await tell('channel.deleted', channel, maker, 5);
    expect(losers()).toHaveLength(2);
  });

  test('read again after a restore takes the same effect and tells nobody a second time of what they lost', async () => {
    const [channel, maker, gone] = [newId(), newId(), newId()];
    const history = async (replayed: boolean) => {
      await tell('channel.created', channel, maker, 1, 'OWNER', replayed);
      await tell('channel.joined', channel, gone, 2, 'MEMBER', replayed);
      await tell('channel.left', channel, gone, 3, 'MEMBER', replayed);
      await tell('channel.deleted', channel, maker, 4, 'OWNER', replayed);
    };
    await history(false);
    expect(lost).toHaveLength(2);
    await writeTransaction(db.worker, { lock: [] }, (tx) => forgetPlaces(tx.query, 'channel'));
    await history(true);
    expect(lost).toHaveLength(2);
    expect([await role(channel, maker), await role(channel, gone)]).toEqual([null, null]);
  });

  test('emptied for a rebuild, the copy holds nothing of channels and everything of projects', async () => {
    const [channel, project, user] = [newId(), newId(), newId()];
    await tell('channel.created', channel, user, 1);
    await writeTransaction(db.worker, { lock: [] }, async (tx) => {
      await saveScope(tx.query, { kind: 'project', id: project, name: 'Website', key: 'WEB', writable: true, version: 1 });
      await saveMember(tx.query, scopeId('project', project), user, 'OWNER', 1);
      await forgetPlaces(tx.query, 'channel');
    });
    expect(await selectRows(db.app, 'select scope_id from scope_members')).toEqual([{ scope_id: scopeId('project', project) }]);
    expect(await selectRows(db.app, 'select scope_id from scopes')).toEqual([{ scope_id: scopeId('project', project) }]);
  });
});

describe('an answer that was under way for long', () => {
  test('revives nobody: a tombstone that came meanwhile is newer and stands', async () => {
    const [channel, user] = [newId(), newId()];
    let send = () => {};
    owner.slowness = new Promise((resolve) => (send = resolve));
    owner.members.set(`${channel} ${user}`, { role: 'MEMBER', version: 2 });
    const deciding = role(channel, user);
    await eventually(() => expect(owner.asked).toBe(1));
    await tell('channel.joined', channel, user, 2);
    await tell('channel.left', channel, user, 3);
    send();
    expect(await deciding).toBeNull();
    owner.members.set(`${channel} ${user}`, { role: null, version: 3 });
    expect(await role(channel, user)).toBeNull();
  });

  test('is shared by all who ask the same at the same time', async () => {
    const [channel, user] = [newId(), newId()];
    let send = () => {};
    owner.slowness = new Promise((resolve) => (send = resolve));
    const place = { kind: 'channel', id: channel } as const;
    const all = access.memberships([place, place, place], user);
    await eventually(() => expect(owner.asked).toBe(1));
    send();
    expect((await all).map((membership) => (membership as { role: unknown }).role)).toEqual([null, null, null]);
    expect(owner.asked).toBe(1);
  });
});

describe('on a silent feed', () => {
  test('the owner is asked for a yes too, and its yes is good for 5 s', async () => {
    const [channel, user] = [newId(), newId()];
    await tell('channel.joined', channel, user, 2);
    await silent();
    owner.members.set(`${channel} ${user}`, { role: 'MEMBER', version: 2 });
    expect([await role(channel, user), await role(channel, user), owner.asked]).toEqual(['MEMBER', 'MEMBER', 1]);
  });

  test('who was removed is refused although the copy has not heard of it', async () => {
    const [channel, user] = [newId(), newId()];
    await tell('channel.joined', channel, user, 2);
    await silent();
    owner.members.set(`${channel} ${user}`, { role: null, version: 3 });
    expect(await role(channel, user)).toBeNull();
  });

  test('that refusal is a loss in the copy at once, told once however many ask and also when the feed tells of it (RULES §4)', async () => {
    const [channel, user] = [newId(), newId()];
    await tell('channel.joined', channel, user, 2);
    await silent();
    owner.members.set(`${channel} ${user}`, { role: null, version: 4 });
    const others = Array.from({ length: 4 }, () => createAccess({ database: db.app, consumer: 'test', peers, accessLost }));
    const answers = await Promise.all([access, ...others].map((one) => one.membership('channel', channel, user)));
    for (const answer of answers) expect(answer).toMatchObject({ role: null, wasMember: true });
    expect(await selectRows(db.app, 'select role, version from scope_members where user_id = $1', [user])).toEqual([{ role: null, version: 4 }]);
    expect(lost).toEqual([{ scopeId: scopeId('channel', channel), userIds: [user], version: 4 }]);
    await tell('channel.left', channel, user, 3);
    expect(lost).toHaveLength(1);
    // Added again is no loss, and a tombstone lost nothing.
    await tell('channel.joined', channel, user, 5);
    expect(await role(channel, user)).toBeNull();
    expect(lost).toHaveLength(1);
  });

  test('an older refusal takes nothing from the copy', async () => {
    const [channel, user] = [newId(), newId()];
    await tell('channel.joined', channel, user, 5);
    await silent();
    owner.members.set(`${channel} ${user}`, { role: null, version: 4 });
    expect(await role(channel, user)).toBeNull();
    expect(await selectRows(db.app, 'select role, version from scope_members where user_id = $1', [user])).toEqual([{ role: 'MEMBER', version: 5 }]);
    expect(lost).toEqual([]);
  });

  test('what telling of the loss refuses is not lost in the copy either: one transaction', async () => {
    const [channel, user] = [newId(), newId()];
    await tell('channel.joined', channel, user, 2);
    await silent();
    owner.members.set(`${channel} ${user}`, { role: null, version: 3 });
    const failing = createAccess({ database: db.app, consumer: 'test', peers, accessLost: () => Promise.reject(new Error('no')) });
    await expect(failing.membership('channel', channel, user)).rejects.toThrow('no');
    expect(await selectRows(db.app, 'select role from scope_members where user_id = $1', [user])).toEqual([{ role: 'MEMBER' }]);
    expect(await role(channel, user)).toBeNull();
    expect(lost).toHaveLength(1);
  });

  test('with the owner away too the last answer stands for 15 minutes, then it is SUBGRAPH_UNAVAILABLE', async () => {
    const [channel, member, left] = [newId(), newId(), newId()];
    await tell('channel.joined', channel, member, 2);
    await tell('channel.joined', channel, left, 3);
    await tell('channel.left', channel, left, 4);
    owner.away = true;
    await heard(`now() - interval '14 min'`);
    expect([await role(channel, member), await role(channel, left)]).toEqual(['MEMBER', null]);
    await heard(`now() - interval '16 min'`);
    access = createAccess({ database: db.app, consumer: 'test', peers });
    await expect(role(channel, member)).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
  });

  test('a feed that was never heard is silent', async () => {
    const [channel, user] = [newId(), newId()];
    await tell('channel.joined', channel, user, 2);
    await db.owner.query('truncate positions');
    owner.away = true;
    await expect(role(channel, user)).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
  });
});

test('with no row and no owner the answer is SUBGRAPH_UNAVAILABLE, never a no', async () => {
  owner.away = true;
  await expect(role(newId(), newId())).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
});

test('many places are decided together, and one that cannot be decided does not hurt the others', async () => {
  const [known, unknown, user] = [newId(), newId(), newId()];
  await tell('channel.joined', known, user, 2);
  owner.away = true;
  const [first, second] = await access.memberships([{ kind: 'channel', id: known }, { kind: 'channel', id: unknown }], user);
  expect(first).toMatchObject({ role: 'MEMBER' });
  expect(second).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
});

test('a project and a channel with the same id are two places', async () => {
  const [id, user] = [newId(), newId()];
  await tell('channel.joined', id, user, 2);
  expect((await access.membership('project', id, user)).role).toBeNull();
  expect(await role(id, user)).toBe('MEMBER');
});

test('an older statement never replaces a newer one, in whatever order they arrive', async () => {
  const [scope, user] = [scopeId('channel', newId()), newId()];
  const rows = (sql: string, parameters: unknown[]) => selectRows(db.worker, sql, parameters);
  expect(await saveMember(rows, scope, user, null, 5)).toEqual({ lost: false });
  expect(await saveMember(rows, scope, user, 'MEMBER', 4)).toEqual({ lost: false });
  expect(await rows('select role, version from scope_members where scope_id = $1', [scope])).toEqual([{ role: null, version: 5 }]);
  await saveMember(rows, scope, user, 'OWNER', 6);
  expect(await saveMember(rows, scope, user, null, 7)).toEqual({ lost: true });
});
