import { expect, test } from 'vitest';
import { createCursorCodec } from '../src/cursor.js';

const codec = createCursorCodec('a secret', 'users');

test('a cursor gives back what it was made from, null and non-ASCII text included', () => {
  for (const parts of [[], ['ada'], [null, 3, 'Žofie 🌱'], ['2026-11-20T09:00:00.000Z', 'x'.repeat(500)]]) {
    expect(codec.decode(codec.encode(parts), 'after')).toEqual(parts);
  }
});

test('a cursor that was changed, cut, made up, or made for another list or under another secret is BAD_USER_INPUT naming the argument', () => {
  const cursor = codec.encode(['ada', 1]);
  const bytes = Buffer.from(cursor, 'base64url');
  const flipped = (at: number) => Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))).toString('base64url');
  const others = [createCursorCodec('a secret', 'tasks').encode(['ada', 1]), createCursorCodec('another', 'users').encode(['ada', 1])];
  for (const bad of [...bytes.map((_, index) => index)].map(flipped).concat(others, '', 'x', cursor.slice(0, -4), '[]', 'null', '💥')) {
    expect(() => codec.decode(bad, 'after')).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT', details: { fields: [{ path: 'after', message: expect.any(String) }] } }));
  }
});
