// Documents that the operator has listed: their ids are enough to run them, and where nothing else may run they are all there is.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StartError } from '@taskgraph/shared/start-error';
import { parse } from 'graphql';
import { z } from 'zod';

/** `off`: there is no list. `prefer`: listed ones run by id, others run too. `only`: others are refused. */
export type TrustMode = 'off' | 'prefer' | 'only';

export interface TrustedDocuments {
  mode: TrustMode;
  /** The document of this id. */
  find(id: string): string | undefined;
  /** Whether this very text is listed. */
  has(text: string): boolean;
  texts(): IterableIterator<string>;
}

/** As `generate-persisted-query-manifest` writes it. */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
});
const plainManifest = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.string().min(1));

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Throws StartError for a list that cannot be read, has a wrong hash or holds what is no document. */
export function readTrustedDocuments(path: string | undefined, mode: TrustMode): TrustedDocuments {
  const byId = new Map<string, string>();
  if (mode !== 'off') {
    if (!path) throw new StartError('TRUSTED_DOCUMENTS_MODE asks for a list: set TRUSTED_DOCUMENTS to its file.');
    for (const [id, text] of entriesOf(path)) {
      check(path, id, text);
      byId.set(id, text);
    }
  }
  const listed = new Set(byId.values());
  return { mode, find: (id) => byId.get(id), has: (text) => listed.has(text), texts: () => listed.values() };
}

function entriesOf(path: string): [string, string][] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new StartError(`The trusted documents cannot be read: ${(error as Error).message}. Set TRUSTED_DOCUMENTS to a JSON file.`);
  }
  const ofApollo = apolloManifest.safeParse(content);
  if (ofApollo.success) return ofApollo.data.operations.map(({ id, body }) => [id, body]);
  const plain = plainManifest.safeParse(content);
  if (!plain.success) throw new StartError(`${path} is no list of documents: it must be {"<sha256>": "<document>"} or an Apollo persisted query manifest.`);
  for (const [id, text] of Object.entries(plain.data)) {
    if (sha256(text) !== id) throw new StartError(`${path}: the document under ${id} has another sha256.`);
  }
  return Object.entries(plain.data);
}

function check(path: string, id: string, text: string): void {
  try {
    parse(text, { noLocation: true });
  } catch (error) {
    throw new StartError(`${path}: what is listed under ${id} is no document: ${(error as Error).message}`);
  }
}
