// Checks on text that people type, before it meets the database.
import { badInput } from './errors.js';

/** Postgres cannot store U+0000, and a lone surrogate is not text in any encoding. */
export function checkText(path: string, text: string, { min = 0, max }: { min?: number; max: number }): string {
  if (text.includes('\u0000')) throw badInput(path, 'must not contain U+0000');
  if (!text.isWellFormed()) throw badInput(path, 'must be well-formed Unicode');
  const length = [...text].length;
  if (length < min || (min > 0 && text.trim() === '')) throw badInput(path, min === 1 ? 'must not be empty' : `must have at least ${min} characters`);
  if (length > max) throw badInput(path, `must have at most ${max} characters`);
  return text;
}

/** Longest markdown text, in bytes of UTF-8. */
const markdownBytes = 65_536;

export function checkMarkdown(path: string, text: string): string {
  checkText(path, text, { max: markdownBytes });
  if (Buffer.byteLength(text) > markdownBytes) throw badInput(path, 'must have at most 64 KiB');
  return text;
}
