// The subscriptions that run, for when another supergraph takes over: each is validated again, those that still fit go on
// from where they are, and only the others end, with the reason. Equal documents are looked at once.
import { getOperationAST, getVariableValues, parse, print, specifiedRules, validate, type DocumentNode, type GraphQLFormattedError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { setImmediate as nextTick } from 'node:timers/promises';
import { variableError } from '../format-error.js';
import type { HotDocument } from '../supergraph/hot-documents.js';
import type { Follower } from '../supergraph/supergraph-gateway.js';
import { toLiveQuery } from './live-query.js';
import { mayShare } from './sharing.js';

export interface RunningSubscription {
  document: DocumentNode;
  operationName: string | null | undefined;
  /** As the client gave them. */
  variables: Record<string, unknown>;
  /** The query it runs now. */
  text(): string;
  /** It is valid still; `sharable` where its selection is the same for all who see its scope. */
  goOn(sharable: boolean): void;
  end(errors: readonly GraphQLFormattedError[]): void;
}

export interface RunningSubscriptions extends Follower {
  /** Answers the undo. */
  add(subscription: RunningSubscription): () => void;
}

interface Verdict {
  operation: OperationDefinitionNode;
  invalid: GraphQLFormattedError[];
  sharable: boolean;
}

/** All that run one document; it is kept once for them. */
interface Equal {
  document: DocumentNode;
  operationName: string | null | undefined;
  running: Set<RunningSubscription>;
}

const reason = 'The graph has changed and has no place for this subscription any more: ';

export function createRunningSubscriptions(): RunningSubscriptions {
  const known = new Map<string, Equal>();

  return {
    add(subscription) {
      const { document, operationName } = subscription;
      const key = JSON.stringify([operationName ?? null, document.loc?.source.body ?? print(document)]);
      let equal = known.get(key);
      if (!equal) known.set(key, (equal = { document, operationName, running: new Set() }));
      const mine = equal;
      mine.running.add(subscription);
      return () => {
        mine.running.delete(subscription);
        if (mine.running.size === 0 && known.get(key) === mine) known.delete(key);
      };
    },

    documents() {
      const texts = new Set<string>();
      for (const { running } of known.values()) for (const subscription of running) texts.add(subscription.text());
      return [...texts].map((source): HotDocument => ({ source, operationName: undefined }));
    },

    async prepare(next) {
      const verdicts = new Map<Equal, Verdict>();
      for (const equal of [...known.values()]) {
        verdicts.set(equal, judge(next, equal));
        await nextTick();
      }
      return () => {
        for (const equal of [...known.values()]) {
          // Some began meanwhile.
          const { operation, invalid, sharable } = verdicts.get(equal) ?? judge(next, equal);
          for (const subscription of [...equal.running]) {
            const errors = invalid.length > 0 ? invalid : badVariables(next, operation, subscription.variables);
            if (errors.length > 0) subscription.end(errors.map((error) => ({ ...error, message: reason + error.message })));
            else subscription.goOn(sharable);
          }
        }
      };
    },
  };
}

function judge(schema: GraphQLSchema, { document, operationName }: Equal): Verdict {
  const operation = getOperationAST(document, operationName) as OperationDefinitionNode;
  const problems = (given: DocumentNode) => validate(schema, given, specifiedRules, { hideSuggestions: true });
  const own = problems(document);
  if (own.length > 0) return { operation, invalid: own.map((error) => ({ ...error.toJSON(), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })), sharable: false };
  const { page, head } = toLiveQuery(document, operationName);
  // Of the queries we made of it, the client knows no places.
  const made = [page, head].filter((text) => text !== '').flatMap((text) => problems(parse(text)));
  const sharable = mayShare(schema, document, operation) && problems(parse(toLiveQuery(document, operationName, { home: true }).page)).length === 0;
  return { operation, invalid: made.map(({ message }) => ({ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })), sharable };
}

const badVariables = (schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode, given: Record<string, unknown>): GraphQLFormattedError[] =>
  (getVariableValues(schema, variableDefinitions, given).errors ?? []).map(variableError);
