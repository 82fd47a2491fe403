import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, startProject, type Harness } from './harness.js';

let project: Harness;
beforeAll(async () => void (project = await startProject()));
afterAll(() => project.stop());

const update = (...args: [Parameters<Harness['run']>[1], object]) => project.run('updateProject', ...args);

describe('the patch', () => {
  test('absent keeps, null clears the description, and each change is one version and one event (RULES §2)', async () => {
    const { id, owner } = await project.team();
    const described = await update(owner, { id, description: '# Plan' });
    expect(described.data.updateProject.project).toMatchObject({ name: 'Some project', description: '# Plan', version: 2 });
    const renamed = await update(owner, { id, name: 'Ärger 🎈 <b>' });
    expect(renamed.data.updateProject.project).toMatchObject({ name: 'Ärger 🎈 <b>', description: '# Plan', version: 3 });
    const cleared = await update(owner, { id, description: null });
    expect(cleared.data.updateProject.project).toMatchObject({ name: 'Ärger 🎈 <b>', description: null, version: 4 });
    const events = await project.sql('select type, version, payload, actor_id from events where aggregate_id = $1 order by seq', [id]);
    expect(events.map(({ type, version, payload, actor_id: actor }) => [type, version, (payload as { fields?: string[] }).fields, actor])).toEqual([
      ['project.created', 1, undefined, owner.id], ['project.updated', 2, ['description'], owner.id],
      ['project.updated', 3, ['name'], owner.id], ['project.updated', 4, ['description'], owner.id],
    ]);
  });

  test('an empty patch, and one that says what is so already, change nothing and emit nothing (RULES §2)', async () => {
    const { id, owner } = await project.team();
    for (const patch of [{}, { name: 'Some project' }, { description: null }, { expectedVersion: 1 }]) {
      expect((await update(owner, { id, ...patch })).data.updateProject.project.version).toBe(1);
    }
    expect(await project.sql('select 1 from events where aggregate_id = $1', [id])).toHaveLength(1);
  });

  test('the new name sorts the list', async () => {
    const owner = project.someone();
    const [first] = [await project.project(owner, 'a'), await project.project(owner, 'b')];
    await update(owner, { id: first, name: 'C' });
    expect((await project.query('{ projects { nodes { name } } }', {}, owner)).data.projects.nodes).toEqual([{ name: 'b' }, { name: 'C' }]);
  });

  test('bad input is BAD_USER_INPUT naming the path, and changes nothing', async () => {
    const { id, owner } = await project.team();
    for (const [patch, path] of [
      [{ name: null }, 'input.name'],
      [{ name: '' }, 'input.name'],
      [{ name: 'x'.repeat(101) }, 'input.name'],
      [{ name: 'a\u0000' }, 'input.name'],
      [{ name: '\ud800' }, 'input.name'],
      [{ description: 'ä'.repeat(33_000) }, 'input.description'],
      [{ name: 'good', description: 'a\u0000' }, 'input.description'],
      [{ name: 'good', expectedVersion: 0 }, 'input.expectedVersion'],
      [{ name: 'good', expectedVersion: 2 }, 'input.expectedVersion'],
    ] as const) {
      const answer = await update(owner, { id, ...patch });
      expect([patch, answer.errors?.[0]?.extensions]).toMatchObject([patch, { code: 'BAD_USER_INPUT', fields: [{ path }] }]);
    }
    expect((await project.query('query ($id: ID!) { project(id: $id) { name version } }', { id }, owner)).data.project).toEqual({ name: 'Some project', version: 1 });
    expect(codeOf(await update(owner, { id: 'no-uuid', name: 'x' }))).toBe('NOT_FOUND');
  });
});

describe('expectedVersion (RULES §2)', () => {
  test('other fields than those that others changed since merge', async () => {
    const { id, owner, OWNER } = await project.team('OWNER');
    await update(OWNER, { id, description: 'theirs' });
    const answer = await update(owner, { id, name: 'mine', expectedVersion: 2 });
    expect(answer.data.updateProject.project).toMatchObject({ name: 'mine', description: 'theirs', version: 4 });
  });

  test('the same field is CONFLICT with its name and its present value', async () => {
    const { id, owner, OWNER } = await project.team('OWNER');
    await update(OWNER, { id, name: 'theirs', description: 'theirs too' });
    const answer = await update(owner, { id, name: 'mine', expectedVersion: 2 });
    expect(answer.data.updateProject).toBeNull();
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'CONFLICT', fields: ['name'], current: { version: 3, name: 'theirs' } });
    expect(codeOf(await update(owner, { id, name: 'mine', expectedVersion: 3 }))).toBeUndefined();
  });

  test('what one changed oneself, and changes of members, do not clash', async () => {
    const { id, owner, OWNER } = await project.team('OWNER');
    await update(owner, { id, name: 'first' });
    await project.add(OWNER, id, project.users.someone());
    await project.run('createProjectInvite', OWNER, { projectId: id });
    expect((await update(owner, { id, name: 'second', expectedVersion: 1 })).data.updateProject.project).toMatchObject({ name: 'second', version: 5 });
  });

  test('a version older than the log is CONFLICT', async () => {
    const { id, owner } = await project.team();
    await update(owner, { id, name: 'second' });
    await project.sql('delete from events where aggregate_id = $1 and version = 2', [id]);
    expect((await update(owner, { id, description: 'x', expectedVersion: 1 })).errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', fields: ['description'], current: { version: 2 } });
    expect(codeOf(await update(owner, { id, description: 'x', expectedVersion: 2 }))).toBeUndefined();
  });

  test('of many who patch the same version at once exactly one wins', async () => {
    const { id, owner } = await project.team();
    const owners = Array.from({ length: 6 }, () => project.someone());
    for (const each of owners) await project.add(owner, id, each.id, 'OWNER');
    const answers = await Promise.all(owners.map((each) => update(each, { id, name: each.id, expectedVersion: 7 })));
    expect(answers.map(codeOf).filter((code) => code === 'CONFLICT')).toHaveLength(5);
    const name = answers.find((answer) => codeOf(answer) === undefined)?.data.updateProject.project.name as string;
    expect(await project.sql('select name, version from projects where id = $1', [id])).toEqual([{ name, version: 8 }]);
  });
});
