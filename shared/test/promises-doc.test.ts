import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const folders: Record<string, string> = { e2e: 'e2e', gateway: 'gateway', shared: 'shared', supervisor: 'supervisor' };
const reference = /`([a-z]+)\/([a-z.-]+)` "([^"]+)"/g;

test('every test that docs/promises.md names exists and begins its title with these words', () => {
  const promises = readFileSync(new URL('docs/promises.md', root), 'utf8').split('## 1.')[1]!;
  const missing: string[] = [];
  let named = 0;
  for (const [whole, part, file, title] of promises.matchAll(reference)) {
    named += 1;
    const path = new URL(`${folders[part!] ?? `subgraphs/${part}`}/test/${file}.test.ts`, root);
    if (!existsSync(path) || !titles(readFileSync(path, 'utf8')).some((found) => found.startsWith(title!))) missing.push(whole);
  }
  expect(missing).toEqual([]);
  expect(named).toBeGreaterThan(0);
});

/** Titles of describe and test, however they are called (`test`, `step`, `test.each`), as far as they are literal. */
function titles(source: string): string[] {
  return [...source.matchAll(/^\s*\w+(?:\.\w+)*\((?:\[.*?\]\)\()?\s*(['"`])((?:\\.|(?!\1).)*)/gm)].map(([, , title]) => title!.replaceAll('\\', ''));
}
