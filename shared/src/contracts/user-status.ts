// Answer of the user subgraph's GET /internal/users?ids=<id>,<id>: which of these people exist, and whether they may act.
import { z } from 'zod';
import { id } from './fields.js';

/** Unknown ids are left out. */
export const userStatuses = z.array(z.object({ id, active: z.boolean() }));
export type UserStatuses = z.infer<typeof userStatuses>;

/** The same answer with what a service needs that acts on an address: `email` is the account's own one, as typed. */
export const userAddresses = z.array(z.object({ id, active: z.boolean(), email: z.string(), emailVerified: z.boolean() }));
export type UserAddresses = z.infer<typeof userAddresses>;

/** Answer of GET /internal/users?handles=<handle>,<handle>: whose handles these are. Unknown handles are left out. */
export const userHandles = z.array(z.object({ id, handle: z.string(), active: z.boolean() }));
export type UserHandles = z.infer<typeof userHandles>;

/** Answer of GET /internal/users?emails=<address>,<address>: whose addresses these are, folded to lower case. Unknown ones are left out. */
export const userEmails = z.array(z.object({ id, email: z.string(), active: z.boolean() }));
export type UserEmails = z.infer<typeof userEmails>;

/** Answer of GET /internal/users?handlesOf=<id>,<id>: the handles of these people. Unknown ids are left out. */
export const userNames = z.array(z.object({ id, handle: z.string() }));
export type UserNames = z.infer<typeof userNames>;
