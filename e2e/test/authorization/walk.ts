// Walks one row of the table through the gateway and says what was not as it should be.
import type { Answer, Person } from '../client.js';
import { query as ask } from '../client.js';
import type { Column, Outcome } from './cells.js';
import type { Ask, Row, Target } from './row.js';
import { snapshot } from './snapshot.js';
import { missingId, type World } from './world.js';

export interface Walked {
  cells: number;
  /** Answers to a foreign and to a missing id that were compared. */
  compared: number;
  /** Each is a sentence; those of `leaks` showed something. */
  problems: string[];
  leaks: string[];
}

const compared: string[] = ['NOT_FOUND', 'BAD_USER_INPUT', 'null', 'empty'];

export async function walkRow(world: World, row: Row): Promise<Walked> {
  const walked: Walked = { cells: 0, compared: 0, problems: [], leaks: [] };
  const writes = row.operation.startsWith('Mutation.');
  // Refusals change nothing, so those who are refused share one; so do all who only read.
  const shares = (outcome: Outcome) => !row.own && (!writes || outcome !== 'data');
  try {
    const entries = Object.entries(row.cells) as [Column, Outcome][];
    const shared = entries.some(([, outcome]) => shares(outcome)) ? await makeTarget(world, row, null, null) : {};
    const before = writes ? await snapshot(world, shared) : null;
    await Promise.all(entries.filter(([, outcome]) => shares(outcome)).map(([column, outcome]) => walkCell(world, row, column, outcome, shared, walked)));
    if (writes && JSON.stringify(before) !== JSON.stringify(await snapshot(world, shared))) walked.problems.push(`${nameOf(row)}: a refused write changed something`);
    for (const [column, outcome] of entries.filter(([, expected]) => !shares(expected))) {
      await walkCell(world, row, column, outcome, await makeTarget(world, row, personOf(world, column), column), walked);
    }
  } catch (error) {
    walked.problems.push(`${nameOf(row)}: could not be set up: ${String(error).slice(0, 500)}`);
  }
  return walked;
}

export const nameOf = (row: Row): string => `${row.operation} (${row.what})`;
const personOf = (world: World, column: Column): Person | null => (column === 'anonymous' ? null : world.people[column]);
const makeTarget = async (world: World, row: Row, me: Person | null, column: Column | null): Promise<Target> => (await row.target?.(world, me, column)) ?? {};

async function walkCell(world: World, row: Row, column: Column, expected: Outcome, target: Target, walked: Walked): Promise<void> {
  const person = personOf(world, column);
  const me = row.as ? await row.as(world, person) : person;
  const cell = `${nameOf(row)} as ${column}`;
  const request = row.ask(target, me);
  const answer = await send(world, request, me);
  const found = outcomeOf(answer, row.at ?? row.operation.split('.')[1] ?? '');
  walked.cells += 1;
  const line = `${cell}: expected ${expected}, got ${found} ${JSON.stringify(answer).slice(0, 300)}`;
  if (found !== expected) walked.problems.push(line);
  // Seeing more than one may is worse than any other difference.
  if (found === 'data' && expected !== 'data') walked.leaks.push(line);
  for (const shown of shownIn(world, answer, column, me)) walked.leaks.push(`${cell}: shows ${shown}: ${JSON.stringify(answer).slice(0, 300)}`);
  if (row.uncompared || !compared.includes(found) || !hidden(answer, found) || Object.keys(target).length === 0) return;

  const strange = missingInstead(row, target);
  const missing = await send(world, row.ask(strange, me), me);
  walked.compared += 1;
  const [foreignText, missingText] = [textOf(answer, target, {}), textOf(missing, target, strange)];
  if (foreignText !== missingText) walked.leaks.push(`${cell}: tells a foreign id from a missing one: ${foreignText} / ${missingText}`);
}

/** A null deep inside belongs to something that one does see. */
function hidden(answer: Answer, found: string): boolean {
  if (found !== 'null') return true;
  return Object.values(answer.data ?? {}).every((value) => value === null);
}

async function send(world: World, { document, variables }: Ask, me: Person | null): Promise<Answer> {
  return me ? me.query(document, variables) : ask(world.url, document, variables);
}

/** What an answer is, at a place such as `project.members.nodes.0`. */
export function outcomeOf(answer: Answer, at: string): string {
  const [error] = answer.errors ?? [];
  if (error) return String(error.extensions['code']);
  let value: unknown = answer.data;
  for (const step of at.split('.')) {
    if (Array.isArray(value) && value.length === 0) return 'empty';
    value = (value as Record<string, unknown> | null | undefined)?.[step];
    // The result of one item of a bulk: null is success.
    if (step === 'code' && at.includes('results')) return typeof value === 'string' ? value : 'data';
  }
  if (value === undefined || value === null) return 'null';
  return Array.isArray(value) && value.length === 0 ? 'empty' : 'data';
}

/** Words and addresses in an answer that this column's person must not read. */
function* shownIn(world: World, answer: Answer, column: Column, me: Person | null): Generator<string> {
  const text = JSON.stringify(answer);
  for (const { word, readers } of world.words) if (text.includes(word) && !readers.includes(column)) yield word;
  for (const [address] of text.matchAll(/[\w.-]+@mail\.example/g)) {
    if (column !== 'ADMIN' && address !== `${me?.handle ?? ''}@mail.example`) yield address;
  }
}

/** The same with ids, keys and refs that nothing has, where the row's are foreign. */
function missingInstead(row: Row, target: Target): Target {
  const foreign = row.foreign ?? Object.keys(target);
  return Object.fromEntries(Object.entries(target).map(([name, value]) => [name, foreign.includes(name) ? missingValue(name, value) : value]));
}

function missingValue(name: string, value: string): string {
  if (name.endsWith('Id')) return missingId();
  if (name.endsWith('Key')) return 'ZZZZZZZZZZ';
  if (name.endsWith('Ref')) return 'ZZZZZZZZZZ-999';
  return value;
}

/** Without the request's own id, and with the input's ids as they were in the other request. */
function textOf(answer: Answer, target: Target, strange: Target): string {
  let text = JSON.stringify(answer, (key, value: unknown) => (key === 'requestId' ? undefined : value));
  for (const [name, value] of Object.entries(strange)) text = text.replaceAll(value, target[name] as string);
  return text;
}
