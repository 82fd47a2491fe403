// Runs a mutation at most once per Idempotency-Key; used by every resolver of a mutation that may be resent.
import type { GraphQLResolveInfo } from 'graphql';
import type { DataSource } from 'typeorm';
import type { DomainError } from './errors.js';
import { AlreadyDone, idempotencyScope, isKeptRefusal, keep, lockOf, recall, type IdempotencyScope } from './idempotency.js';
import type { BaseContext } from './subgraph-server.js';
import { writeTransaction } from './write-transaction.js';

export interface OnceContext extends BaseContext {
  database: DataSource;
  /** Keys the fingerprints. */
  secretKey: string;
  /** Set while a mutation with a key runs; its write transaction keeps the answer. Root mutation fields run one after the other. */
  idempotency: IdempotencyScope | null;
}

/**
 * Runs `command`, or answers from what is kept of its first run: `replay` renders the present state from the record that
 * the command's transaction left with `tx.remember`. Without a key it only runs the command.
 */
export async function once<T>(
  context: OnceContext,
  info: Pick<GraphQLResolveInfo, 'path' | 'fieldName'>,
  input: unknown,
  command: () => Promise<T>,
  replay: (record: never) => Promise<T>,
): Promise<T> {
  const scope = idempotencyScope(context.secretKey, context.viewer, context.idempotencyKey, String(info.path.key), info.fieldName, input);
  if (!scope) return command();
  context.idempotency = scope;
  try {
    await recall(context.database, scope);
    return await command();
  } catch (error) {
    if (error instanceof AlreadyDone) return await replay(error.record as never);
    if (!isKeptRefusal(error)) throw error;
    // A refusal before the transaction began is kept by itself, unless a twin of this request has been answered meanwhile:
    // then that answer is this one's too.
    const first = await keepRefusal(context.database, scope, error);
    if (first instanceof AlreadyDone) return await replay(first.record as never);
    throw first;
  } finally {
    context.idempotency = null;
  }
}

/** Keeps the refusal and answers it, or what was kept before it came. */
async function keepRefusal(database: DataSource, scope: IdempotencyScope, refusal: DomainError): Promise<Error> {
  try {
    await writeTransaction(database, { lock: [lockOf(scope)] }, async (tx) => {
      await recall(tx, scope);
      await keep(tx, scope, { refusal });
    });
    return refusal;
  } catch (error) {
    return error as Error;
  }
}
