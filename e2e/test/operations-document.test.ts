// The proofs are complete, and docs/operations.md is what they say.
import { expect, test } from 'vitest';
import { graph } from './authorization/row.js';
import { proofs } from './operations/all-proofs.js';
import { renderDocument } from './operations/document.js';
import { outsideProofs } from './operations/not-yet.js';
import type { Outcome, Proof } from './operations/proof.js';
import { withoutConflict } from './operations/without-conflict.js';

const operations = [graph.getQueryType(), graph.getMutationType(), graph.getSubscriptionType()].flatMap((type) =>
  Object.keys(type?.getFields() ?? {}).filter((field) => !field.startsWith('_')).map((field) => `${type?.name}.${field}` as Proof['operation']));

const proven = (operation: string, outcome: Outcome): boolean => proofs.some((proof) => proof.operation === operation && proof.outcome === outcome);

function missing(operation: Proof['operation']): Outcome[] {
  if (operation in outsideProofs) return [];
  const needed: Outcome[] = operation.startsWith('Mutation.') && !(operation in withoutConflict) ? ['success', 'refusal', 'conflict'] : ['success', 'refusal'];
  return needed.filter((outcome) => !proven(operation, outcome));
}

test('every operation of the graph is proven for success and refusal, and every mutation for conflict or with the reason why it cannot meet one', () => {
  expect(operations.flatMap((operation) => missing(operation).map((outcome) => `${operation}: ${outcome}`))).toEqual([]);
});

test('every proof is about something that the graph has, and no two have one title', () => {
  const names = proofs.map(({ operation, outcome, title }) => `${operation}: ${outcome}: ${title}`);
  expect(proofs.map((proof) => proof.operation).filter((operation) => !operations.includes(operation))).toEqual([]);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test('what is said to be without conflict, or proven elsewhere, exists and has no such proof', () => {
  const known = Object.keys(withoutConflict).concat(Object.keys(outsideProofs));
  expect(known.filter((operation) => !(operations as string[]).includes(operation))).toEqual([]);
  expect(Object.keys(withoutConflict).filter((operation) => proven(operation, 'conflict'))).toEqual([]);
  expect(Object.keys(outsideProofs).filter((operation) => proofs.some((proof) => proof.operation === operation))).toEqual([]);
});

test('docs/operations.md is what the proofs say', async () => {
  await expect(renderDocument(operations, proofs)).toMatchFileSnapshot('../../docs/operations.md');
});
