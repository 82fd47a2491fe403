import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as contracts from '../src/contracts/events.js';

test('docs/events.md is what the contracts and the reactions give', async () => {
  const generator = new URL('../../scripts/generate-events-doc.mjs', import.meta.url).href;
  const { renderEventsDoc } = (await import(generator)) as { renderEventsDoc: (from: typeof contracts) => string };
  const committed = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8');
  expect(committed, 'run `node scripts/generate-events-doc.mjs`').toBe(renderEventsDoc(contracts));
});

test('each event belongs to one owner, and those that take access away exist', () => {
  const types = Object.values(contracts.eventsByOwner).flatMap((models) => Object.keys(models));
  expect(new Set(types).size).toBe(types.length);
  expect(new Set(Object.keys(contracts.eventModels))).toEqual(new Set(types));
  for (const type of contracts.accessLosingEvents) expect(types).toContain(type);
});
