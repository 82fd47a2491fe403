// Composes the five subgraph schemas into gateway/supergraph.graphql, which is committed.
// `--check` writes nothing and fails when the committed file differs: `npm run compose` brings it up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { composeSupergraph, supergraphFile } from './composition.js';

try {
  const supergraph = composeSupergraph();
  if (!process.argv.includes('--check')) {
    writeFileSync(supergraphFile, supergraph);
  } else if (readFileSync(supergraphFile, 'utf8') !== supergraph) {
    throw new Error('gateway/supergraph.graphql is not what the subgraph schemas compose to: run `npm run compose` and commit it.');
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
