import { newId } from '@taskgraph/shared/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, startProject, type Harness } from './harness.js';
import { matches } from '../src/repositories/project-repository.js';

let project: Harness;
beforeAll(async () => void (project = await startProject()));
afterAll(() => project.stop());

const ask = 'query ($search: String, $status: ProjectStatus, $first: Int, $after: String) { projects(search: $search, status: $status, first: $first, after: $after) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } }';

describe('projects(search)', () => {
  test('finds in names, wherever, and at the start of keys, without regard to case, and only what one belongs to', async () => {
    const owner = project.someone();
    for (const [key, name] of [['WEB', 'Website'], ['SHOP', 'Web shop'], ['OPS', 'Betrieb'], ['WOPS', '100 % Ärger_\\'], ['OTHER', 'ИМЯ']]) await project.create(owner, { key, name });
    const stranger = project.someone();
    await project.create(stranger, { key: 'WEB2', name: 'Web of a stranger' });
    const search = async (text: string) => (await project.query(ask, { search: text }, owner)).data.projects as { totalCount: number; nodes: { name: string }[] };
    for (const [text, names] of [
      ['web', ['Web shop', 'Website']], ['WEB', ['Web shop', 'Website']], ['  site ', ['Website']], ['op', ['Betrieb', 'Web shop']],
      ['ärger', ['100 % Ärger_\\']], ['имя', ['ИМЯ']], ['%', ['100 % Ärger_\\']], ['_', ['100 % Ärger_\\']], ['\\', ['100 % Ärger_\\']], ['nothing', []],
    ] as const) {
      const found = await search(text);
      expect([text, found.nodes.map((node) => node.name), found.totalCount]).toEqual([text, names, names.length]);
    }
    for (const nothing of ['', '   ']) expect((await search(nothing)).totalCount).toBe(5);
  });

  test('goes together with status and pages', async () => {
    const owner = project.someone();
    const ids = [];
    for (const name of ['x 1', 'x 2', 'x 3', 'y']) ids.push(await project.project(owner, name));
    await project.run('archiveProject', owner, { id: ids[1] });
    const first = (await project.query(ask, { search: 'X', status: 'ACTIVE', first: 1 }, owner)).data.projects;
    expect(first).toMatchObject({ totalCount: 2, nodes: [{ name: 'x 1' }], pageInfo: { hasNextPage: true } });
    const second = (await project.query(ask, { search: 'X', status: 'ACTIVE', first: 1, after: first.pageInfo.endCursor }, owner)).data.projects;
    expect(second).toMatchObject({ nodes: [{ name: 'x 3' }], pageInfo: { hasNextPage: false } });
  });

  test('bad input is BAD_USER_INPUT naming it', async () => {
    for (const search of ['x'.repeat(101), 'a\u0000', '\udfff']) {
      const answer = await project.query(ask, { search }, project.someone());
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'search' }] });
    }
    expect(codeOf(await project.query(ask, { search: 'x' }))).toBe('UNAUTHENTICATED');
  });

  test('is backed by indexes: its cost follows the viewer\'s own projects, not those there are', async () => {
    const viewer = newId();
    await project.sql(
      `with made as (
         insert into projects (id, key, name, name_key, status, created_by_id, created_as, created_at, updated_at, version, event_seq)
         select gen_random_uuid(), 'K' || n, 'project ' || n, 'project ' || n, 'ACTIVE', $1, '', now(), now(), 1, 1 from generate_series(1, 20000) n returning id, key
       )
       insert into project_members (project_id, user_id, role, joined_at)
       select id, case when right(key, 3) = '000' then $1::uuid else gen_random_uuid() end, 'OWNER', now() from made`,
      [viewer],
    );
    await project.sql('analyze projects, project_members');
    const rows = await project.sql<{ 'QUERY PLAN': string }>(
      `explain (analyze, costs off, timing off, summary off) select p.id from project_members m join projects p on p.id = m.project_id where ${matches} order by p.name_key, p.id limit 51`
        .replaceAll('$1', `'${viewer}'`).replaceAll('$2', 'null').replaceAll('$3', `'project'`),
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).not.toMatch(/Seq Scan/);
    expect(plan).toMatch(/project_members_user/);
    expect(plan).not.toMatch(/actual rows=\d{4,}/);
  });
});
