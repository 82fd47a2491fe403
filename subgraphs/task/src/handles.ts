// Whose @handles these are, asked of the user subgraph. A handle never changes hands, so what is known outlives that subgraph
// being away; only a handle that was never heard of has to be asked about.
import { userHandles } from '@taskgraph/shared/contracts/user-status';
import type { Peer } from '@taskgraph/shared/peer';

export interface Handles {
  /** Ids of the active people among these handles. Throws SUBGRAPH_UNAVAILABLE where one is unknown here and cannot be asked about. */
  idsOf(handles: readonly string[], requestId: string): Promise<string[]>;
}

/** How long an answer is taken without asking again, in milliseconds. */
const freshMs = 60_000;
const knownLimit = 10_000;

export function createHandles(peer: Peer): Handles {
  const known = new Map<string, { id: string; active: boolean; until: number }>();
  return {
    async idsOf(handles, requestId) {
      const asked = handles.filter((handle) => (known.get(handle)?.until ?? 0) < Date.now());
      if (asked.length > 0) {
        try {
          const answer = userHandles.parse(await peer.get(`/internal/users?handles=${asked.join(',')}`, { requestId }));
          if (known.size > knownLimit) known.clear();
          for (const { id, handle, active } of answer) known.set(handle, { id, active, until: Date.now() + freshMs });
        } catch (error) {
          if (!handles.every((handle) => known.has(handle))) throw error;
        }
      }
      return handles.flatMap((handle) => {
        const user = known.get(handle);
        return user?.active ? [user.id] : [];
      });
    },
  };
}

const handlePattern = /(?<![\w@.-])@([a-z0-9_-]{3,32})(?![\w-])/gi;

/** Most handles of one text that count. */
const handleLimit = 50;

/** What in a text may be a handle, in lower case, each once. */
export const handlesIn = (text: string): string[] =>
  [...new Set(Array.from(text.matchAll(handlePattern), (match) => (match[1] as string).toLowerCase()))].slice(0, handleLimit);
