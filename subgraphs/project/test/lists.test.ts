import type { Viewer } from '@taskgraph/shared/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, startProject, type Harness } from './harness.js';
import { countStatements } from '@taskgraph/shared/testing/statements';

let project: Harness;
let owner: Viewer;
const names = ['zebra', 'Apple', 'apple', 'Éclair', 'Mango', 'mango 2', 'banana', 'Äpfel', 'Apple', 'zoo', 'cherry', 'date'];
const ids: string[] = [];
beforeAll(async () => {
  project = await startProject();
  owner = project.someone();
  for (const name of names) ids.push(await project.project(owner, name));
  for (const id of ids) for (let count = 0; count < 3; count += 1) await project.add(owner, id, project.users.someone(), 'VIEWER');
});
afterAll(() => project.stop());

interface Page<Node = { id: string; name: string }> {
  nodes: Node[];
  totalCount?: number;
  edges: { cursor: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}
const page = async (first: number, after: string | null = null): Promise<Page> => {
  const ask = `query ($first: Int, $after: String) { projects(first: $first, after: $after) {
    nodes { id name } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
  return (await project.query(ask, { first, after }, owner)).data.projects;
};

describe('projects page by page', () => {
  test('pages of any size give each project once, by folded name and then id', async () => {
    const byId = new Map(ids.map((id, index) => [id, (names[index] as string).toLowerCase()]));
    const key = (id: string) => Buffer.from(`${byId.get(id)}\u0000${id}`);
    const expected = ids.toSorted((a, b) => Buffer.compare(key(a), key(b)));
    for (const size of [1, 5, names.length, 100]) {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const { nodes, pageInfo }: Page = await page(size, after);
        expect(pageInfo.hasPreviousPage).toBe(after !== null);
        seen.push(...nodes.map((node) => node.id));
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      } while (after);
      expect(seen).toEqual(expected);
    }
  });

  test('a cursor stays good while rows come and go', async () => {
    const reader = project.someone();
    const made: string[] = [];
    for (const name of ['b', 'd', 'f']) made.push(await project.project(reader, name));
    await project.add(reader, made[1] as string, project.users.someone(), 'OWNER');
    const ask = 'query ($after: String) { projects(first: 2, after: $after) { nodes { name } pageInfo { endCursor } } }';
    const first = (await project.query(ask, {}, reader)).data.projects;
    expect(first.nodes).toEqual([{ name: 'b' }, { name: 'd' }]);
    await project.remove(reader, made[1] as string, reader.id);
    await project.project(reader, 'c');
    await project.project(reader, 'e');
    const next = (await project.query(ask, { after: first.pageInfo.endCursor }, reader)).data.projects;
    expect(next.nodes).toEqual([{ name: 'e' }, { name: 'f' }]);
  });

  test('the list can be narrowed by status and counts what it holds', async () => {
    const reader = project.someone();
    await project.project(reader);
    const { data } = await project.query('{ a: projects(status: ACTIVE) { totalCount nodes { status } } b: projects(status: ARCHIVED) { totalCount nodes { status } } }', {}, reader);
    expect(data).toEqual({ a: { totalCount: 1, nodes: [{ status: 'ACTIVE' }] }, b: { totalCount: 0, nodes: [] } });
  });
});

describe('members page by page', () => {
  test('they come in the order in which they joined, each once', async () => {
    const maker = project.someone();
    const id = await project.project(maker);
    const joined = [maker.id];
    for (let count = 0; count < 7; count += 1) {
      joined.push(project.users.someone());
      await project.add(maker, id, joined.at(-1) as string, 'MEMBER');
    }
    const ask = `query ($id: ID!, $after: String) { project(id: $id) { members(first: 3, after: $after) {
      nodes { userId } totalCount pageInfo { hasNextPage hasPreviousPage endCursor } } } }`;
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { members }: { members: Page<{ userId: string }> } = (await project.query(ask, { id, after }, maker)).data.project;
      expect(members.totalCount).toBe(8);
      seen.push(...members.nodes.map((node) => node.userId));
      after = members.pageInfo.hasNextPage ? members.pageInfo.endCursor : null;
    } while (after);
    expect(seen).toEqual(joined);
  });

  test('several differing pages of one request do not mix', async () => {
    const ask = 'query ($id: ID!) { project(id: $id) { one: members(first: 1) { nodes { role } } all: members { nodes { role } } } }';
    const { data } = await project.query(ask, { id: ids[0] }, owner);
    expect(data.project.one.nodes).toEqual([{ role: 'OWNER' }]);
    expect(data.project.all.nodes).toHaveLength(4);
  });
});

describe('bounds', () => {
  test('`first` outside 1 to MAX_PAGE_SIZE is BAD_USER_INPUT naming it', async () => {
    for (const first of [0, -1, 1001]) {
      const projects = await project.query('query ($first: Int) { projects(first: $first) { nodes { id } } }', { first }, owner);
      expect(projects.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'first' }] });
      const members = await project.query('query ($first: Int, $id: ID!) { project(id: $id) { members(first: $first) { nodes { userId } } } }', { first, id: ids[0] }, owner);
      expect(codeOf(members)).toBe('BAD_USER_INPUT');
    }
    expect((await page(1000)).nodes).toHaveLength(names.length);
  });

  test('a forged, damaged or foreign cursor is BAD_USER_INPUT', async () => {
    const { edges } = await page(1);
    const real = edges[0]?.cursor as string;
    const members = await project.query('query ($id: ID!) { project(id: $id) { members { pageInfo { endCursor } } } }', { id: ids[0] }, owner);
    const foreign = members.data.project.members.pageInfo.endCursor as string;
    const forged = Buffer.from(JSON.stringify(['a', ids[0]])).toString('base64url');
    const damaged = `${real.startsWith('A') ? 'B' : 'A'}${real.slice(1)}`;
    for (const after of ['', 'x', forged, damaged, real.slice(0, -4), foreign]) {
      const answer = await project.query('query ($after: String) { projects(after: $after) { nodes { id } } }', { after }, owner);
      expect([after, answer.errors?.[0]?.extensions]).toMatchObject([after, { code: 'BAD_USER_INPUT', fields: [{ path: 'after' }] }]);
    }
  });
});

describe('statements', () => {
  test('a page of projects with roles, members and counts takes three statements and one for the total, whatever its size', async () => {
    const ask = 'query ($first: Int) { projects(first: $first) { totalCount nodes { viewerRole createdBy { id } members(first: $first) { totalCount nodes { role user { id } } } } } }';
    for (const first of [1, 4, names.length]) {
      const { value, statements } = await countStatements(() => project.query(ask, { first }, owner));
      expect(value.data.projects.nodes).toHaveLength(first);
      expect(value.data.projects.nodes.every((node: { viewerRole: string }) => node.viewerRole === 'OWNER')).toBe(true);
      expect(statements).toBe(4);
    }
  });

  test('a batch of references takes one statement, and one more for their members', async () => {
    const ask = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Project { name viewerRole members { nodes { userId } } } } }';
    for (const size of [2, names.length]) {
      const r = ids.slice(0, size).map((id) => ({ __typename: 'Project', id }));
      const { value, statements } = await countStatements(() => project.query(ask, { r }, owner));
      expect(value.data._entities).toHaveLength(size);
      expect(statements).toBe(2);
    }
  });
});
