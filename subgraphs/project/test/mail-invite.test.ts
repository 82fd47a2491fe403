// Invites by e-mail: the real worker with a real queue, against a real SMTP server or a mail directory.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Viewer } from '@taskgraph/shared/identity';
import { createLogger } from '@taskgraph/shared/logger';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { redisAvailable, startRedis } from '@taskgraph/shared/testing/redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config.js';
import { normaliseCode } from '../src/invite-codes.js';
import { retryDelayMs } from '../src/jobs/mail-invite.js';
import { startWorker } from '../src/worker.js';
import { codeOf, startProject, type Harness } from './harness.js';
import { startSmtp, type TestSmtp } from './smtp.js';

let project: Harness;
let smtp: TestSmtp;
let worker: Awaited<ReturnType<typeof startWorker>> | null = null;
beforeAll(async () => {
  project = await startProject();
  smtp = await startSmtp();
});
beforeEach(() => {
  Object.assign(smtp, { refuse: false });
  smtp.mails.length = 0;
});
afterEach(async () => {
  await worker?.stop();
  worker = null;
});
afterAll(async () => {
  await smtp.stop();
  await project.stop();
});

const start = async (extra: Record<string, string> = {}) => {
  const settings = { ...project.settings, ROLES: 'worker', SMTP_URL: smtp.url, QUEUE_DATABASE_URL: project.database.queue, PUBLIC_URL: 'https://tasks.example.org', ...extra };
  worker = await startWorker(loadConfig(settings), createLogger({ service: 'project worker', level: 'fatal' }));
  return worker;
};
/** An invite for that person's address, as its owner would type it. */
const inviteByMail = async (owner: Viewer, id: string, person: Viewer, more: object = {}) => {
  const answer = await project.run('createProjectInvite', owner, { projectId: id, email: project.users.emailOf(person.id).toUpperCase(), ...more });
  expect(answer.errors).toBeUndefined();
  return answer.data.createProjectInvite.invite as { id: string; code: null; email: string; usesLeft: number };
};
/** The code stands in a line of its own. */
const codeIn = (message: string): string => normaliseCode(/^ {4}(\S+)\r?$/m.exec(message)?.[1] ?? '') ?? 'no code';
const theMail = () => eventually(() => smtp.mails.length > 0 && (smtp.mails[0] as { to: string; message: string }));
const accept = (person: Viewer, code: string) => project.run('acceptProjectInvite', person, { code });
const mailRow = async (inviteId: string) => (await project.sql<{ state: string; attempts: number; last_error: string | null }>('select state, attempts, last_error from invite_mails where invite_id = $1', [inviteId]))[0];

describe('an invite for an e-mail', () => {
  test('is mailed with a code that only the account with that address can use, once', async () => {
    await start();
    const { id, owner, stranger } = await project.team('stranger');
    const invite = await inviteByMail(owner, id, stranger, { role: 'VIEWER' });
    expect(invite).toMatchObject({ code: null, usesLeft: 1, email: project.users.emailOf(stranger.id).toUpperCase() });
    const mail = await theMail();
    expect(mail.to.toUpperCase()).toBe(invite.email);
    expect(mail.message).toMatch(/^Message-ID: <[0-9a-f-]+@localhost>\r?$/m);
    expect(mail.message).toContain('https://tasks.example.org');
    const code = codeIn(mail.message);

    const listed = async () => (await project.query('query ($id: ID!) { project(id: $id) { invites { id code email mailedAt usesLeft } } }', { id }, owner)).data.project.invites;
    await eventually(async () => expect(await listed()).toEqual([{ id: invite.id, code: null, email: invite.email, mailedAt: expect.any(String) as string, usesLeft: 1 }]));
    // To everybody else it is like no code at all (RULES §8).
    expect(await accept(project.someone(), code)).toEqual(await accept(project.someone(), '00000000'));
    expect((await accept(stranger, code)).data.acceptProjectInvite.project).toMatchObject({ id, viewerRole: 'VIEWER' });
    expect((await accept(stranger, code)).data.acceptProjectInvite.project.members.totalCount).toBe(2);
    expect(await listed()).toEqual([]);
    await project.remove(owner, id, stranger.id);
    expect(codeOf(await accept(stranger, code))).toBe('NOT_FOUND');
  });

  test('its code is nowhere but in the mail: not in the rows, not in the events (RULES §8)', async () => {
    await start();
    const { id, owner, stranger } = await project.team('stranger');
    const { id: inviteId } = await inviteByMail(owner, id, stranger);
    const code = codeIn((await theMail()).message);
    expect(code).toHaveLength(8);
    for (const table of ['project_invites', 'invite_mails', 'events', 'idempotency']) {
      expect(await project.sql(`select 1 from ${table} t where strpos(upper(t::text), $1) > 0 or strpos(upper(t::text), $2) > 0`, [code, `${code.slice(0, 4)}-${code.slice(4)}`])).toEqual([]);
    }
    const [told] = await project.sql<{ payload: object }>(`select payload from events where aggregate_id = $1 and type = 'project.invited'`, [id]);
    expect(told?.payload).toEqual({ projectId: id, projectName: 'Some project', inviteId, role: 'MEMBER', byEmail: true, version: 1 });
  });

  test('a server that refuses is tried again, and every try mails the same code under the same Message-ID', async () => {
    await start();
    const { id, owner, stranger } = await project.team('stranger');
    smtp.refuse = true;
    const offered = smtp.offered();
    const { id: inviteId } = await inviteByMail(owner, id, stranger);
    await eventually(async () => expect(await mailRow(inviteId)).toMatchObject({ state: 'PENDING', last_error: expect.stringMatching(/^sending failed \w+ 451$/) as string }));
    expect(smtp.offered()).toBeGreaterThan(offered);
    smtp.refuse = false;
    const first = await theMail();
    // As after a death between sending and writing it down.
    await eventually(async () => expect((await mailRow(inviteId))?.state).toBe('SENT'));
    await project.sql(`update invite_mails set state = 'PENDING', queued_at = '-infinity', next_attempt_at = now() where invite_id = $1`, [inviteId]);
    await eventually(() => smtp.mails.length === 2);
    expect(codeIn(smtp.mails[1]?.message ?? '')).toBe(codeIn(first.message));
    const idOf = (message: string) => /^Message-ID: (.*)$/m.exec(message)?.[1];
    expect(idOf(smtp.mails[1]?.message ?? '')).toBe(idOf(first.message));
    expect(codeOf(await accept(stranger, codeIn(first.message)))).toBeUndefined();
  });

  test('what was revoked before it went out is not mailed', async () => {
    const { id, owner, stranger } = await project.team('stranger');
    const { id: inviteId } = await inviteByMail(owner, id, stranger);
    await project.run('revokeProjectInvite', owner, { id: inviteId });
    await start();
    await eventually(async () => expect((await mailRow(inviteId))?.state).toBe('SKIPPED'));
    expect(smtp.mails).toEqual([]);
  });

  test('after eight tries it is given up', async () => {
    const { id, owner, stranger } = await project.team('stranger');
    const { id: inviteId } = await inviteByMail(owner, id, stranger);
    await project.sql('update invite_mails set attempts = 7 where invite_id = $1', [inviteId]);
    smtp.refuse = true;
    await start();
    await eventually(async () => expect(await mailRow(inviteId)).toMatchObject({ state: 'DEAD', attempts: 8 }));
    expect(retryDelayMs(1, 0)).toBe(1_000);
    expect(retryDelayMs(8, 1)).toBe(2_000 * 3 ** 7);
  });

  test('RULES §1: one that was given up is a dead letter of ids only, and is mailed when it is redriven', async () => {
    const { id, owner, stranger } = await project.team('stranger');
    const { id: inviteId } = await inviteByMail(owner, id, stranger);
    await project.sql('update invite_mails set attempts = 7 where invite_id = $1', [inviteId]);
    smtp.refuse = true;
    await start();
    const told = async () =>
      ((await (await project.internal('/internal/events?types=project.dead-lettered', 'channel')).json()) as { events: { payload: { deadLetterId: string; ids: object[] } }[] })
        .events.map((event) => event.payload).find(({ ids }) => JSON.stringify(ids).includes(inviteId));
    const letter = await eventually(async () => {
      const found = await told();
      expect(found).toMatchObject({ queue: 'invite-mails', attempts: 8, ids: [{ name: 'inviteId', id: inviteId }] });
      return found as NonNullable<typeof found>;
    });
    expect(JSON.stringify(letter)).not.toContain('@');
    smtp.refuse = false;
    project.channels.append('dead-letters.redrive-requested', { deadLetterIds: [letter.deadLetterId] });
    await eventually(async () => expect(await mailRow(inviteId)).toMatchObject({ state: 'SENT', attempts: 1 }));
    expect(codeOf(await accept(stranger, codeIn(smtp.mails.find(({ to }) => to.toLowerCase() === project.users.emailOf(stranger.id).toLowerCase())?.message ?? '')))).toBeUndefined();
  });

  test('two workers mail each invite once', async () => {
    const { id, owner } = await project.team();
    for (let count = 0; count < 12; count += 1) await inviteByMail(owner, id, project.someone());
    await start();
    const second = await startWorker(
      loadConfig({ ...project.settings, ROLES: 'worker', SMTP_URL: smtp.url, QUEUE_DATABASE_URL: project.database.queue }), createLogger({ service: 'second', level: 'fatal' }),
    );
    await eventually(async () => expect(await project.sql(`select 1 from invite_mails m join project_invites i on i.id = m.invite_id where i.project_id = $1 and state = 'SENT'`, [id])).toHaveLength(12));
    await second.stop();
    expect(smtp.mails).toHaveLength(12);
    expect(new Set(smtp.mails.map((mail) => mail.to)).size).toBe(12);
  });

  test('one person mails at most 50 an hour, over all projects', async () => {
    const { id, owner } = await project.team();
    await project.sql(
      `insert into project_invites (id, project_id, role, email, email_key, max_uses, created_by_id, created_at, expires_at, revoked_at)
       select gen_random_uuid(), $1, 'MEMBER', n || '@example.org', n || '@example.org', 1, $2, now() - interval '10 minutes', now() + interval '1 day', now() from generate_series(1, 49) n`,
      [await project.project(owner), owner.id],
    );
    await inviteByMail(owner, id, project.someone());
    const refused = await project.run('createProjectInvite', owner, { projectId: id, email: 'one-more@example.org' });
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) as number });
    expect(codeOf(await project.run('createProjectInvite', owner, { projectId: id }))).toBeUndefined();
  });
});

describe('the worker', () => {
  test('without an SMTP server it writes .eml files', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'taskgraph-invites-'));
    await start({ SMTP_URL: '', MAIL_DIR: directory });
    const { id, owner, stranger } = await project.team('stranger');
    const { id: inviteId } = await inviteByMail(owner, id, stranger);
    const file = await eventually(() => readdirSync(directory).find((name) => name === `${inviteId}.eml`) ?? null);
    expect(codeOf(await accept(stranger, codeIn(readFileSync(join(directory, file), 'utf8'))))).toBeUndefined();
    rmSync(directory, { recursive: true });
  });

  test.skipIf(!redisAvailable())('works on Redis too', async () => {
    const redis = await startRedis();
    await start({ QUEUE_DATABASE_URL: '', REDIS_URL: redis.url });
    const { id, owner, stranger } = await project.team('stranger');
    await inviteByMail(owner, id, stranger);
    expect(codeOf(await accept(stranger, codeIn((await theMail()).message)))).toBeUndefined();
    await worker?.stop();
    worker = null;
    await redis.stop();
  });

  test('it is ready when database and queue answer', async () => {
    expect(await (await start()).missing()).toEqual([]);
  });

  test('it deletes what has served its time, and nothing else', async () => {
    const { id, owner } = await project.team();
    await project.run('updateProject', owner, { id, name: 'x' }, 'young');
    await project.run('updateProject', owner, { id, name: 'y' }, 'old');
    await project.sql(`update idempotency set created_at = now() - interval '25 hours' where key = 'old'`);
    const [young, old] = [await project.run('createProjectInvite', owner, { projectId: id }), await project.run('createProjectInvite', owner, { projectId: id })];
    await project.sql(`update project_invites set expires_at = now() - interval '31 days' where id = $1`, [old.data.createProjectInvite.invite.id]);
    await start();
    await eventually(async () => expect(await project.sql('select id from project_invites where project_id = $1', [id])).toEqual([{ id: young.data.createProjectInvite.invite.id }]));
    expect(await project.sql('select key from idempotency where viewer_id = $1', [owner.id])).toEqual([{ key: 'young' }]);
  });
});

// Last in this file: afterwards the user subgraph stays away.
test('while the user subgraph is away, accepting by e-mail is SUBGRAPH_UNAVAILABLE and an open code works', async () => {
  await start();
  const { id, owner, stranger } = await project.team('stranger');
  const open = (await project.run('createProjectInvite', owner, { projectId: id })).data.createProjectInvite.invite.code as string;
  await inviteByMail(owner, id, stranger);
  const code = codeIn((await theMail()).message);
  await project.users.stop();
  expect(codeOf(await accept(stranger, code))).toBe('SUBGRAPH_UNAVAILABLE');
  expect(codeOf(await accept(stranger, open))).toBeUndefined();
});
