// docs/authorization.md, written from the table. `npx vitest run test/authorization-document.test.ts -u` writes it anew.
import { columns, type Outcome } from './cells.js';
import type { Row } from './row.js';
import { scopeSets, type TokenRow } from './tokens.js';

const signs: Record<Outcome, string> = {
  data: '●', null: 'null', empty: 'empty', UNAUTHENTICATED: 'sign in', NOT_FOUND: 'none', FORBIDDEN: 'no', BAD_USER_INPUT: 'bad', CONFLICT: 'conflict',
};

const head = `# Who may what

This page is written from the table in \`e2e/test/authorization-table.ts\`, and \`e2e/test/authorization.test.ts\` walks every cell of it through the gateway.
Edit the table, then run \`npx vitest run test/authorization-document.test.ts -u\` in \`e2e\`; a test fails when the page differs.

The columns are people: \`stranger\` belongs to another tenant, VIEWER to OWNER to one project, the channel's roles to one channel, and ADMIN to nothing.
The owner of the channel is a stranger to the project and the other way round. Where it says *of somebody else*, it is of somebody not in the row.

| sign | answer |
| --- | --- |
| ● | the data, or the write is done |
| null | null without an error, as for what does not exist |
| empty | a list without rows |
| sign in | UNAUTHENTICATED |
| none | NOT_FOUND, word for word as for what does not exist |
| no | FORBIDDEN: one sees it and may not do this |
| bad | BAD_USER_INPUT |
| conflict | CONFLICT |
| (nothing) | cannot come into this situation, or is answered as \`stranger\` is |

The rules are in \`policies.ts\` of each subgraph. A person's scopes end with the person's own roles: an API token never may more than its owner.
`;

export function renderDocument(rows: Row[], tokenRows: TokenRow[]): string {
  const sections: [title: string, matches: (row: Row) => boolean][] = [
    ['Queries', (row) => row.operation.startsWith('Query.')],
    ['Mutations', (row) => row.operation.startsWith('Mutation.')],
    ['Subscriptions', (row) => row.operation.startsWith('Subscription.')],
    ['Fields of what one sees', (row) => !/^(Query|Mutation|Subscription)\./.test(row.operation)],
  ];
  const parts = sections.map(([title, matches]) => {
    const own = rows.filter(matches).toSorted((a, b) => (a.operation < b.operation ? -1 : a.operation > b.operation ? 1 : 0));
    return own.length === 0 ? [] : [`## ${title}`, `| operation | of what | ${columns.join(' | ')} |`, `| --- | --- |${' --- |'.repeat(columns.length)}`, ...own.map(line), ''];
  });
  return [head, ...parts.flat(), ...renderTokens(tokenRows)].join('\n');
}

function line({ operation, what, cells }: Row): string {
  const name = operation.replace(/^(Query|Mutation|Subscription)\./, '');
  const answers = columns.map((column) => {
    const outcome = cells[column];
    return outcome ? signs[outcome] : '';
  });
  return `| \`${name}\` | ${what} | ${answers.join(' | ')} |`;
}

/** By scopes of the token, for a person who may do it with a session. */
function renderTokens(rows: TokenRow[]): string[] {
  const line = ({ operation, cells }: TokenRow) => {
    const answers = scopeSets.map((scopes) => {
      const outcome = cells[scopes];
      return outcome ? signs[outcome] : '';
    });
    return `| \`${operation}\` | ${answers.join(' | ')} |`;
  };
  return [
    '## API tokens', 'What a token with these scopes may of what its person may. Where no situation of the table lets anybody, it says what the person gets with a session. An empty cell follows from the others: queries need READ, mutations WRITE, and what only an ADMIN may needs ADMIN as well.', '',
    `| operation | ${scopeSets.join(' | ')} |`, `| --- |${' --- |'.repeat(scopeSets.length)}`, ...rows.toSorted((a, b) => (a.operation < b.operation ? -1 : 1)).map(line), '',
  ];
}
