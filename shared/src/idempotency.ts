// Resending a mutation safely (RULES §3): under one key it happens once, and each resend hears what the first one heard.
import { createHmac } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import { badInput, DomainError, type ErrorCode, type ErrorDetails } from './errors.js';
import type { Viewer } from './identity.js';

/** One resendable mutation: whose, under which key, in which field of the document, with which input. */
export interface IdempotencyScope {
  viewerId: string;
  key: string;
  /** Response name of the root field: two aliases in one document are two mutations. */
  field: string;
  /** HMAC of field and canonical input: the same key with another input is refused. */
  fingerprint: string;
}

/** What is kept of the first answer: ids and places, never content; or the refusal. */
interface Kept {
  record?: unknown;
  refusal?: { code: ErrorCode; message: string; details: ErrorDetails };
}

/** Anything that runs a statement and answers its rows. */
export interface Runs {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/** Thrown out of a transaction that finds its mutation done already. */
export class AlreadyDone extends Error {
  constructor(readonly record: unknown) {
    super('this mutation was done before');
  }
}

/** Refusals that say nothing about the mutation itself; a resend tries again. */
const passing: ReadonlySet<ErrorCode> = new Set(['UNAUTHENTICATED', 'RATE_LIMITED', 'OVERLOADED', 'SUBGRAPH_UNAVAILABLE', 'INTERNAL_SERVER_ERROR', 'IDEMPOTENCY_MISMATCH']);

export const isKeptRefusal = (error: unknown): error is DomainError => error instanceof DomainError && !passing.has(error.code);

/** Longest key, in characters. */
const keyLimit = 255;

export function idempotencyScope(secret: string, viewer: Viewer | null, key: string | null, field: string, fieldName: string, input: unknown): IdempotencyScope | null {
  if (key === null || !viewer) return null;
  if (key.length === 0 || key.length > keyLimit) throw badInput('Idempotency-Key', `must have 1 to ${keyLimit} characters`);
  const fingerprint = createHmac('sha256', secret).update(`${fieldName} ${canonical(input)}`).digest('base64url');
  return { viewerId: viewer.id, key, field, fingerprint };
}

export const lockOf = (scope: IdempotencyScope): string => `idempotency:${scope.viewerId}:${scope.key}:${scope.field}`;

/** JSON with sorted keys and without absent fields: the same input however the client ordered it. */
function canonical(value: unknown): string {
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, field]) => field !== undefined).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}

/** Throws what was answered before, as AlreadyDone or as the kept refusal; does nothing for a new mutation. */
export async function recall(runner: Runs, scope: IdempotencyScope): Promise<void> {
  const [row] = (await runner.query(
    `select fingerprint, kept from idempotency where viewer_id = $1 and key = $2 and field = $3 and created_at > now() - interval '24 hours'`,
    [scope.viewerId, scope.key, scope.field],
  )) as { fingerprint: string; kept: Kept }[];
  if (!row) return;
  if (row.fingerprint !== scope.fingerprint) throw new DomainError('IDEMPOTENCY_MISMATCH', 'This Idempotency-Key was used with another input.');
  if (row.kept.refusal) throw new DomainError(row.kept.refusal.code, row.kept.refusal.message, row.kept.refusal.details);
  throw new AlreadyDone(row.kept.record);
}

/** Keeps the answer, in the transaction of the write it tells of. */
export async function keep(runner: Runs, scope: IdempotencyScope, outcome: { record: unknown } | { refusal: DomainError }): Promise<void> {
  const kept: Kept =
    'refusal' in outcome
      ? { refusal: { code: outcome.refusal.code, message: outcome.refusal.message, details: outcome.refusal.details } }
      : { record: outcome.record };
  await runner.query(
    `insert into idempotency as i (viewer_id, key, field, fingerprint, kept) values ($1, $2, $3, $4, $5)
     on conflict (viewer_id, key, field) do update set fingerprint = excluded.fingerprint, kept = excluded.kept, created_at = now()
     where i.created_at <= now() - interval '24 hours'`,
    [scope.viewerId, scope.key, scope.field, scope.fingerprint, JSON.stringify(kept)],
  );
}

/** The table, from a migration; a subgraph's API process sweeps it (see idempotency-sweep in its worker or server). */
export async function createIdempotencyTable(runner: QueryRunner, subgraph: string): Promise<void> {
  await runner.query(`
    create table idempotency (
      viewer_id uuid not null,
      key text collate "C" not null,
      field text not null,
      fingerprint text not null,
      kept jsonb not null,
      created_at timestamptz not null default now(),
      primary key (viewer_id, key, field)
    )`);
  await runner.query('create index idempotency_age on idempotency (created_at)');
  await runner.query(`grant select, insert, update, delete on idempotency to ${subgraph}_app`);
}
