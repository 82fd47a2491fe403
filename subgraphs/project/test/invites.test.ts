import { newId } from '@taskgraph/shared/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, startProject, type Harness } from './harness.js';
import { countStatements } from '@taskgraph/shared/testing/statements';

let project: Harness;
beforeAll(async () => void (project = await startProject()));
afterAll(() => project.stop());

type Person = Parameters<Harness['run']>[1];
const day = 24 * 3_600_000;
const invite = async (owner: Person, projectId: string, more: object = {}) => {
  const answer = await project.run('createProjectInvite', owner, { projectId, ...more });
  expect(answer.errors).toBeUndefined();
  return answer.data.createProjectInvite.invite as { id: string; code: string; expiresAt: string; usesLeft: number | null };
};
const accept = (person: Person, code: string) => project.run('acceptProjectInvite', person, { code });
const listed = async (owner: Person, id: string) =>
  (await project.query('query ($id: ID!) { project(id: $id) { invites { id code usesLeft } } }', { id }, owner)).data.project.invites as { id: string; usesLeft: number | null }[];

describe('an open invite', () => {
  test('has a code, is for MEMBERs, lasts 7 days and has no limit where nothing else is said; no new version of the project', async () => {
    const { id, owner } = await project.team();
    const answer = await project.run('createProjectInvite', owner, { projectId: id });
    const made = answer.data.createProjectInvite;
    expect(made).toMatchObject({ invite: { role: 'MEMBER', email: null, usesLeft: null, mailedAt: null }, project: { id, version: 1 } });
    expect(made.invite.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(Date.parse(made.invite.expiresAt) - Date.parse(made.invite.createdAt)).toBeGreaterThan(7 * day - 60_000);
    expect(Date.parse(made.invite.expiresAt) - Date.parse(made.invite.createdAt)).toBeLessThan(7 * day + 60_000);
    expect(await project.sql(`select seq, version, payload from events where aggregate_id = $1 and type = 'project.invited'`, [id])).toEqual([
      { seq: 2, version: 1, payload: { projectId: id, projectName: 'Some project', inviteId: made.invite.id, role: 'MEMBER', byEmail: false, version: 1 } },
    ]);
  });

  test('whoever types the code joins with its role, however it is typed', async () => {
    const { id, owner } = await project.team();
    const { code } = await invite(owner, id, { role: 'VIEWER', maxUses: 3 });
    const typed = [code.toLowerCase(), ` ${code.slice(0, 4)}-${code.slice(4)} `, code.replaceAll('0', 'o').replaceAll('1', 'L')];
    for (const [index, text] of typed.entries()) {
      const person = project.someone();
      const answer = await accept(person, text);
      expect(answer.data.acceptProjectInvite.project).toMatchObject({ id, viewerRole: 'VIEWER', version: index + 2, members: { totalCount: index + 2 } });
      expect(await project.sql(`select actor_id, payload->>'role' as role from events where aggregate_id = $1 and version = $2`, [id, index + 2])).toEqual([{ actor_id: person.id, role: 'VIEWER' }]);
    }
    expect(codeOf(await accept(project.someone(), code))).toBe('NOT_FOUND');
  });

  test('accepting again is one membership with the role that one has, and uses nothing', async () => {
    const { id, owner, VIEWER } = await project.team('VIEWER');
    const made = await invite(owner, id, { maxUses: 2 });
    const person = project.someone();
    await Promise.all(Array.from({ length: 4 }, () => accept(person, made.code)));
    for (const [again, role] of [[person, 'MEMBER'], [VIEWER, 'VIEWER'], [owner, 'OWNER']] as const) {
      expect((await accept(again, made.code)).data.acceptProjectInvite.project).toMatchObject({ viewerRole: role, version: 3, members: { totalCount: 3 } });
    }
    expect(await listed(owner, id)).toEqual([{ id: made.id, code: made.code, usesLeft: 1 }]);
  });

  test('of ten people who use the last use at once exactly one joins', async () => {
    for (const maxUses of [1, 3]) {
      const { id, owner } = await project.team();
      const { code } = await invite(owner, id, { maxUses });
      const answers = await Promise.all(Array.from({ length: 10 }, () => accept(project.someone(), code)));
      expect(answers.map(codeOf).filter((each) => each === undefined)).toHaveLength(maxUses);
      expect(answers.map(codeOf).filter((each) => each === 'NOT_FOUND')).toHaveLength(10 - maxUses);
      expect(await project.sql('select 1 from project_members where project_id = $1', [id])).toHaveLength(maxUses + 1);
      expect(await project.sql('select uses from project_invites where project_id = $1', [id])).toEqual([{ uses: maxUses }]);
      expect(await listed(owner, id)).toEqual([]);
    }
  });

  test('revoked, run out and invented codes are alike to the letter', async () => {
    const { id, owner } = await project.team();
    const [revoked, old] = [await invite(owner, id), await invite(owner, id)];
    expect((await project.run('revokeProjectInvite', owner, { id: revoked.id })).data).toEqual({ revokeProjectInvite: { id: revoked.id } });
    await project.sql(`update project_invites set expires_at = now() - interval '1 second' where id = $1`, [old.id]);
    const answers = [];
    for (const code of [revoked.code, old.code, '00000000', 'x', '', 'UUUUUUUU']) answers.push(await accept(project.someone(), code));
    expect(codeOf(answers[0] as never)).toBe('NOT_FOUND');
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await listed(owner, id)).toEqual([]);
    expect((await project.run('revokeProjectInvite', owner, { id: revoked.id })).data).toEqual({ revokeProjectInvite: { id: revoked.id } });
  });

  test('bad input is BAD_USER_INPUT naming the path', async () => {
    const { id, owner } = await project.team();
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    for (const [input, path] of [
      [{ maxUses: 0 }, 'input.maxUses'],
      [{ maxUses: -1 }, 'input.maxUses'],
      [{ maxUses: 10_001 }, 'input.maxUses'],
      [{ expiresAt: at(-1_000) }, 'input.expiresAt'],
      [{ expiresAt: at(91 * day) }, 'input.expiresAt'],
      [{ email: 'ada@example.org', maxUses: 2 }, 'input.maxUses'],
      [{ email: 'eve,ada@example.org' }, 'input.email'],
      [{ email: '<ada@example.org>' }, 'input.email'],
      [{ email: 'a\ud800@example.org' }, 'input.email'],
    ] as const) {
      const answer = await project.run('createProjectInvite', owner, { projectId: id, ...input });
      expect([input, answer.errors?.[0]?.extensions]).toMatchObject([input, { code: 'BAD_USER_INPUT', fields: [{ path }] }]);
    }
    for (const email of ['', 'ada', 'ada@example.org\r\nBcc: eve@example.org', 'ada@@example.org']) expect(codeOf(await project.run('createProjectInvite', owner, { projectId: id, email }))).toBe('BAD_USER_INPUT');
    expect((await invite(owner, id, { expiresAt: at(90 * day) })).code).toHaveLength(8);
    expect(await listed(owner, id)).toHaveLength(1);
    for (const unknown of [newId(), 'no-uuid']) expect(codeOf(await project.run('revokeProjectInvite', owner, { id: unknown }))).toBe('NOT_FOUND');
  });
});

describe('what is kept', () => {
  test('no code stands in the database, in an event or in a kept answer (RULES §8)', async () => {
    const { id, owner } = await project.team();
    const answer = await project.run('createProjectInvite', owner, { projectId: id }, 'kept');
    const { code } = answer.data.createProjectInvite.invite;
    for (const table of ['project_invites', 'events', 'idempotency', 'invite_mails']) {
      expect(await project.sql(`select 1 from ${table} t where strpos(upper(t::text), $1) > 0`, [code])).toEqual([]);
    }
    const [row] = await project.sql<{ sealed_code: string; code_hash: string }>('select sealed_code, code_hash from project_invites where project_id = $1', [id]);
    expect(Buffer.from(row?.sealed_code ?? '', 'base64url').toString('latin1')).not.toContain(code);
  });

  test('invites of a page of projects take one statement, and nothing is asked for those who do not see them', async () => {
    const owner = project.someone();
    for (let count = 0; count < 5; count += 1) await invite(owner, await project.project(owner));
    const ask = 'query ($first: Int) { projects(first: $first) { nodes { invites { code role } } } }';
    for (const first of [1, 5]) {
      const { value, statements } = await countStatements(() => project.query(ask, { first }, owner));
      expect(value.data.projects.nodes.map((node: { invites: object[] }) => node.invites.length)).toEqual(Array.from({ length: first }, () => 1));
      expect(statements).toBe(2);
    }
    const { VIEWER } = await project.team('VIEWER');
    expect((await countStatements(() => project.query(ask, { first: 5 }, VIEWER))).statements).toBe(1);
  });

  test('a project has at most 200 invites at a time; ended ones make room', async () => {
    const { id, owner } = await project.team();
    const { id: last } = await invite(owner, id);
    await project.sql(
      `insert into project_invites (id, project_id, role, code_hash, sealed_code, created_by_id, created_at, expires_at)
       select gen_random_uuid(), $1, 'MEMBER', 'hash ' || n, 'sealed', $2, now(), now() + interval '1 day' from generate_series(1, 199) n`,
      [id, owner?.id],
    );
    expect(codeOf(await project.run('createProjectInvite', owner, { projectId: id }))).toBe('CONFLICT');
    await project.run('revokeProjectInvite', owner, { id: last });
    await invite(owner, id);
  });
});

// The budget itself, and that channels and invites share it: channel/test/guessing-budget.test.ts, e2e/test/guessing.test.ts.
describe('guessing (RULES §8)', () => {
  test('each look-up is counted before it is made, also within one document and many at once; beyond the budget even a real code is RATE_LIMITED', async () => {
    const { id, owner } = await project.team();
    const { code } = await invite(owner, id);
    const guesser = project.someone();
    const guesses = (count: number) => Array.from({ length: count }, (_, index) => `g${index}: acceptProjectInvite(input: { code: "0000000${index % 10}" }) { project { id } }`).join(' ');
    const first = await project.query(`mutation { ${guesses(20)} }`, {}, guesser);
    expect(new Set(first.errors?.map((error) => error.extensions.code))).toEqual(new Set(['NOT_FOUND']));
    const more = await Promise.all(Array.from({ length: 15 }, () => accept(guesser, 'nonsense')));
    expect(more.map(codeOf).filter((each) => each === 'RATE_LIMITED')).toHaveLength(5);
    const refused = await accept(guesser, code);
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) as number });
    // Others are not kept out, and the next window is a new one.
    expect(codeOf(await accept(project.someone(), code))).toBeUndefined();
    project.channels.misses.delete(guesser.id);
    expect(codeOf(await accept(guesser, code))).toBeUndefined();
  });

  test('while nobody counts, nothing is looked up: SUBGRAPH_UNAVAILABLE, for a real code as for none', async () => {
    const { id, owner, stranger } = await project.team('stranger');
    const { code } = await invite(owner, id);
    project.channels.away = true;
    try {
      for (const typed of [code, 'nonsense']) expect(codeOf(await accept(stranger, typed))).toBe('SUBGRAPH_UNAVAILABLE');
    } finally {
      project.channels.away = false;
    }
    expect(codeOf(await accept(stranger, code))).toBeUndefined();
  });

  test('the address the gateway saw is counted too', async () => {
    const guesser = project.someone();
    await project.query('mutation { acceptProjectInvite(input: { code: "nonsense" }) { project { id } } }', {}, guesser, { 'x-client-ip': '192.0.2.7' });
    await accept(guesser, 'nonsense');
    expect(project.channels.askers.slice(-2)).toEqual([{ user: guesser.id, address: '192.0.2.7' }, { user: guesser.id, address: null }]);
  });

  test('codes that are real cost nothing', async () => {
    const person = project.someone();
    const { id, owner } = await project.team();
    const { code } = await invite(owner, id);
    for (let count = 0; count < 40; count += 1) expect(codeOf(await accept(person, code))).toBeUndefined();
  });
});
