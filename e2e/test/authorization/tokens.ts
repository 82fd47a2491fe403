// What an API token may: every query and mutation, by the scopes of the token (RULES §8). The person is one who may do it.
import type { Person } from '../client.js';
import { columns, type Column, type Outcome } from './cells.js';
import type { Row } from './row.js';
import { outcomeOf } from './walk.js';
import type { World } from './world.js';

export const scopeSets = ['READ', 'WRITE', 'READ, WRITE', 'READ, WRITE, ADMIN'] as const;
export type ScopeSet = (typeof scopeSets)[number];

export interface TokenRow {
  /** Coordinate of the root field. */
  operation: string;
  cells: Partial<Record<ScopeSet, Outcome>>;
  /** The row of the other table whose document is asked, and as whom. */
  row: Row;
  column: Exclude<Column, 'anonymous'>;
}

/** Signing in and out, tokens, sessions, roles, passwords and addresses: never with a token, whatever its scopes. */
const never = new Set([
  'register', 'login', 'refreshSession', 'logout', 'revokeSession', 'changePassword', 'requestPasswordReset', 'resetPassword',
  'requestEmailVerification', 'verifyEmail', 'changeEmail', 'setUserRole', 'createApiToken', 'revokeApiToken',
].map((name) => `Mutation.${name}`));
/** What only an ADMIN may needs the scope as well. */
const administers = new Set(['Mutation.deactivateUser', 'Mutation.reactivateUser', 'Query.deadLetters', 'Mutation.redriveDeadLetters']);

/** `granted`: what the person gets with a session. */
function cellsOf(operation: string, granted: Outcome): TokenRow['cells'] {
  if (never.has(operation)) return { READ: 'FORBIDDEN', 'READ, WRITE': 'FORBIDDEN', 'READ, WRITE, ADMIN': 'FORBIDDEN' };
  if (administers.has(operation)) return { READ: 'FORBIDDEN', 'READ, WRITE': 'FORBIDDEN', 'READ, WRITE, ADMIN': granted };
  // A token that may only write is answered what it wrote as far as that lies in one subgraph, so its mutations are not asked.
  return operation.startsWith('Query.') ? { READ: granted, WRITE: 'FORBIDDEN' } : { READ: 'FORBIDDEN', 'READ, WRITE': granted };
}

/** Which situation is asked about, where the first one will not do: a person has at most five imports open, and the table has opened them. */
const situations: Record<string, string> = { 'Mutation.startTaskImport': 'into the own list' };

/** One row for each operation, made of the first situation in which somebody may do it. */
export function tokenRowsOf(rows: readonly Row[]): TokenRow[] {
  const operations = [...new Set(rows.map((row) => row.operation))].filter((operation) => /^(Query|Mutation)\./.test(operation));
  return operations.flatMap((operation): TokenRow[] => {
    const own = rows.filter((row) => row.operation === operation && (situations[operation] ?? row.what) === row.what);
    // Only an ADMIN can have a token with every scope.
    const asAdmin = never.has(operation) || administers.has(operation);
    const row = own.find(({ cells }) => (asAdmin ? cells.ADMIN === 'data' : Object.values(cells).includes('data'))) ?? own[0];
    if (!row) return [];
    const people = columns.filter((column) => column !== 'anonymous').toReversed();
    const column = asAdmin ? 'ADMIN' : people.find((one) => one !== 'ADMIN' && row.cells[one] === 'data') ?? 'ADMIN';
    // Whoever asks with a token has one.
    const granted = operation === 'Query.apiTokens' ? 'data' : row.cells[column] ?? 'data';
    return [{ operation, cells: cellsOf(operation, granted), row, column }];
  });
}

/** By person and scopes: one token serves all rows. */
const made = new Map<string, Promise<Person>>();

/** The same person, with a token of these scopes in place of the session. */
function withToken(world: World, person: Person, scopes: ScopeSet): Promise<Person> {
  const key = `${person.id} ${scopes}`;
  const known = made.get(key) ?? makeToken(world, person, scopes);
  made.set(key, known);
  return known;
}

async function makeToken(world: World, person: Person, scopes: ScopeSet): Promise<Person> {
  const { createApiToken } = await person.ok('mutation ($scopes: [ApiScope!]!) { createApiToken(input: { name: "hush", scopes: $scopes }) { secret } }', { scopes: scopes.split(', ') });
  return world.as(person, createApiToken.secret);
}

/** Answers what was not as it should be, and how many cells were asked. */
export async function walkTokens(world: World, { operation, cells, row, column }: TokenRow): Promise<{ cells: number; problems: string[] }> {
  const problems: string[] = [];
  const person = world.people[column];
  const me = row.as && !never.has(operation) ? ((await row.as(world, person)) ?? person) : person;
  // Refusals change nothing, so those who are refused and the one who is not share what is asked about.
  const target = (await row.target?.(world, me, column)) ?? {};
  const entries = Object.entries(cells) as [ScopeSet, Outcome][];
  for (const [scopes, expected] of entries.toSorted(([, a], [, b]) => Number(a !== 'FORBIDDEN') - Number(b !== 'FORBIDDEN'))) {
    const { document, variables } = row.ask(target, me);
    const answer = await (await withToken(world, me, scopes)).query(document, variables);
    const found = outcomeOf(answer, row.at ?? operation.split('.')[1] ?? '');
    if (found !== expected) problems.push(`${operation} with ${scopes}: expected ${expected}, got ${found} ${JSON.stringify(answer).slice(0, 300)}`);
  }
  return { cells: entries.length, problems };
}
