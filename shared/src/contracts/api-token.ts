// Answer of the user subgraph's GET /internal/api-tokens/<hash>: whom an API token speaks for. 404 where it speaks for nobody:
// unknown, revoked, ended, or its owner deactivated.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { apiScopes } from '../identity.js';
import { id, instant } from './fields.js';

export const apiTokenOwner = z.object({ id, userId: id, role: z.enum(['ADMIN', 'MEMBER']), scopes: z.array(z.enum(apiScopes)), expiresAt: instant.nullable() });
export type ApiTokenOwner = z.infer<typeof apiTokenOwner>;

/** Beginning of each secret, by which it is told from an access token. */
export const apiTokenPrefix = 'tg_';
/** How a secret is kept, and asked about. */
export const hashApiToken = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
