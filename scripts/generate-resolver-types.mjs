// Writes src/generated/resolver-types.ts of the subgraph in the working directory from its schema.graphql.
// `--check` writes nothing and fails when the committed file differs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { codegen } from '@graphql-codegen/core';
import * as typescriptPlugin from '@graphql-codegen/typescript';
import * as resolversPlugin from '@graphql-codegen/typescript-resolvers';
import { parse } from 'graphql';

const output = 'src/generated/resolver-types.ts';
const check = process.argv.includes('--check');

// `mappers.json` says which row type stands behind a GraphQL type while it is being resolved.
const { contextType, mappers } = JSON.parse(readFileSync('mappers.json', 'utf8'));

const text = await codegen({
  filename: output,
  documents: [],
  schema: parse(readFileSync('schema.graphql', 'utf8')),
  plugins: [{ typescript: {} }, { resolvers: {} }],
  pluginMap: { typescript: typescriptPlugin, resolvers: resolversPlugin },
  config: {
    contextType,
    mappers,
    federation: true,
    enumsAsTypes: true,
    useTypeImports: true,
    skipTypename: true,
    inputMaybeValue: 'T | null | undefined',
    maybeValue: 'T | null',
    optionalResolveType: true,
    // A mapper can hold promises and functions where the type has fields: resolvers may answer with either.
    makeResolverTypeCallable: true,
    resolversNonOptionalTypename: false,
    emitLegacyCommonJSImports: false,
    scalars: {
      ID: 'string',
      DateTime: { input: 'Date', output: 'Date' },
      Date: 'string',
      Duration: 'string',
      EmailAddress: 'string',
      URL: 'string',
      JSON: 'unknown',
    },
  },
});
const content = `// Generated from schema.graphql by \`npm run generate\`; never edited.\n${text}`;

if (check) {
  let current = '';
  try {
    current = readFileSync(output, 'utf8');
  } catch {}
  if (current !== content) {
    console.error(`${process.cwd()}/${output} is not what schema.graphql gives: run \`npm run generate\` and commit it.`);
    process.exit(1);
  }
} else {
  mkdirSync('src/generated', { recursive: true });
  writeFileSync(output, content);
}
