// Pages, cursors, filters, look-ups.
import { asked, type BadCase } from './case.js';
import { long, lone, nul } from './cases-texts.js';

/** Every list of the graph: how it is asked with `$first` and `$after`. */
const lists: [name: string, body: (args: string) => string][] = [
  ['users', (args) => `users(${args}) { nodes { id } }`],
  ['projects', (args) => `projects(${args}) { nodes { id } }`],
  ['tasks', (args) => `tasks(${args}) { nodes { id } }`],
  ['channels', (args) => `channels(${args}) { nodes { id } }`],
  ['notifications', (args) => `notifications(${args}) { nodes { id } }`],
  ['feed', (args) => `feed(${args}) { nodes { id } }`],
  ['taskChanges', (args) => `taskChanges(scope: { mine: true }, ${args}) { nodes { kind } }`],
  ['me.tasks', (args) => `me { tasks(${args}) { nodes { id } } }`],
  ['project.members', (args) => `projects { nodes { members(${args}) { nodes { userId } } } }`],
  ['project.tasks', (args) => `projects { nodes { tasks(${args}) { nodes { id } } } }`],
  ['channel.members', (args) => `channels { nodes { members(${args}) { nodes { userId } } } }`],
  ['channel.tasks', (args) => `channels { nodes { tasks(${args}) { nodes { id } } } }`],
  ['task.subtasks', (args) => `tasks { nodes { subtasks(${args}) { nodes { id } } } }`],
  ['task.comments', (args) => `tasks { nodes { comments(${args}) { nodes { id } } } }`],
  ['task.history', (args) => `tasks { nodes { history(${args}) { nodes { kind } } } }`],
];
const twoWay = ['tasks', 'me.tasks', 'project.tasks', 'channel.tasks'];

const pages: BadCase[] = lists.flatMap(([name, body]) => [
  ...[0, -1, 1_001, 1_000_000_000].map((first) => asked(`${name}: first ${first}`, '$first: Int', body('first: $first'), { first }, 'first')),
  ...[['forged', 'Zm9yZ2Vk'], ['empty', ''], ['with U+0000', nul], ['of 1 MB', long(1_000_000)], ['signed wrongly', 'eyJhIjoxfQ.c2lnbmF0dXJl']].map(([what, after]) =>
    asked(`${name}: cursor ${what}`, '$after: String', body('after: $after'), { after }, 'after')),
  ...(twoWay.includes(name)
    ? [
        asked(`${name}: both first and last`, '', body('first: 1, last: 1'), {}, 'last'),
        ...[0, -1, 1_001].map((last) => asked(`${name}: last ${last}`, '$last: Int', body('last: $last'), { last }, 'last')),
        asked(`${name}: forged before`, '', body('before: "Zm9yZ2Vk"'), {}, 'before'),
      ]
    : []),
]);

const filter = (name: string, value: object, path: string, code?: string): BadCase => asked(`tasks: filter, ${name}`, '$filter: TaskFilter', 'tasks(filter: $filter) { nodes { id } }', { filter: value }, path, code);
const deep = (depth: number): object => (depth === 0 ? { personal: true } : { not: deep(depth - 1) });
const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `x${index}`);

const filters: BadCase[] = [
  filter('empty text', { text: '' }, 'filter.text'),
  filter('text of 1001 characters', { text: long(1_001) }, 'filter.text'),
  filter('U+0000 in text', { text: nul }, 'filter.text'),
  filter('lone surrogate in text', { text: lone }, 'filter.text'),
  filter('U+0000 in title', { title: { contains: nul } }, 'filter.title.contains'),
  filter('lone surrogate in title', { title: { eq: lone } }, 'filter.title.eq'),
  filter('U+0000 in label', { label: { startsWith: nul } }, 'filter.label.startsWith'),
  filter('U+0000 in an id: matches nothing', { id: { eq: nul } }, '', 'data'),
  filter('an id that is none: matches nothing', { projectId: { in: ['x'] } }, '', 'data'),
  filter('1001 ids', { id: { in: many(1_001) } }, 'filter.id.in'),
  filter('too deep', deep(6), 'filter.not.not.not.not.not.not'),
  filter('far too deep', deep(60), 'filter.not.not.not.not.not.not'),
  filter('too many conditions', { or: Array.from({ length: 501 }, () => ({ personal: true })) }, 'filter'),
  filter('no duration', { dueAt: { within: 'a week' } }, 'filter.dueAt.within'),
  filter('no instant', { dueAt: { gt: 'tomorrow' } }, 'filter.dueAt.gt'),
  filter('unknown enum', { status: { eq: 'DONE' } }, 'filter.status.eq'),
  filter('wrong type', { priority: { eq: 'high' } }, 'filter.priority.eq'),
  filter('unknown field', { colour: 'red' }, 'filter'),
  filter('inside and', { and: [{ text: nul }] }, 'filter.and.0.text'),
];

const sorts: BadCase[] = [
  asked('tasks: sort by what is no field', '$sort: [TaskSort!]', 'tasks(sort: $sort) { nodes { id } }', { sort: [{ field: 'COLOUR' }] }, 'sort[0].field'),
  asked('tasks: sort by ten keys', '$sort: [TaskSort!]', 'tasks(sort: $sort) { nodes { id } }', { sort: Array.from({ length: 10 }, () => ({ field: 'TITLE' })) }, 'sort'),
];

const lookUps: BadCase[] = [
  asked('task: neither id nor ref', '', 'task { id }', {}, 'id'),
  asked('task: both id and ref', '$id: ID', 'task(id: $id, ref: "WEB-1") { id }', ({ taskId }) => ({ id: taskId }), 'id'),
  asked('project: neither id nor key', '', 'project { id }', {}, 'id'),
  asked('channel: neither id nor code', '', 'channel { id }', {}, 'id'),
  asked('user: neither id nor handle', '', 'user { id }', {}, 'id'),
  ...([['task', 'id'], ['task', 'ref'], ['project', 'id'], ['project', 'key'], ['channel', 'id'], ['channel', 'code'], ['user', 'id'], ['user', 'handle']] as const).flatMap(([field, argument]) =>
    [['U+0000', nul], ['a lone surrogate', lone], ['nothing', ''], ['1 MB', long(1_000_000)]].map(([what, value]) =>
      asked(`${field}: ${what} as ${argument}`, `$value: ${argument === 'id' ? 'ID' : 'String'}`, `${field}(${argument}: $value) { id }`, { value }, '', 'null'))),
  asked('taskImport: U+0000 as id', '$id: ID!', 'taskImport(id: $id) { id }', { id: nul }, '', 'null'),
  asked('taskTemplates: U+0000 as project', '$id: ID', 'taskTemplates(projectId: $id) { id }', { id: nul }, '', 'null'),
  ...[['projects', 'projects'], ['users', 'users']].flatMap(([name, field]) => [
    asked(`${name}: U+0000 in search`, '$search: String', `${field}(search: $search) { nodes { id } }`, { search: nul }, 'search'),
    asked(`${name}: lone surrogate in search`, '$search: String', `${field}(search: $search) { nodes { id } }`, { search: lone }, 'search'),
    asked(`${name}: 1 MB in search`, '$search: String', `${field}(search: $search) { nodes { id } }`, { search: long(1_000_000) }, 'search'),
  ]),
  asked('taskChanges: no scope', '', 'taskChanges(scope: {}) { head }', {}, 'scope'),
  asked('taskChanges: two scopes', '$id: ID', 'taskChanges(scope: { projectId: $id, mine: true }) { head }', ({ projectId }) => ({ id: projectId }), 'scope'),
  asked('taskChanges: mine: false', '', 'taskChanges(scope: { mine: false }) { head }', {}, 'scope'),
  asked('taskChanges: U+0000 as scope', '$id: ID', 'taskChanges(scope: { taskId: $id }) { head }', { id: nul }, '', 'NOT_FOUND'),
  asked('taskChanges: forged until', '', 'taskChanges(scope: { mine: true }, until: "forged") { head }', {}, 'until'),
  asked('recurrence.next: first 0', '$id: ID', 'task(id: $id) { recurrence { next(first: 0) } }', ({ datedId }) => ({ id: datedId }), 'first'),
  asked('recurrence.next: first 10^9', '$id: ID', 'task(id: $id) { recurrence { next(first: 1000000000) } }', ({ datedId }) => ({ id: datedId }), 'first'),
];

/** Written into the document it is a document that cannot be run, as with the scalars of GraphQL itself. */
const inText: BadCase[] = [
  ['a date', 'mutation { createTask(input: { title: "Bad", dueAt: "tomorrow" }) { task { id } } }', 'input.dueAt'],
  ['a number as date', 'mutation { createTask(input: { title: "Bad", dueAt: 7 }) { task { id } } }', 'input.dueAt'],
  ['an address', 'mutation { register(input: { handle: "somebody", password: "a good password", email: "nobody" }) { user { id } } }', 'input.email'],
  ['a duration', '{ tasks(filter: { dueAt: { within: "a week" } }) { nodes { id } } }', 'filter.dueAt.within'],
  ['a link', 'mutation { updateProfile(input: { avatarUrl: "picture.png" }) { user { id } } }', 'input.avatarUrl'],
].map(([what = '', document = '', path = '']) => ({ name: `written into the document: ${what}`, document, path, code: 'GRAPHQL_VALIDATION_FAILED', variables: () => ({}) }));

/** A variable for one value deep inside. */
const alone: BadCase[] = [
  ['DateTime', 'mutation ($value: DateTime) { createTask(input: { title: "Bad", dueAt: $value }) { task { id } } }', 'tomorrow'],
  ['TaskStatus', 'mutation ($value: TaskStatus) { createTask(input: { title: "Bad", status: $value }) { task { id } } }', 'DONE'],
  ['Duration', 'query ($value: Duration) { tasks(filter: { dueAt: { within: $value } }) { nodes { id } } }', 'a week'],
].map(([type = '', document = '', value = '']) => ({ name: `a variable of type ${type}`, document, path: 'value', code: 'BAD_USER_INPUT', variables: () => ({ value }) }));

export const queryCases: BadCase[] = [...inText, ...alone, ...pages, ...filters, ...sorts, ...lookUps];
