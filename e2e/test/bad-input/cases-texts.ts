// Texts, names, addresses and numbers of accounts, projects, channels.
import { inputs, type BadCase } from './case.js';

export const nul = 'a\u0000b';
export const lone = 'a\ud800b';
export const long = (characters: number): string => 'x'.repeat(characters);
const megabyte = long(1_000_000);

/** What no text of a person may be. */
export const badTexts = (field: string, max: number): Record<string, [object, string]> => ({
  [`empty ${field}`]: [{ [field]: '' }, `input.${field}`],
  [`blank ${field}`]: [{ [field]: ' \t ' }, `input.${field}`],
  [`too long ${field}`]: [{ [field]: long(max + 1) }, `input.${field}`],
  [`${field} of 1 MB`]: [{ [field]: megabyte }, `input.${field}`],
  [`U+0000 in ${field}`]: [{ [field]: nul }, `input.${field}`],
  [`lone surrogate in ${field}`]: [{ [field]: lone }, `input.${field}`],
  [`number as ${field}`]: [{ [field]: 7 }, `input.${field}`],
  [`list as ${field}`]: [{ [field]: ['a'] }, `input.${field}`],
});
export const badMarkdown = (field: string): Record<string, [object, string]> => ({
  [`too long ${field}`]: [{ [field]: long(65_537) }, `input.${field}`],
  [`${field} of more than 64 KiB in few characters`]: [{ [field]: '🦉'.repeat(16_385) }, `input.${field}`],
  [`U+0000 in ${field}`]: [{ [field]: nul }, `input.${field}`],
  [`lone surrogate in ${field}`]: [{ [field]: lone }, `input.${field}`],
});
export const badIds: Record<string, [object, string]> = {
  'id that is no UUID': [{ id: 'mine' }, 'input.id'],
  'id that is no UUIDv7': [{ id: '0f4a5c3e-7a2b-4c1d-9e8f-0123456789ab' }, 'input.id'],
  'empty id': [{ id: '' }, 'input.id'],
  'U+0000 in id': [{ id: nul }, 'input.id'],
};

const account = { handle: 'somebody', email: 'somebody@mail.example', password: 'a good password' };

export const textCases: BadCase[] = [
  ...inputs('register', 'user { id }', account, {
    ...badIds,
    'empty handle': [{ handle: '' }, 'input.handle'],
    'short handle': [{ handle: 'ab' }, 'input.handle'],
    'long handle': [{ handle: long(33) }, 'input.handle'],
    'handle with a space': [{ handle: 'some body' }, 'input.handle'],
    'handle in another script': [{ handle: 'друзья' }, 'input.handle'],
    'U+0000 in handle': [{ handle: nul }, 'input.handle'],
    'no handle': [{ handle: null }, 'input.handle'],
    'invalid email': [{ email: 'somebody' }, 'input.email'],
    'email with two @': [{ email: 'some@body@mail.example' }, 'input.email'],
    'email with a line break': [{ email: 'some@mail.example\nBcc: all@mail.example' }, 'input.email'],
    'long email': [{ email: `${long(250)}@mail.example` }, 'input.email'],
    'U+0000 in email': [{ email: `${nul}@mail.example` }, 'input.email'],
    'number as email': [{ email: 5 }, 'input.email'],
    'short password': [{ password: 'short' }, 'input.password'],
    'password of 1 MB': [{ password: megabyte }, 'input.password'],
    'unknown time zone': [{ timeZone: 'Mars/Olympus' }, 'input.timeZone'],
    'U+0000 in time zone': [{ timeZone: nul }, 'input.timeZone'],
    'unknown enum': [{ session: 'FOREVER' }, 'input.session'],
    'unknown field': [{ admin: true }, 'input'],
    ...badTexts('name', 100),
  }),
  ...inputs('login', 'user { id }', { login: 'nobody-here', password: 'a password' }, {
    'U+0000 in login': [{ login: nul }, '', 'UNAUTHENTICATED'],
    'lone surrogate in login': [{ login: lone }, '', 'UNAUTHENTICATED'],
    'U+0000 in password': [{ password: nul }, '', 'UNAUTHENTICATED'],
    'no password': [{ password: null }, 'input.password'],
  }),
  ...inputs('refreshSession', 'user { id }', {}, { 'U+0000': [{ refreshToken: nul }, '', 'UNAUTHENTICATED'], 'empty': [{ refreshToken: '' }, '', 'UNAUTHENTICATED'] }),
  ...inputs('resetPassword', 'user { id }', { token: long(43), newPassword: 'another password' }, {
    'U+0000 in token': [{ token: nul }, 'input.token'], 'empty token': [{ token: '' }, 'input.token'], 'short password': [{ newPassword: 'short' }, 'input.newPassword'],
  }),
  ...inputs('verifyEmail', 'user { id }', {}, { 'U+0000 in token': [{ token: nul }, 'input.token'], 'empty token': [{ token: '' }, 'input.token'] }),
  ...inputs('requestPasswordReset', 'ok', {}, { 'invalid email': [{ email: 'no address' }, 'input.email'] }),
  ...inputs('changeEmail', 'user { id }', { password: 'a wrong password' }, { 'invalid email': [{ email: 'no address' }, 'input.email'] }),
  ...inputs('updateProfile', 'user { id }', {}, {
    ...badTexts('name', 100),
    'null name': [{ name: null }, 'input.name'],
    'null time zone': [{ timeZone: null }, 'input.timeZone'],
    'unknown time zone': [{ timeZone: 'Europe/Atlantis' }, 'input.timeZone'],
    'too long bio': [{ bio: long(1_001) }, 'input.bio'],
    'U+0000 in bio': [{ bio: nul }, 'input.bio'],
    'no address': [{ avatarUrl: 'picture.png' }, 'input.avatarUrl'],
    'address of a script': [{ avatarUrl: 'javascript:alert(1)' }, 'input.avatarUrl'],
    'version ahead': [{ name: 'Me', expectedVersion: 1_000 }, 'input.expectedVersion'],
    'version as text': [{ expectedVersion: 'one' }, 'input.expectedVersion'],
  }),
  ...inputs('createApiToken', 'token { id }', { name: 'Mine', scopes: ['READ'] }, {
    ...badTexts('name', 100),
    'no scopes': [{ scopes: [] }, 'input.scopes'],
    'unknown enum': [{ scopes: ['EVERYTHING'] }, 'input.scopes[0]'],
    'end in the past': [{ expiresAt: '2020-01-01T00:00:00Z' }, 'input.expiresAt'],
    'no instant': [{ expiresAt: 'tomorrow' }, 'input.expiresAt'],
  }),
  ...inputs('revokeApiToken', 'id', {}, { 'U+0000 in id': [{ id: nul }, '', 'NOT_FOUND'], 'no id at all': [{ id: 'x' }, '', 'NOT_FOUND'] }),
  ...inputs('revokeSession', 'id', {}, { 'U+0000 in id': [{ id: nul }, '', 'NOT_FOUND'] }),

  ...inputs('createProject', 'project { id }', { key: 'GOOD', name: 'Good' }, {
    ...badIds, ...badTexts('name', 100), ...badMarkdown('description'),
    'lower case key': [{ key: 'good' }, 'input.key'], 'key of one letter': [{ key: 'G' }, 'input.key'], 'key of eleven letters': [{ key: 'GGGGGGGGGGG' }, 'input.key'],
    'key with a sign': [{ key: 'GO-D' }, 'input.key'], 'empty key': [{ key: '' }, 'input.key'], 'U+0000 in key': [{ key: nul }, 'input.key'], 'null name': [{ name: null }, 'input.name'],
  }),
  ...inputs('updateProject', 'project { id }', ({ projectId }) => ({ id: projectId }), {
    ...badTexts('name', 100), ...badMarkdown('description'),
    'null name': [{ name: null }, 'input.name'], 'version 0': [{ name: 'New', expectedVersion: 0 }, 'input.expectedVersion'], 'version ahead': [{ name: 'New', expectedVersion: 1_000_000 }, 'input.expectedVersion'],
    'id that is no UUID': [{ id: 'x' }, '', 'NOT_FOUND'],
  }),
  ...inputs('addProjectMember', 'project { id }', ({ projectId }) => ({ projectId }), {
    'nobody\'s id': [({ missingId }) => ({ userId: missingId }), 'input.userId'], 'no UUID': [{ userId: 'x' }, 'input.userId'], 'U+0000': [{ userId: nul }, 'input.userId'],
    'unknown enum': [({ missingId }) => ({ userId: missingId, role: 'KING' }), 'input.role'],
  }),
  ...inputs('createProjectInvite', 'invite { id }', ({ projectId }) => ({ projectId }), {
    'maxUses 0': [{ maxUses: 0 }, 'input.maxUses'], 'maxUses -1': [{ maxUses: -1 }, 'input.maxUses'], 'maxUses 10,001': [{ maxUses: 10_001 }, 'input.maxUses'], 'maxUses 1.5': [{ maxUses: 1.5 }, 'input.maxUses'],
    'many uses by e-mail': [{ maxUses: 2, email: 'a@mail.example' }, 'input.maxUses'], 'list of addresses': [{ email: 'a@mail.example,b@mail.example' }, 'input.email'],
    'invalid e-mail': [{ email: 'nobody' }, 'input.email'], 'end in the past': [{ expiresAt: '2020-01-01T00:00:00Z' }, 'input.expiresAt'], 'end in a year': [{ expiresAt: '2099-01-01T00:00:00Z' }, 'input.expiresAt'],
    'unknown enum': [{ role: 'KING' }, 'input.role'],
  }),
  ...inputs('acceptProjectInvite', 'project { id }', {}, { 'U+0000 in code': [{ code: nul }, '', 'NOT_FOUND'], 'code of 1 MB': [{ code: megabyte }, '', 'NOT_FOUND'] }),
  ...inputs('createChannel', 'channel { id }', { name: 'Good' }, { ...badIds, ...badTexts('name', 100), ...badMarkdown('description') }),
  ...inputs('updateChannel', 'channel { id }', ({ channelId }) => ({ id: channelId }), {
    ...badTexts('name', 100), ...badMarkdown('description'), 'null name': [{ name: null }, 'input.name'], 'version ahead': [{ name: 'New', expectedVersion: 1_000_000 }, 'input.expectedVersion'],
  }),
  ...inputs('joinChannel', 'channel { id }', {}, { 'U+0000 in code': [{ code: nul }, '', 'NOT_FOUND'], 'empty code': [{ code: '' }, '', 'NOT_FOUND'] }),
  ...inputs('changeChannelMemberRole', 'channel { id }', ({ channelId, meId }) => ({ channelId, userId: meId }), { 'unknown enum': [{ role: 'KING' }, 'input.role'] }),
  ...inputs('markNotificationsRead', 'unreadCount', {}, {
    neither: [{}, 'input.ids'], both: [{ ids: [], all: true }, 'input.ids'], 'too many ids': [{ ids: Array.from({ length: 1_001 }, () => 'x') }, 'input.ids'], 'U+0000 in an id': [{ ids: [nul] }, '', 'data'],
  }),
  ...inputs('snoozeNotification', 'unreadCount', ({ missingId }) => ({ id: missingId, until: new Date(Date.now() + 60_000).toISOString() }), {
    'an instant that has passed': [{ until: '2020-01-01T00:00:00Z' }, 'input.until'], 'an instant in a thousand years': [{ until: '3026-01-01T00:00:00Z' }, 'input.until'],
    'no instant': [{ until: 'tomorrow' }, 'input.until'], 'U+0000 in the id': [{ id: nul }, '', 'NOT_FOUND'],
  }),
  ...inputs('archiveNotifications', 'unreadCount', {}, { 'too many ids': [{ ids: Array.from({ length: 1_001 }, () => 'x') }, 'input.ids'], 'U+0000 in an id': [{ ids: [nul] }, '', 'data'] }),
  ...inputs('updateNotificationSettings', 'settings { version }', {}, {
    'null digest': [{ digest: null }, 'input.digest'], 'unknown digest': [{ digest: 'WEEKLY' }, 'input.digest'],
    'unknown kind': [{ preferences: [{ kind: 'NOISE', methods: [] }] }, 'input.preferences[0].kind'], 'unknown method': [{ preferences: [{ kind: 'MENTIONED', methods: ['PIGEON'] }] }, 'input.preferences[0].methods[0]'],
    'a kind twice': [{ preferences: ['MENTIONED', 'MENTIONED'].map((kind) => ({ kind, methods: [] })) }, 'input.preferences.1.kind'],
    'U+0000 in a time': [{ quietHours: { from: nul, to: '07:00' } }, 'input.quietHours.from'], 'a time of 1 MB': [{ quietHours: { from: '22:00', to: megabyte } }, 'input.quietHours.to'],
    'a 25th hour': [{ quietHours: { from: '25:00', to: '07:00' } }, 'input.quietHours.from'], 'no length': [{ quietHours: { from: '07:00', to: '07:00' } }, 'input.quietHours.to'],
  }),
];
