// docs/rules.md is what code and tests cite as "RULES §n": no citation leads nowhere, no section is without a test.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const repository = resolve(import.meta.dirname, '..', '..');
const generatedOrForeign = new Set(['node_modules', 'dist', '.git', '.turbo', '.data', 'generated']);

function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (generatedOrForeign.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (/\.(ts|mjs|md|graphql|yml)$/.test(entry.name)) yield path;
  }
}
const files = [...filesIn(repository)].map((path) => ({ path: path.slice(repository.length + 1), text: readFileSync(path, 'utf8') }));
const sections = [...readFileSync(join(repository, 'docs', 'rules.md'), 'utf8').matchAll(/^## (\d+)\. /gm)].map((match) => Number(match[1]));

/** "RULES §1", "RULES §1, §7" and "RULES §1 and §7". */
const cited = (text: string): number[] =>
  [...text.matchAll(/RULES((?:,? (?:and )?§\d+)+)/g)].flatMap((match) => [...(match[1] as string).matchAll(/§(\d+)/g)].map((number) => Number(number[1])));

test('the sections of the rules are numbered without a gap', () => {
  expect(sections).toEqual(sections.map((_, index) => index + 1));
  expect(sections.length).toBeGreaterThanOrEqual(10);
});

test('every section that is cited exists', () => {
  const citations = files.flatMap(({ path, text }) => cited(text).map((section) => ({ path, section })));
  expect(citations.length).toBeGreaterThan(100);
  expect(citations.filter(({ section }) => !sections.includes(section))).toEqual([]);
});

test('every section has a test that names it in its title', () => {
  const title = /\b(?:test|step|describe)(?:\.\w+(?:\([^)\n]*\))?)?\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g;
  const named = new Set(files.filter(({ path }) => path.endsWith('.test.ts')).flatMap(({ text }) => [...text.matchAll(title)].flatMap((match) => cited(match[2] as string))));
  expect(sections.filter((section) => !named.has(section))).toEqual([]);
});
