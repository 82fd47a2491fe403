import { expect, test } from 'vitest';
import { checkMarkdown, checkText } from '../src/text.js';

const problem = (message: string) => expect.objectContaining({ code: 'BAD_USER_INPUT', details: { fields: [{ path: 'input.title', message }] } });
const title = (text: string) => checkText('input.title', text, { min: 1, max: 5 });

test('text comes back as it was, and its length is counted in characters', () => {
  for (const text of ['a', ' a ', '🌱🌱🌱🌱🌱', 'Žofie']) expect(title(text)).toBe(text);
});

test('text that is empty, blank or too long is BAD_USER_INPUT naming the path', () => {
  for (const text of ['', '   ', '\n\t']) expect(() => title(text)).toThrow(problem('must not be empty'));
  expect(() => title('abcdef')).toThrow(problem('must have at most 5 characters'));
  expect(() => checkText('input.title', 'ab', { min: 3, max: 5 })).toThrow(problem('must have at least 3 characters'));
  expect(checkText('input.title', '', { max: 5 })).toBe('');
});

test('what Postgres cannot store is refused before it gets there', () => {
  expect(() => title('a\u0000b')).toThrow(problem('must not contain U+0000'));
  for (const half of ['\ud83c', '\udf31', 'a\udf31\ud83c']) expect(() => title(half)).toThrow(problem('must be well-formed Unicode'));
});

test('markdown is measured in bytes', () => {
  expect(checkMarkdown('input.title', 'a'.repeat(65_536))).toHaveLength(65_536);
  expect(() => checkMarkdown('input.title', 'é'.repeat(32_769))).toThrow(problem('must have at most 64 KiB'));
});
