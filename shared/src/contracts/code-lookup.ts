// The guessing budget that all look-ups by code share (RULES §8). The channel subgraph keeps it; who finds something by a code
// asks POST /internal/code-lookups before each look-up, and tells POST /internal/code-lookups/found after one that found something.
import { z } from 'zod';
import { id } from './fields.js';

/** Who looks up, and from which address as the gateway saw it. */
export const lookupAsker = z.object({ user: id, address: z.string().max(64).nullable() });
export type LookupAsker = z.infer<typeof lookupAsker>;

/** Null: go on. Else nothing may be looked up for so many seconds. */
export const lookupAnswer = z.object({ retryAfter: z.number().int().min(1).nullable() });
export type LookupAnswer = z.infer<typeof lookupAnswer>;
