// Parsed and validated documents for Apollo Server. Its own store weighs a document without the text and the tokens that it keeps.
import type { ApolloServerOptions } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import type { GatewayContext } from '../context.js';
import { createLru } from './lru.js';

/** A dense document takes some 150 bytes of memory for each character: 150 MB at the worst, a few MB with usual ones. */
const kept = { entries: 1_000, characters: 1_000_000 };
/** What a short one counts for. */
const least = 512;

export function createDocumentStore(): NonNullable<ApolloServerOptions<GatewayContext>['documentStore']> {
  const documents = createLru<DocumentNode>(kept);
  return {
    get: async (key) => documents.get(key),
    set: async (key, document) => documents.set(key, document, Math.max(least, document.loc?.source.body.length ?? least)),
    delete: async (key) => documents.delete(key),
  };
}
