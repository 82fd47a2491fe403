// Tasks and what hangs on them.
import { inputs, type BadCase } from './case.js';
import { badIds, badMarkdown, badTexts, long, nul } from './cases-texts.js';

const dates: Record<string, [object, string]> = {
  'due before start': [{ startAt: '2029-01-02T00:00:00Z', dueAt: '2029-01-01T00:00:00Z' }, 'input.dueAt'],
  'no instant': [{ dueAt: 'tomorrow' }, 'input.dueAt'],
  'date without time': [{ dueAt: '2029-01-01' }, 'input.dueAt'],
  'day that does not exist': [{ dueAt: '2029-02-30T00:00:00Z' }, 'input.dueAt'],
  'number as date': [{ dueAt: 1_700_000_000 }, 'input.dueAt'],
  'year of six digits': [{ dueAt: '+275760-09-13T00:00:00Z' }, 'input.dueAt'],
};
const numbers: Record<string, [object, string]> = {
  'priority 0': [{ priority: 0 }, 'input.priority'], 'priority 11': [{ priority: 11 }, 'input.priority'], 'priority -1': [{ priority: -1 }, 'input.priority'],
  'priority 1.5': [{ priority: 1.5 }, 'input.priority'], 'priority as text': [{ priority: '3' }, 'input.priority'], 'priority beyond 32 bits': [{ priority: 2 ** 40 }, 'input.priority'],
};
const recurrences: Record<string, [object, string]> = {
  'rule that is none': [{ recurrence: { rule: 'every day', timeZone: 'UTC' } }, 'input.recurrence.rule'],
  'empty rule': [{ recurrence: { rule: '', timeZone: 'UTC' } }, 'input.recurrence.rule'],
  'rule with a wrong part': [{ recurrence: { rule: 'FREQ=DAILY;BYMONTH=13', timeZone: 'UTC' } }, 'input.recurrence.rule'],
  'rule of 1 MB': [{ recurrence: { rule: `FREQ=DAILY;X=${long(1_000_000)}`, timeZone: 'UTC' } }, 'input.recurrence.rule'],
  'U+0000 in the rule': [{ recurrence: { rule: `FREQ=DAILY${nul}`, timeZone: 'UTC' } }, 'input.recurrence.rule'],
  'unknown time zone': [{ recurrence: { rule: 'FREQ=DAILY', timeZone: 'Mars/Olympus' } }, 'input.recurrence.timeZone'],
};
const people: Record<string, [(ids: { missingId: string }) => object, string]> = {
  'assignee who does not exist': [({ missingId }) => ({ assigneeIds: [missingId] }), 'input.assigneeIds'],
  'assignee that is no id': [() => ({ assigneeIds: [nul] }), 'input.assigneeIds'],
  'label that does not exist': [({ missingId }) => ({ labelIds: [missingId] }), 'input.labelIds'],
  'label that is no id': [() => ({ labelIds: ['red'] }), 'input.labelIds'],
  'parent that does not exist': [({ missingId }) => ({ parentId: missingId }), 'input.parentId'],
  'parent that is no id': [() => ({ parentId: nul }), 'input.parentId'],
};
const status: Record<string, [object, string]> = { 'unknown enum': [{ status: 'DONE' }, 'input.status'], 'enum in lower case': [{ status: 'pending' }, 'input.status'] };

export const taskCases: BadCase[] = [
  ...inputs('createTask', 'task { id }', ({ projectId }) => ({ projectId, title: 'Bad' }), {
    ...badIds, ...badTexts('title', 255), ...badMarkdown('description'), ...dates, ...numbers, ...recurrences, ...people, ...status,
    'two places': [({ channelId }) => ({ channelId }), 'input.channelId'],
    'project that is no id': [{ projectId: nul }, '', 'NOT_FOUND'],
    'channel that is no id': [{ projectId: null, channelId: nul }, '', 'NOT_FOUND'],
    'project one may only read': [({ readOnlyId }) => ({ projectId: readOnlyId }), '', 'FORBIDDEN'],
    'null in a list': [{ assigneeIds: [null] }, 'input.assigneeIds[0]'],
    'no title': [{ title: null }, 'input.title'],
  }),
  ...inputs('updateTask', 'task { id }', ({ taskId }) => ({ id: taskId }), {
    ...badTexts('title', 255), ...badMarkdown('description'), ...dates, ...numbers, ...recurrences, ...people, ...status,
    'null title': [{ title: null }, 'input.title'], 'null status': [{ status: null }, 'input.status'], 'null priority': [{ priority: null }, 'input.priority'],
    'due before the start it has': [({ datedId }) => ({ id: datedId, dueAt: '2028-01-01T00:00:00Z' }), 'input.dueAt'],
    'start behind the due date it has': [({ datedId }) => ({ id: datedId, startAt: '2031-01-01T00:00:00Z' }), 'input.dueAt'],
    'a task in the trash': [({ trashedId }) => ({ id: trashedId, title: 'New' }), '', 'CONFLICT'],
    'version 0': [{ title: 'New', expectedVersion: 0 }, 'input.expectedVersion'], 'version ahead': [{ title: 'New', expectedVersion: 1_000_000 }, 'input.expectedVersion'],
    'id that is no UUID': [{ id: nul, title: 'New' }, '', 'NOT_FOUND'],
  }),
  ...inputs('completeTask', 'task { id }', ({ trashedId }) => ({ id: trashedId }), { 'a task in the trash': [{}, '', 'CONFLICT'], 'U+0000 in id': [{ id: nul }, '', 'NOT_FOUND'] }),
  ...inputs('assignTask', 'task { id }', ({ taskId }) => ({ id: taskId }), {
    'somebody who does not exist': [({ missingId }) => ({ add: [missingId] }), 'input.add'], 'no id': [{ add: [nul] }, 'input.add'], 'a task in the trash': [({ trashedId, meId }) => ({ id: trashedId, add: [meId] }), '', 'CONFLICT'],
  }),
  ...inputs('moveTask', 'task { id }', ({ taskId }) => ({ id: taskId }), {
    'into a project one may only read': [({ readOnlyId }) => ({ projectId: readOnlyId }), '', 'FORBIDDEN'],
    'into a project one cannot see': [({ hiddenId }) => ({ projectId: hiddenId }), '', 'NOT_FOUND'],
    'two places': [({ projectId, channelId }) => ({ projectId, channelId }), 'input.projectId'],
    'behind itself': [({ taskId }) => ({ after: taskId }), 'input.after'],
    'behind what does not exist': [({ missingId }) => ({ after: missingId }), 'input.after'],
    'before what is no id': [{ before: nul }, 'input.before'],
    'a task in the trash': [({ trashedId }) => ({ id: trashedId, personal: true }), '', 'CONFLICT'],
    ...status,
  }),
  ...inputs('bulkUpdateTasks', 'succeeded', ({ taskId }) => ({ items: [{ id: taskId }], patch: { priority: 3 } }), {
    'no items': [{ items: [] }, 'input.items'],
    '501 items': [({ missingId }) => ({ items: Array.from({ length: 501 }, (_, index) => ({ id: missingId.slice(0, -3) + index.toString(16).padStart(3, '0') })) }), 'input.items'],
    'a task twice': [({ taskId }) => ({ items: [{ id: taskId }, { id: taskId }] }), 'input.items'],
    'priority 11': [{ patch: { priority: 11 } }, 'input.patch.priority'],
    'null priority': [{ patch: { priority: null } }, 'input.patch.priority'],
    'delete and more': [{ patch: { delete: true, priority: 1 } }, 'input.patch.delete'],
    'no instant': [{ patch: { dueAt: 'tomorrow' } }, 'input.patch.dueAt'],
    'unknown enum': [{ patch: { status: 'DONE' } }, 'input.patch.status'],
  }),
  ...inputs('undo', 'cursor', {}, { 'U+0000': [{ token: nul }, 'input.token'], empty: [{ token: '' }, 'input.token'], forged: [{ token: long(80) }, 'input.token'] }),
  ...inputs('addTaskDependency', 'cursor', ({ taskId }) => ({ taskId }), {
    'on itself': [({ taskId }) => ({ blockedById: taskId }), 'input.blockedById'], 'on what is no id': [{ blockedById: nul }, '', 'NOT_FOUND'], 'on a task in the trash': [({ trashedId }) => ({ blockedById: trashedId }), '', 'CONFLICT'],
  }),
  ...inputs('addComment', 'comment { id }', ({ taskId }) => ({ taskId, body: 'Good' }), {
    ...badIds, ...badMarkdown('body'), 'empty body': [{ body: '' }, 'input.body'], 'blank body': [{ body: '  \n' }, 'input.body'], 'a task in the trash': [({ trashedId }) => ({ taskId: trashedId }), '', 'CONFLICT'], 'U+0000 in taskId': [{ taskId: nul }, '', 'NOT_FOUND'],
  }),
  ...inputs('updateComment', 'comment { id }', ({ commentId }) => ({ id: commentId, body: 'Good' }), {
    ...badMarkdown('body'), 'empty body': [{ body: '' }, 'input.body'], 'version 0': [{ expectedVersion: 0 }, 'input.expectedVersion'], 'version ahead': [{ expectedVersion: 9 }, 'input.expectedVersion'], 'U+0000 in id': [{ id: nul }, '', 'NOT_FOUND'],
  }),
  ...inputs('deleteComment', 'id', {}, { 'no id': [{ id: nul }, '', 'NOT_FOUND'] }),
  ...inputs('createLabel', 'label { id }', ({ projectId }) => ({ projectId, name: 'good' }), {
    ...badTexts('name', 64), 'space around': [{ name: ' red' }, 'input.name'], 'no colour': [{ color: 'red' }, 'input.color'], 'U+0000 in colour': [{ color: nul }, 'input.color'],
  }),
  ...inputs('updateLabel', 'label { id }', ({ labelId }) => ({ id: labelId }), { ...badTexts('name', 64), 'null name': [{ name: null }, 'input.name'], 'no colour': [{ color: '#12' }, 'input.color'] }),
  ...inputs('saveTaskTemplate', 'template { id }', { name: 'Good', tasks: [{ title: 'One' }] }, {
    ...badIds, ...badTexts('name', 100),
    'neither tasks nor fromTaskId': [{ tasks: null }, 'input.tasks'], 'both': [({ taskId }) => ({ fromTaskId: taskId }), 'input.tasks'],
    'no list': [{ tasks: 'One' }, 'input.tasks'], 'empty list': [{ tasks: [] }, 'input.tasks'], 'U+0000 inside': [{ tasks: [{ title: nul }] }, 'input.tasks.0.title'], 'empty title inside': [{ tasks: [{ title: '' }] }, 'input.tasks.0.title'],
    'wrong type inside': [{ tasks: [{ title: 'One', priority: 'high' }] }, 'input.tasks.0.priority'], 'wrong rule inside': [{ tasks: [{ title: 'One', recurrence: { rule: 'x', timeZone: 'UTC' } }] }, 'input.tasks.0.recurrence'],
  }),
  ...inputs('createTasksFromTemplate', 'cursor', {}, { 'U+0000 in id': [{ templateId: nul }, '', 'NOT_FOUND'] }),
  ...inputs('startTaskImport', 'taskImport { id }', ({ projectId }) => ({ projectId, format: 'CSV' }), {
    ...badIds, 'no place': [{ projectId: null }, 'input.projectId'], 'two places': [{ personal: true }, 'input.projectId'], 'unknown enum': [{ format: 'XML' }, 'input.format'],
    'mapping that is no object': [{ mapping: 'title' }, 'input.mapping'], 'mapping of unknown fields': [{ mapping: { colour: 'A' } }, 'input.mapping.colour'], 'mapping to a number': [{ mapping: { title: 7 } }, 'input.mapping.title'],
  }),
  ...inputs('cancelTaskImport', 'taskImport { id }', {}, { 'U+0000 in id': [{ id: nul }, '', 'NOT_FOUND'] }),
  ...inputs('exportTasks', 'url', { format: 'JSON' }, { 'U+0000 in filter': [{ filter: { text: nul } }, 'input.filter.text'], 'empty text': [{ filter: { text: '' } }, 'input.filter.text'], 'unknown enum': [{ format: 'PDF' }, 'input.format'] }),
];
