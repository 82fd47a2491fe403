// What a proof asks with: a bearer that answers data, or the refusal where one is expected.
import { eventually } from '@taskgraph/shared/testing/eventually';
import { query, subscribe, type Answer, type Subscription } from '../client.js';

/** The first error of an answer, in the words of the contract. */
export interface Refusal {
  code: string;
  message: string;
  path: (string | number)[] | undefined;
  /** `[{path, message}]` of BAD_USER_INPUT, names of fields of CONFLICT. */
  fields: unknown;
  current: unknown;
  retryAfter: unknown;
}

export interface Client {
  accessToken: string | undefined;
  /** The data; throws where there is an error. `key` is the Idempotency-Key. */
  ask(document: string, variables?: object, key?: string): Promise<Answer['data']>;
  /** The first error; throws where there is none, where its field is not null, or where it has no request id. */
  refused(document: string, variables?: object, key?: string): Promise<Refusal>;
  /** The whole answer, where either may come: of races. */
  answer(document: string, variables?: object, key?: string): Promise<Answer>;
  /** Resolves once the socket is acknowledged; closed with the world. */
  subscribe(document: string, variables?: Record<string, unknown>): Promise<Subscription>;
  /** Subscribes and waits for the error that ends it. */
  refusedSubscription(document: string, variables?: Record<string, unknown>): Promise<Refusal>;
}

/** Errors are told with their text: a proof that fails on a machine of somebody else must say why. */
export function clientOf(url: string, accessToken: string | undefined, open: Subscription[]): Client {
  const answer: Client['answer'] = (document, variables = {}, key) =>
    query(url, document, variables, accessToken, key === undefined ? {} : { 'idempotency-key': key });
  const listen: Client['subscribe'] = async (document, variables = {}) => {
    const subscription = await subscribe(url, accessToken ?? '', document, variables);
    open.push(subscription);
    return subscription;
  };
  return {
    accessToken, answer,
    subscribe: listen,
    async ask(document, variables, key) {
      const { data, errors } = await answer(document, variables, key);
      if (errors) throw new Error(`refused: ${JSON.stringify(errors)}`);
      return data;
    },
    async refused(document, variables, key) {
      return refusalIn(await answer(document, variables, key));
    },
    async refusedSubscription(document, variables) {
      const { received } = await listen(document, variables);
      return refusalIn(await eventually(() => received[0] ?? null));
    },
  };
}

export function refusalIn({ data, errors }: Answer): Refusal {
  const [error] = errors ?? [];
  if (!error) throw new Error(`not refused: ${JSON.stringify(data)}`);
  const { code, fields, current, retryAfter, requestId } = error.extensions;
  if (typeof requestId !== 'string') throw new Error(`without a request id: ${JSON.stringify(error)}`);
  const field = error.path?.[0];
  if (field !== undefined && data?.[field] && error.path?.length === 1) throw new Error(`an error beside data: ${JSON.stringify(data)}`);
  return { code: String(code), message: error.message, path: error.path, fields, current, retryAfter };
}

/** Codes of answers of a race, sorted: `data` where one was carried out. */
export const outcomes = (answers: Answer[]): string[] =>
  answers.map(({ errors }) => (errors?.[0] ? String(errors[0].extensions['code']) : 'data')).toSorted((a, b) => (a < b ? -1 : 1));
