// What every owner tells of work that it has given up, and what the channel subgraph answers.
import { z } from 'zod';
import { id, instant } from './fields.js';

/** Payload of `<owner>.dead-lettered`. Ids only: whoever may read the list has no access to content by it (RULES §1). */
export const deadLettered = z.object({
  deadLetterId: id,
  queue: z.string(),
  name: z.string(),
  /** In our own words or a code; never what somebody wrote. */
  reason: z.string(),
  attempts: z.number().int().min(0),
  failedAt: instant,
  ids: z.array(z.object({ name: z.string(), id })),
});

/** Most ids of one request; a larger one is several events. */
export const redriveLimit = 500;

/** Payload of `dead-letters.redrive-requested`. */
export const redriveRequested = z.object({ deadLetterIds: z.array(id).min(1).max(redriveLimit) });
