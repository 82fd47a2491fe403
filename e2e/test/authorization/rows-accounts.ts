// Accounts, sessions, API tokens, and what ADMIN does.
import type { Person } from '../client.js';
import { adminOnly, just, only, open, othersOnly, signedIn } from './cells.js';
import { mutation, query, type Row } from './row.js';
import { passwordOf, signInAgain, unique, type World } from './world.js';

/** Who asks is somebody new: what they do ends or changes their own account. */
const newcomer: Pick<Row, 'as'> = { as: async (world, me) => (me ? world.newcomer() : null) };
const once = just(signedIn(), 'anonymous', 'stranger');

const someone: Row['target'] = async (world) => {
  const person = await world.newcomer();
  return { personId: person.id, handle: person.handle };
};
const deactivated: Row['target'] = async (world) => {
  const person = await world.newcomer();
  await world.people.ADMIN.ok('mutation ($id: ID!) { deactivateUser(input: { userId: $id }) { user { active } } }', { id: person.id });
  return { personId: person.id };
};
const token = async (person: Person) => {
  const { createApiToken } = await person.ok('mutation { createApiToken(input: { name: "hush", scopes: [READ] }) { token { id } } }');
  return { tokenId: createApiToken.token.id as string };
};
const session = async (world: World, person: Person) => {
  const again = await signInAgain(world.url, person);
  const { sessions } = await again.ok('{ sessions { id current } }');
  return { sessionId: sessions.find((entry: { current: boolean }) => entry.current).id as string };
};

export const accountRows: Row[] = [
  mutation('register', 'user { id }', '', just(open(), 'anonymous', 'stranger', 'ADMIN'), () => ({ handle: `new-${unique()}`, email: `new-${unique()}@mail.example`, password: passwordOf('new') })),
  mutation('login', 'user { id }', '', just(open(), 'anonymous', 'stranger', 'ADMIN'), ({ handle }) => ({ login: handle, password: passwordOf(handle as string) }), { target: someone }),
  mutation('login', 'user { id }', 'with a wrong password', open('UNAUTHENTICATED'), ({ handle }) => ({ login: handle, password: 'a wrong password' }), {
    target: async (world) => ({ handle: (await world.newcomer()).handle }), own: true, uncompared: true,
  }),
  mutation('refreshSession', 'user { id }', 'with its refresh token', just(open(), 'anonymous', 'stranger', 'ADMIN'), ({ refreshToken }) => ({ refreshToken }), {
    own: true, target: async (world) => ({ refreshToken: ((await world.newcomer()) as Person & { refreshToken: string }).refreshToken }),
  }),
  mutation('requestPasswordReset', 'ok', '', just(open(), 'anonymous', 'stranger', 'ADMIN'), () => ({ email: `nobody-${unique()}@mail.example` })),
  mutation('resetPassword', 'user { id }', 'with a token that is none', open('BAD_USER_INPUT'), () => ({ token: 'x'.repeat(43), newPassword: 'another password' }), { uncompared: true }),
  mutation('verifyEmail', 'user { id }', 'with a token that is none', open('BAD_USER_INPUT'), () => ({ token: 'x'.repeat(43) }), { uncompared: true }),
  query('Query.me', 'me { id handle email emailVerified role }', '', signedIn()),
  query('Query.user', 'user(id: $personId) { id handle name bio avatarUrl timeZone role active createdAt version }', 'public profile, by id', signedIn(), { target: async (world) => ({ personId: world.people.OWNER.id }) }),
  query('Query.user', 'user(handle: $handle) { id name }', 'public profile, by handle', signedIn(), { target: async (world) => ({ handle: world.people.OWNER.handle }) }),
  query('Query.users', 'users(search: "owner") { nodes { id handle } }', 'public profiles', signedIn(), { at: 'users.nodes' }),
  query('Query.users', 'users(search: "owner@mail.example") { nodes { id handle } }', 'nobody is found by an address', signedIn('empty'), { at: 'users.nodes' }),
  query('Query.sessions', 'sessions { id ip userAgent current }', 'own ones only', signedIn()),
  query('Query.apiTokens', 'apiTokens { id name }', 'own ones only', signedIn('empty')),
  mutation('logout', 'ok', 'the own session', once, () => ({}), newcomer),
  mutation('changePassword', 'user { id }', 'the own one', once, (_target, me) => ({ currentPassword: passwordOf(me?.handle ?? ''), newPassword: 'another password' }), newcomer),
  mutation('requestEmailVerification', 'ok', 'of the own address', once, () => ({}), newcomer),
  mutation('changeEmail', 'user { id }', 'the own one', once, (_target, me) => ({ email: `moved-${unique()}@mail.example`, password: passwordOf(me?.handle ?? '') }), newcomer),
  mutation('updateProfile', 'user { id bio }', 'the own one', signedIn(), () => ({ bio: 'A word' })),
  mutation('setUserRole', 'user { id role }', '', adminOnly(), ({ personId }) => ({ userId: personId, role: 'MEMBER' }), { target: someone }),
  mutation('deactivateUser', 'user { id active }', 'somebody else', adminOnly(), ({ personId }) => ({ userId: personId }), { target: someone }),
  mutation('deactivateUser', 'user { id active }', 'oneself', once, (_target, me) => ({ userId: me?.id ?? '' }), newcomer),
  mutation('reactivateUser', 'user { id active }', '', adminOnly(), ({ personId }) => ({ userId: personId }), { target: deactivated }),
  query('Query.deadLetters', 'deadLetters { totalCount nodes { id queue name reason attempts failedAt payload } }', 'of every subgraph', adminOnly()),
  mutation('redriveDeadLetters', 'redriven', 'of a queue', adminOnly(), () => ({ queue: 'none' })),
  mutation('createApiToken', 'token { id }', 'to read and write', once, () => ({ name: 'Own', scopes: ['READ', 'WRITE'] }), newcomer),
  mutation('createApiToken', 'token { id }', 'with the scope ADMIN', adminOnly(), () => ({ name: 'Own', scopes: ['ADMIN'] })),
  mutation('revokeApiToken', 'id', 'of somebody else', othersOnly('NOT_FOUND'), ({ tokenId }) => ({ id: tokenId }), { target: (world) => token(world.spare[0]) }),
  mutation('revokeApiToken', 'id', 'the own one', just(signedIn(), 'stranger', 'ADMIN'), ({ tokenId }) => ({ id: tokenId }), { own: true, target: (_world, me) => token(me as Person) }),
  mutation('revokeSession', 'id', 'of somebody else', othersOnly('NOT_FOUND'), ({ sessionId }) => ({ id: sessionId }), { target: (world) => session(world, world.spare[0]) }),
  mutation('revokeSession', 'id', 'the own one', just(signedIn(), 'stranger', 'ADMIN'), ({ sessionId }) => ({ id: sessionId }), { own: true, target: (world, me) => session(world, me as Person) }),

  ...(['email', 'emailVerified', 'stats { total overdue asOf byStatus { pending } byPriority { count } }'] as const).map((field) => {
    const name = field.split(' ')[0] as string;
    return query(`User.${name}`, `user(id: $personId) { ${field} }`, 'of OWNER', { ...only('OWNER', 'null'), ADMIN: 'data' }, { at: `user.${name}`, target: async (world) => ({ personId: world.people.OWNER.id }) });
  }),
];
