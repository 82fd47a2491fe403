// What an API token may be used for, judged once for every subgraph: queries need READ, mutations need WRITE. What needs the
// role ADMIN needs the scope as well, because the role is taken from a viewer without it (identity.ts).
import type { ApolloServerPlugin } from '@apollo/server';
import { forbidden } from './errors.js';
import type { ApiScope, Viewer } from './identity.js';

/** The scope that is missing for an operation, or null. */
export function missingScope(viewer: Viewer | null, operation: 'query' | 'mutation' | 'subscription'): ApiScope | null {
  const needed = operation === 'mutation' ? 'WRITE' : 'READ';
  return viewer?.scopes && !viewer.scopes.includes(needed) ? needed : null;
}

/** Refuses each root field by itself, `_entities` included, so that the error stands at its place. */
export const apiScopePlugin: ApolloServerPlugin<{ viewer: Viewer | null }> = {
  async requestDidStart() {
    return {
      async executionDidStart({ contextValue, operation }) {
        const scope = missingScope(contextValue.viewer, operation.operation);
        if (scope === null) return undefined;
        return {
          willResolveField({ info }) {
            if (!info.path.prev) throw forbidden(`This API token has not the scope ${scope}.`);
          },
        };
      },
    };
  },
};
