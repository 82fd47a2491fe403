// docs/operations.md, written from the proofs. `npx vitest run test/operations-document.test.ts -u` writes it anew.
import { outsideProofs } from './not-yet.js';
import type { Outcome, Proof } from './proof.js';
import { withoutConflict } from './without-conflict.js';

const head = `# What each operation does

This page is written from the proofs in \`e2e/test/operations/\`; \`e2e/test/operations.test.ts\` runs every one of them through the gateway, against the processes
that \`npm start\` starts. After a change run \`npx vitest run test/operations-document.test.ts -u\` in \`e2e\`; a test fails when the page differs, or when
the graph has an operation without proofs.

*Success* is what it does, *refusal* what it answers to those who may not or to input that is none, *conflict* what comes of two writers, of an old version and of
an Idempotency-Key with another input. Who may what, person by person, is in [authorization.md](authorization.md).
`;

/** `operations`: coordinates of every root field of the graph. */
export function renderDocument(operations: Proof['operation'][], proofs: Proof[]): string {
  const parts = (['Query', 'Mutation', 'Subscription'] as const).flatMap((type) => {
    const own = operations.filter((operation) => operation.startsWith(`${type}.`)).toSorted();
    const outcomes: Outcome[] = type === 'Mutation' || own.some((operation) => titles(proofs, operation, 'conflict').length > 0) ? ['success', 'refusal', 'conflict'] : ['success', 'refusal'];
    const name = { Query: 'Queries', Mutation: 'Mutations', Subscription: 'Subscriptions' }[type];
    const rows = own.map((operation) => `| \`${operation.slice(type.length + 1)}\` | ${outcomes.map((outcome) => cell(proofs, operation, outcome)).join(' | ')} |`);
    return [`## ${name}`, `| operation | ${outcomes.join(' | ')} |`, `| --- |${' --- |'.repeat(outcomes.length)}`, ...rows, ''];
  });
  return [head, ...parts].join('\n');
}

const titles = (proofs: Proof[], operation: string, outcome: Outcome): string[] =>
  proofs.filter((proof) => proof.operation === operation && proof.outcome === outcome).map((proof) => proof.title);

function cell(proofs: Proof[], operation: Proof['operation'], outcome: Outcome): string {
  const own = titles(proofs, operation, outcome);
  if (own.length > 0) return own.join('<br>').replaceAll('|', '\\|');
  if (outcome === 'conflict' && withoutConflict[operation]) return `none: ${withoutConflict[operation]}`;
  return outcome === 'success' ? (outsideProofs[operation] ?? '') : '';
}
