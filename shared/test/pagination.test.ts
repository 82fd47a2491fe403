import { expect, test } from 'vitest';
import { createCursorCodec } from '../src/cursor.js';
import { readPageArguments, readTwoWayPageArguments, toConnection, toTwoWayConnection, type TwoWayPageArguments } from '../src/pagination.js';

const codec = createCursorCodec('a secret', 'letters');
const limits = { defaultSize: 3, maxSize: 5 };
const letters = [...'abcdefgh'];

/** Pages over the letters, as a keyset query makes them. */
function page(args: { first?: number | null; after?: string | null }) {
  const request = readPageArguments(args, limits, codec);
  const rest = request.after ? letters.filter((letter) => letter > String(request.after?.[0])) : letters;
  return toConnection(rest.slice(0, request.size + 1), request, codec, (letter) => [letter], async () => letters.length);
}

test('pages follow each other without loss or repetition', () => {
  const found: string[] = [];
  let after: string | null = null;
  do {
    const { nodes, pageInfo }: ReturnType<typeof page> = page({ after });
    found.push(...nodes);
    expect(pageInfo.hasPreviousPage).toBe(after !== null);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after);
  expect(found).toEqual(letters);
});

test('a page that ends with the list has no next one', () => {
  const first = page({ first: 4 });
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, startCursor: first.edges[0]?.cursor, endCursor: first.edges[3]?.cursor });
  expect(page({ first: 4, after: first.pageInfo.endCursor }).pageInfo.hasNextPage).toBe(false);
});

test('an empty page has no cursors', () => {
  expect(page({ after: codec.encode(['z']) })).toMatchObject({ nodes: [], edges: [], pageInfo: { hasNextPage: false, startCursor: null, endCursor: null } });
});

test('without `first` the default holds, never above the maximum', () => {
  expect(readPageArguments({}, limits, codec).size).toBe(3);
  expect(readPageArguments({ first: null }, { defaultSize: 100, maxSize: 10 }, codec).size).toBe(10);
});

test('a size outside 1 to the maximum is BAD_USER_INPUT naming `first`', () => {
  for (const first of [0, -1, 6, 1.5, Number.NaN]) {
    expect(() => readPageArguments({ first }, limits, codec)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT', details: { fields: [{ path: 'first', message: 'must lie between 1 and 5' }] } }));
  }
});

/** Pages over the letters in both directions. */
function twoWay(args: TwoWayPageArguments) {
  const request = readTwoWayPageArguments(args, limits, codec.decode);
  const between = letters.filter((letter) => (!request.after || letter > String(request.after[0])) && (!request.before || letter < String(request.before[0])));
  const rows = request.backward ? between.slice(-request.size - 1) : between.slice(0, request.size + 1);
  return toTwoWayConnection(rows, request, (letter) => codec.encode([letter]), async () => letters.length);
}

test('backward pages hold the same order and follow each other to the beginning', () => {
  const found: string[] = [];
  let before: string | null = null;
  do {
    const { nodes, pageInfo }: ReturnType<typeof twoWay> = twoWay({ last: 3, before });
    found.unshift(...nodes);
    expect(pageInfo.hasNextPage).toBe(before !== null);
    before = pageInfo.hasPreviousPage ? pageInfo.startCursor : null;
  } while (before);
  expect(found).toEqual(letters);
});

test('a page between two cursors is its first or its last rows', () => {
  const bounds = { after: codec.encode(['b']), before: codec.encode(['g']) };
  expect(twoWay({ first: 2, ...bounds }).nodes).toEqual(['c', 'd']);
  expect(twoWay({ last: 2, ...bounds }).nodes).toEqual(['e', 'f']);
  expect(twoWay({ before: bounds.before }).nodes).toEqual(['d', 'e', 'f']);
});

test('first and last together, and a bad last, are BAD_USER_INPUT naming `last`', () => {
  for (const args of [{ first: 1, last: 1 }, { last: 0 }, { last: -1 }, { last: 6 }]) {
    expect(() => readTwoWayPageArguments(args, limits, codec.decode)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT', details: { fields: [expect.objectContaining({ path: 'last' })] } }));
  }
});
