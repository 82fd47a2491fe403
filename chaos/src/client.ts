// A client of the public API that never gives up on a write: it sends it again under the same key until it has an answer.
import { setTimeout as delay } from 'node:timers/promises';
import type { Dice } from './random.js';
import type { Journal, Write } from './journal.js';

export interface Answer {
  // Shapes are known where they are asked for.
  // oxlint-disable-next-line typescript/no-explicit-any
  data: any;
  errors?: { message: string; extensions?: { code?: string; retryAfter?: number } }[];
}

export interface Person {
  id: string;
  handle: string;
  accessToken: string;
}

/** How long an answer may take until the client hangs up and asks again, in milliseconds. */
const patienceMs = 12_000;
/** Says nothing about the write itself: it may or may not have happened. */
const passing = new Set(['SUBGRAPH_UNAVAILABLE', 'OVERLOADED', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR']);

export async function post(url: string, person: Person | null, document: string, variables: object, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(person ? { authorization: `Bearer ${person.accessToken}` } : {}), ...headers },
    body: JSON.stringify({ query: document, variables }),
    signal: AbortSignal.timeout(patienceMs),
  });
  return (await response.json()) as Answer;
}

/** Code of the answer's first error; null for a success. */
const codeOf = ({ errors }: Answer): string | null => (errors?.[0] ? (errors[0].extensions?.code ?? 'NO_CODE') : null);

/** Asks until there is an answer without errors; a mutation needs a key. Throws for what will never succeed. */
export async function read(url: string, person: Person | null, document: string, variables: object = {}, key?: string): Promise<Answer['data']> {
  for (let tries = 1; ; tries += 1) {
    const answer = await post(url, person, document, variables, key ? { 'idempotency-key': key } : {}).catch((error: unknown) => error as Error);
    if (!(answer instanceof Error)) {
      const code = codeOf(answer);
      if (code === null) return answer.data;
      if (!passing.has(code)) throw new Error(`${code}: ${answer.errors?.[0]?.message}`);
    }
    if (tries > 300) throw new Error('no answer to a question', { cause: answer });
    await delay(Math.min(1_000, 50 * tries));
  }
}

export interface Mutation {
  field: string;
  inputType: string;
  input: object;
  selection: string;
}

export interface Sender {
  url: string;
  person: Person;
  journal: Journal;
  dice: Dice;
  /** Fires when the run is over and nobody waits any more. */
  signal: AbortSignal;
}

/** Sends until there is an answer; writes it into the journal. Null when the write was refused, or the run given up. */
export async function write(sender: Sender, mutation: Mutation, about: Omit<Write, 'state' | 'cursor' | 'tries' | 'field'>): Promise<Answer['data']> {
  const entry: Write = { ...about, field: mutation.field, state: 'open', cursor: null, tries: 0 };
  sender.journal.writes.push(entry);
  // At times two requests go out at once, as from a client with a hasty retry.
  const twin = sender.dice.chance(0.03) ? ask(sender, mutation, entry.key) : null;
  const answer = await ask(sender, mutation, entry.key, entry);
  const others = [await twin, sender.dice.chance(0.08) ? await ask(sender, mutation, entry.key) : null].filter((other) => other !== null);
  if (answer === null) return null;
  const [code, value] = [codeOf(answer), answer.data?.[mutation.field]];
  entry.state = code === null ? 'acknowledged' : 'refused';
  entry.cursor = value?.cursor ?? null;
  if (code !== null) entry.reason = `${code}: ${answer.errors?.[0]?.message}`;
  for (const other of others) {
    sender.journal.resent += 1;
    const [otherCode, otherCursor] = [codeOf(other), other.data?.[mutation.field]?.cursor ?? null];
    if (otherCode !== code || otherCursor !== entry.cursor) {
      sender.journal.differing.push(`${entry.key} ${mutation.field}: first ${code ?? entry.cursor}, then ${otherCode ?? otherCursor}`);
    }
  }
  return code === null ? value : null;
}

async function ask(sender: Sender, { field, inputType, input, selection }: Mutation, key: string, entry?: Write): Promise<Answer | null> {
  const document = `mutation ($input: ${inputType}!) { ${field}(input: $input) { ${selection} } }`;
  for (let tries = 1; !sender.signal.aborted; tries += 1) {
    if (entry) entry.tries = tries;
    const answer = await post(sender.url, sender.person, document, { input }, { 'idempotency-key': key, 'x-request-id': key }).catch(() => null);
    const code = answer === null ? 'NO_ANSWER' : codeOf(answer);
    if (answer !== null && (code === null || !passing.has(code))) return answer;
    const { retried } = sender.journal;
    retried.set(code as string, (retried.get(code as string) ?? 0) + 1);
    await delay(Math.min(1_000, 50 * 2 ** Math.min(tries, 5)) * (0.5 + Math.random() / 2), undefined, { signal: sender.signal }).catch(() => undefined);
  }
  return null;
}
