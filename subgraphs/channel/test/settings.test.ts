// How people decide what they are told (RULES §7), as a client sees it.
import { newId } from '@taskgraph/shared/ids';
import type { Viewer } from '@taskgraph/shared/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChannel, type Harness } from './harness.js';

let channel: Harness;
beforeAll(async () => void (channel = await startChannel()));
afterAll(() => channel.stop());

const viewer = (): Viewer => ({ id: newId(), role: 'MEMBER', sessionId: newId() });
const fields = 'version digest quietHours { from to } preferences { kind methods }';
const own = async (person: Viewer) => (await channel.query(`{ notificationSettings { ${fields} } }`, {}, person)).data.notificationSettings;
const update = (person: Viewer | null, input: object, key?: string) =>
  channel.query(`mutation ($input: UpdateNotificationSettingsInput!) { updateNotificationSettings(input: $input) { settings { ${fields} } } }`, { input }, person, key === undefined ? {} : { 'idempotency-key': key });
const mailed = (settings: { preferences: { kind: string; methods: string[] }[] }) => settings.preferences.filter(({ methods }) => methods.includes('EMAIL')).map(({ kind }) => kind);

test('who has decided nothing hears of everything in the app, of some of it by e-mail, without digest and quiet hours', async () => {
  const settings = await own(viewer());
  expect(settings).toMatchObject({ version: 1, digest: 'OFF', quietHours: null });
  expect(settings.preferences).toHaveLength(12);
  expect(settings.preferences.every(({ methods }: { methods: string[] }) => methods[0] === 'IN_APP')).toBe(true);
  expect(mailed(settings)).toEqual(['TASK_ASSIGNED', 'MENTIONED', 'TASK_OVERDUE', 'PROJECT_ADDED']);
});

test('a patch changes what it names and nothing else, for its viewer only; what changes nothing makes no version', async () => {
  const [person, other] = [viewer(), viewer()];
  const first = (await update(person, { preferences: [{ kind: 'TASK_CREATED', methods: ['EMAIL', 'IN_APP', 'EMAIL'] }, { kind: 'MENTIONED', methods: [] }] })).data.updateNotificationSettings.settings;
  expect(first).toMatchObject({ version: 2, digest: 'OFF' });
  expect(mailed(first)).toEqual(['TASK_CREATED', 'TASK_ASSIGNED', 'TASK_OVERDUE', 'PROJECT_ADDED']);
  const second = (await update(person, { digest: 'DAILY', quietHours: { from: '22:00', to: '07:30' } })).data.updateNotificationSettings.settings;
  expect(second).toEqual({ ...first, version: 3, digest: 'DAILY', quietHours: { from: '22:00', to: '07:30' } });
  for (const same of [{}, { preferences: [] }, { preferences: null }, { digest: 'DAILY' }, { quietHours: { from: '22:00', to: '07:30' } }, { preferences: [{ kind: 'MENTIONED', methods: [] }] }]) {
    expect((await update(person, same)).data.updateNotificationSettings.settings).toEqual(second);
  }
  expect((await update(person, { quietHours: null })).data.updateNotificationSettings.settings).toEqual({ ...second, version: 4, quietHours: null });
  expect(await own(other)).toMatchObject({ version: 1, digest: 'OFF' });
});

test.each<[string, object, string]>([
  ['no time of day', { quietHours: { from: '24:00', to: '07:00' } }, 'input.quietHours.from'],
  ['a time of day without its zero', { quietHours: { from: '22:00', to: '7:00' } }, 'input.quietHours.to'],
  ['a time of day with seconds', { quietHours: { from: '22:00', to: '07:00:00' } }, 'input.quietHours.to'],
  ['quiet hours that end when they begin', { quietHours: { from: '22:00', to: '22:00' } }, 'input.quietHours.to'],
  ['no digest at all', { digest: null }, 'input.digest'],
  ['a kind named twice', { preferences: [{ kind: 'MENTIONED', methods: [] }, { kind: 'MENTIONED', methods: ['EMAIL'] }] }, 'input.preferences.1.kind'],
])('%s is BAD_USER_INPUT and changes nothing', async (_what, input, path) => {
  const person = viewer();
  const { errors } = await update(person, { preferences: [{ kind: 'TASK_CREATED', methods: [] }], ...input });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
  expect(await own(person)).toMatchObject({ version: 1 });
});

test('without a token all of it is UNAUTHENTICATED (RULES §1)', async () => {
  const refused = [await update(null, {}), await channel.query('{ notificationSettings { version } }', {}, null), await channel.query('{ feed { nodes { id } } }', {}, null)];
  expect(refused.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED']);
});

test('a resend under one key is one change, and shows the settings as they are now (RULES §3)', async () => {
  const person = viewer();
  await update(person, { digest: 'HOURLY' }, 'k');
  await update(person, { quietHours: { from: '01:00', to: '02:00' } });
  expect((await update(person, { digest: 'HOURLY' }, 'k')).data.updateNotificationSettings.settings).toMatchObject({ version: 3, digest: 'HOURLY', quietHours: { from: '01:00', to: '02:00' } });
});

test('changes of different kinds at once all last, a version each', async () => {
  const person = viewer();
  const kinds = ['TASK_CREATED', 'TASK_ASSIGNED', 'TASK_UPDATED', 'TASK_COMPLETED', 'TASK_REOPENED', 'TASK_COMMENTED', 'MENTIONED', 'TASK_DUE_SOON', 'TASK_OVERDUE', 'CHANNEL_JOINED'];
  await Promise.all(kinds.flatMap((kind) => [update(person, { preferences: [{ kind, methods: [] }] }), update(person, { digest: 'OFF' })]));
  const settings = await own(person);
  expect(settings.version).toBe(1 + kinds.length);
  expect(settings.preferences.filter(({ methods }: { methods: string[] }) => methods.length === 0)).toHaveLength(kinds.length);
});
