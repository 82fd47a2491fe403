import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { FileRow } from '../src/imports/file-row.js';
import { inspectFile, readRows } from '../src/imports/read-file.js';
import { guardCell } from '../src/exports/csv.js';
import { columnsOf } from '../src/imports/read-file.js';
import { readRow } from '../src/imports/row-values.js';
import type { Mapping } from '../src/imports/columns.js';

const directory = mkdtempSync(join(tmpdir(), 'taskgraph-files-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const running = new AbortController().signal;
let files = 0;

async function read(content: string | Buffer, format: 'CSV' | 'JSON' = 'CSV', mapping: Mapping | null = null) {
  const path = join(directory, String((files += 1)));
  writeFileSync(path, content);
  const { layout, totalRows } = await inspectFile(path, { format, mapping }, running);
  const rows: FileRow[] = [];
  for await (const row of readRows(path, layout)) rows.push(row);
  expect(rows).toHaveLength(totalRows);
  return { layout, rows, parsed: rows.map((row) => row.values && readRow(row.values, columnsOf(row, layout, mapping), format === 'CSV')) };
}

const titles = async (content: string | Buffer, format: 'CSV' | 'JSON' = 'CSV') => (await read(content, format)).parsed.map((row) => (row && 'title' in row ? row.title : row));

describe('CSV', () => {
  test.each([
    ['commas', 'title,due\n"a, b",2026-11-20\n', ','],
    ['semicolons', 'title;due\na, b;2026-11-20\n', ';'],
    ['tabs', 'title\tdue\na, b\t2026-11-20\n', '\t'],
    ['semicolons beside commas inside quotes', '"title";"due, or not, or never"\n"a, b";2026-11-20\n', ';'],
    ['Windows line ends', 'title,due\r\n"a, b",2026-11-20\r\n', ','],
    ['old line ends', 'title,due\r"a, b",2026-11-20\r', ','],
    ['no last line end', 'title,due\n"a, b",2026-11-20', ','],
    ['empty lines', '\n\ntitle,due\n\n"a, b",2026-11-20\n\n', ','],
  ])('reads %s', async (_title, content, delimiter) => {
    const { layout, parsed } = await read(content);
    expect(layout.delimiter).toBe(delimiter);
    expect(parsed).toMatchObject([{ title: 'a, b' }]);
  });

  test('reads UTF-8 with and without a byte order mark, both kinds of UTF-16, and Windows-1252', async () => {
    const text = 'title,notes\nGrüße 👋,x\n';
    const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
    for (const content of [text, `\ufeff${text}`, utf16, Buffer.from(utf16).swap16()]) expect(await titles(content)).toEqual(['Grüße 👋']);
    expect(await titles(Buffer.from('title\nGr\xfc\xdfe \x80\n', 'latin1'))).toEqual(['Grüße €']);
  });

  test('tells the line on which a row starts, and keeps line ends inside of quotes', async () => {
    const { rows, parsed } = await read('title,description\r\n\r\na,"one\r\ntwo"\r\nb,\r\n');
    expect(rows.map((row) => row.line)).toEqual([3, 5]);
    expect(parsed).toMatchObject([{ description: 'one\ntwo' }, { description: null }]);
  });

  test('goes on behind a row whose quote does not end, and that row is told by its line', async () => {
    const { rows } = await read(`title,priority\nbefore,1\n"broken,2\n${'after,3\n'.repeat(3)}`);
    expect(rows.map((row) => [row.line, row.values?.['title'] ?? row.problem])).toEqual([
      [2, 'before'], [3, expect.stringContaining('does not end')], [4, 'after'], [5, 'after'], [6, 'after'],
    ]);
  });

  test('a row longer than 256 KiB is a bad row', async () => {
    const { rows } = await read(`title\nbefore\n"${'x'.repeat(300_000)}"\nafter\n`);
    expect(rows.map((row) => row.values?.['title'] ?? 'bad')).toEqual(['before', 'bad', 'after']);
  });

  test('a cell that was guarded against formulas comes back as it was', async () => {
    const texts = ['=1+1', '+1', '-1', '@x', "'=1", "it's", "'quoted'"];
    expect(texts.map(guardCell).slice(0, 4)).toEqual(["'=1+1", "'+1", "'-1", "'@x"]);
    expect(await titles(`title\n${texts.map((text) => `"${guardCell(text)}"`).join('\n')}\n`)).toEqual(texts);
  });

  test('columns are found by name in many spellings, and a mapping goes first', async () => {
    const { layout } = await read('Summary,Due Date,due,PRIO,Assigned to,Tags,Start_At,nothing\na,,,,,,,\n');
    expect({ ...layout.columns }).toEqual({ 'Summary': 'title', 'Due Date': 'due', 'due': null, 'PRIO': 'priority', 'Assigned to': 'assignees', 'Tags': 'labels', 'Start_At': 'start', 'nothing': null });
    const mapped = await read('Titel,title,Fällig\na,b,2026-01-31\n', 'CSV', { 'titel': 'title', 'FÄLLIG': 'due' });
    expect(mapped.parsed).toMatchObject([{ title: 'a', dueAt: new Date('2026-01-31T23:59:59Z') }]);
    await expect(read('a,b\n1,2\n')).rejects.toThrow('No column holds the title');
    await expect(read('title\n1\n', 'CSV', { Due: 'due' })).rejects.toThrow('does not have: Due');
    await expect(read('\n\n')).rejects.toThrow('no rows');
  });
});

describe('JSON', () => {
  test('reads an array however it is laid out, and one object per line', async () => {
    const objects = [{ title: 'a "}{" \\ b' }, { title: 'c', labels: ['x', { name: 'y' }], parent: { id: 'p', title: 't' } }];
    for (const text of [JSON.stringify(objects), JSON.stringify(objects, null, 2), `\ufeff${objects.map((one) => JSON.stringify(one)).join('\n')}\n`]) {
      const { parsed } = await read(text, 'JSON');
      expect(parsed).toMatchObject([{ title: 'a "}{" \\ b' }, { title: 'c', labels: ['x', 'y'], parent: 't' }]);
    }
  });

  test('pieces of the file may end anywhere', async () => {
    const objects = Array.from({ length: 3_000 }, (_, index) => ({ title: `task "${index}"`, description: 'é\\"'.repeat(40) }));
    expect(await titles(JSON.stringify(objects), 'JSON')).toEqual(objects.map((one) => one.title));
  });

  test('what is no object is a bad row, and the rest goes on', async () => {
    const { rows } = await read('[\n{"title":"a"},\n5,\n"text, with ] and }",\n{"title": broken},\nnull,\n{"title":"b"}\n]', 'JSON');
    expect(rows.map((row) => [row.line, row.values?.['title'] ?? row.problem])).toEqual([
      [2, 'a'], [3, 'must be an object'], [4, 'must be an object'], [5, 'is not valid JSON'], [6, 'must be an object'], [7, 'b'],
    ]);
    const lines = await read('{"title":"a"}\n{"title":"b\n{"title":"c"}\n{"title":"d"', 'JSON');
    expect(lines.rows.map((row) => [row.line, row.values?.['title'] ?? row.problem])).toEqual([
      [1, 'a'], [2, 'is not valid JSON'], [3, 'c'], [4, 'is not complete: the file ends here'],
    ]);
  });

  test('members that would be those of every object are nothing special', async () => {
    const { rows } = await read('[{"__proto__":{"title":"x"},"constructor":"y"}]', 'JSON');
    expect(rows[0]?.values).toMatchObject({ constructor: 'y' });
    expect(({} as { title?: string }).title).toBeUndefined();
  });

  test('a text that begins like a formula stays as it is', async () => {
    expect(await titles('[{"title":"\'=1"}]', 'JSON')).toEqual(["'=1"]);
  });
});

describe('values of a row', () => {
  test.each([
    ['status', 'In Progress', { status: 'IN_PROGRESS' }],
    ['status', 'DONE', { status: 'COMPLETED' }],
    ['status', 'CANCELLED', { status: 'CANCELLED' }],
    ['priority', 'P2', { priority: 2 }],
    ['priority', 'High', { priority: 3 }],
    ['priority', '', { priority: 5 }],
    ['due', '2026-11-20T09:00:00+02:00', { dueAt: new Date('2026-11-20T07:00:00Z') }],
    ['due', '2026-11-20 09:00', { dueAt: new Date('2026-11-20T09:00:00Z') }],
    ['start', '2026-11-20', { startAt: new Date('2026-11-20T00:00:00Z') }],
    ['assignees', '"@ada, bob;eve@example.org ada"', { assignees: ['ada', 'bob', 'eve@example.org'] }],
    ['labels', '"red, dark blue;x"', { labels: ['red', 'dark blue', 'x'] }],
    ['labels', '"red, dark\nblue\n"', { labels: ['red, dark', 'blue'] }],
  ])('%s: %s', async (field, value, expected) => {
    expect((await read(`title,${field}\nt,${value}\n`)).parsed).toMatchObject([expected]);
  });

  test.each([
    ['status', 'unknown', 'sleeping'], ['priority', 'too high', '0'], ['priority', 'too low', '11'], ['priority', 'no whole number', '1.5'], ['due', 'no date', 'tomorrow'],
    ['due', 'no day of that month', '2026-02-30'], ['due', 'in another order', '20.11.2026'], ['title', 'empty', ''], ['title', 'too long', 'x'.repeat(256)],
    ['title', 'with U+0000', 'a\u0000b'], ['description', 'too long', 'é'.repeat(40_000)],
  ])('%s: what is %s is refused with its column', async (field, _what, value) => {
    const [row] = (await read(field === 'title' ? `title,x\n${value},1\n` : `title,${field}\nt,${value}\n`)).parsed;
    expect(row).toEqual([{ column: field, reason: expect.stringMatching(/^must/) }]);
  });

  test('all problems of a row are found together', async () => {
    const [row] = (await read('title,priority,start,due\n,99,2026-12-02,2026-12-01\n')).parsed;
    expect(row).toMatchObject([{ column: 'title' }, { column: 'priority' }, { column: 'due' }]);
  });
});
