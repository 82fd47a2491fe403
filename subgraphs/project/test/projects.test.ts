import { someViewer } from '@taskgraph/shared/testing/identity';
import { newId } from '@taskgraph/shared/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, startProject, type Harness } from './harness.js';

let project: Harness;
beforeAll(async () => void (project = await startProject()));
afterAll(() => project.stop());

describe('making a project', () => {
  test('its maker becomes OWNER and sees it by id, by key and in the list at once', async () => {
    const ada = project.someone();
    const made = await project.create(ada, { key: 'WEB', name: 'Website', description: '# Plan' });
    expect(made.errors).toBeUndefined();
    const { id } = made.data.createProject.project;
    expect(made.data.createProject.project).toEqual({
      id, key: 'WEB', name: 'Website', description: '# Plan', status: 'ACTIVE', viewerRole: 'OWNER', version: 1, createdBy: { id: ada.id },
      members: { totalCount: 1, nodes: [{ userId: ada.id, role: 'OWNER', user: { id: ada.id } }] },
    });
    const ask = 'query ($id: ID!) { byId: project(id: $id) { key } byKey: project(key: "WEB") { id } projects { nodes { id viewerRole } totalCount } }';
    const seen = await project.query(ask, { id: id.toUpperCase() }, ada);
    expect(seen.data).toEqual({ byId: { key: 'WEB' }, byKey: { id }, projects: { nodes: [{ id, viewerRole: 'OWNER' }], totalCount: 1 } });
  });

  test('what a stranger cannot see is answered like what does not exist, for ADMIN too', async () => {
    const id = await project.project(project.someone());
    const ask = 'query ($id: ID!) { project(id: $id) { id } projects { totalCount } }';
    for (const stranger of [someViewer('MEMBER'), someViewer('ADMIN')]) {
      for (const asked of [id, newId(), 'no-uuid']) {
        const answer = await project.query(ask, { id: asked }, stranger);
        expect(answer).toEqual({ status: 200, data: { project: null, projects: { totalCount: 0 } } });
      }
    }
  });

  test('a reference held by another subgraph shows a project to its members only', async () => {
    const owner = project.someone();
    const id = await project.project(owner, 'Referenced');
    const ask = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Project { name viewerRole } } }';
    const r = [id, newId(), 'no-uuid'].map((each) => ({ __typename: 'Project', id: each }));
    expect((await project.query(ask, { r }, owner)).data._entities).toEqual([{ name: 'Referenced', viewerRole: 'OWNER' }, null, null]);
    const stranger = await project.query(ask, { r }, someViewer());
    expect(stranger.errors).toBeUndefined();
    expect(stranger.data._entities).toEqual([null, null, null]);
    expect(codeOf(await project.query(ask, { r }))).toBe('UNAUTHENTICATED');
  });

  test('without a viewer everything is UNAUTHENTICATED', async () => {
    const id = newId();
    expect(codeOf(await project.create(null, { key: 'NOPE', name: 'x' }))).toBe('UNAUTHENTICATED');
    expect(codeOf(await project.add(null, id, id))).toBe('UNAUTHENTICATED');
    expect(codeOf(await project.remove(null, id, id))).toBe('UNAUTHENTICATED');
    const answer = await project.query('query ($id: ID!) { project(id: $id) { id } projects { totalCount } }', { id });
    expect(answer.errors?.map((error) => error.extensions.code)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
  });

  test('bad input is BAD_USER_INPUT naming the path, and writes nothing', async () => {
    const viewer = project.someone();
    const good = { key: 'GOOD', name: 'Good' };
    for (const [input, path] of [
      [{ ...good, id: 'nope' }, 'input.id'],
      [{ ...good, id: '7d444840-9dc0-41d1-b245-5ffdce74fad2' }, 'input.id'],
      [{ ...good, key: 'A' }, 'input.key'],
      [{ ...good, key: 'ABCDEFGHIJK' }, 'input.key'],
      [{ ...good, key: 'web' }, 'input.key'],
      [{ ...good, key: 'A-B' }, 'input.key'],
      [{ ...good, key: 'AB\n' }, 'input.key'],
      [{ ...good, name: '' }, 'input.name'],
      [{ ...good, name: '  ' }, 'input.name'],
      [{ ...good, name: 'x'.repeat(101) }, 'input.name'],
      [{ ...good, name: 'a\u0000b' }, 'input.name'],
      [{ ...good, description: 'ä'.repeat(33_000) }, 'input.description'],
    ] as const) {
      const answer = await project.create(viewer, input);
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    }
    for (const ask of ['{ project { id } }', '{ project(id: "a", key: "B") { id } }']) expect(codeOf(await project.query(ask, {}, viewer))).toBe('BAD_USER_INPUT');
    expect((await project.query('{ project(key: "a\\u0000b") { id } projects { totalCount } }', {}, viewer)).data).toEqual({ project: null, projects: { totalCount: 0 } });
  });
});

describe('making it twice', () => {
  test('a taken key is CONFLICT naming the field, also for who cannot see the other project', async () => {
    await project.create(project.someone(), { key: 'TAKEN', name: 'First' });
    const answer = await project.create(project.someone(), { key: 'TAKEN', name: 'Second' });
    expect(answer.data.createProject).toBeNull();
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'CONFLICT', fields: ['key'] });
  });

  test('the same id and input from the same person is one project, as it is now', async () => {
    const owner = project.someone();
    const input = { id: newId(), key: 'TWICE', name: 'Twice' };
    await project.create(owner, input);
    await project.add(owner, input.id, project.users.someone());
    const again = await project.create(owner, { ...input, id: input.id.toUpperCase() });
    expect(again.errors).toBeUndefined();
    expect(again.data.createProject.project).toMatchObject({ id: input.id, version: 2, members: { totalCount: 2 } });
  });

  test('the same id with another input or from another person is CONFLICT that shows nothing', async () => {
    const owner = project.someone();
    const input = { id: newId(), key: 'OTHER', name: 'Other' };
    await project.create(owner, input);
    const answers = [
      await project.create(owner, { ...input, name: 'Renamed' }),
      await project.create(owner, { ...input, key: 'OTHER2' }),
      await project.create(owner, { ...input, description: '' }),
      await project.create(project.someone(), input),
    ];
    for (const answer of answers) expect(answer.errors?.[0]?.extensions).toEqual({ code: 'CONFLICT', fields: ['id'] });
  });

  test('a repeated create by a maker who has left answers without the project', async () => {
    const owner = project.someone();
    const input = { id: newId(), key: 'LEFT', name: 'Left' };
    await project.create(owner, input);
    await project.add(owner, input.id, project.users.someone(), 'OWNER');
    await project.remove(owner, input.id, owner.id);
    expect(await project.create(owner, input)).toEqual({ status: 200, data: { createProject: { project: null } } });
  });

  test('of concurrent creates with one key exactly one wins and the others are CONFLICT', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => project.create(project.someone(), { key: 'RACE', name: 'Race' })));
    expect(answers.filter((answer) => answer.data.createProject !== null)).toHaveLength(1);
    expect(answers.map(codeOf).filter((code) => code === 'CONFLICT')).toHaveLength(7);
  });

  test('concurrent sendings of one create are one project', async () => {
    const owner = project.someone();
    const input = { id: newId(), key: 'RESEND', name: 'Resend' };
    const answers = await Promise.all(Array.from({ length: 4 }, () => project.create(owner, input)));
    for (const answer of answers) expect(answer.data.createProject.project).toMatchObject({ id: input.id, version: 1 });
  });
});
