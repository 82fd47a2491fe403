import { badInput, conflict, forbidden, notFound } from '@taskgraph/shared/errors';
import { isUuid, newId } from '@taskgraph/shared/ids';
import { apiTokenPrefix, hashApiToken } from '@taskgraph/shared/contracts/api-token';
import { checkText } from '@taskgraph/shared/text';
import { writeTransaction } from '@taskgraph/shared/write-transaction';
import { createHmac } from 'node:crypto';
import type { Context } from '../context.js';
import type { ApiTokenRow } from '../entities/api-token.js';
import type { CreateApiTokenInput, RevokeApiTokenInput } from '../generated/resolver-types.js';
import { canMint } from '../policies.js';
import { countLiveApiTokens, findApiToken, insertApiToken, revokeApiTokenRow } from '../repositories/api-token-repository.js';
import { actingUser, requireViewer } from './acting-user.js';
import { emitRevoked } from './end-sessions.js';

/** Tokens of one account that live. */
const tokenLimit = 100;

export interface CreatedApiToken {
  token: ApiTokenRow;
  secret: string;
}

/** Makes a token. Its secret is derived from its id, so that a resend shows the same one and none is kept (RULES §3). */
export async function createApiToken(context: Context, input: CreateApiTokenInput): Promise<CreatedApiToken> {
  const viewer = requireViewer(context);
  const name = checkText('input.name', input.name, { min: 1, max: 100 });
  const scopes = [...new Set(input.scopes)];
  const expiresAt = input.expiresAt ?? null;
  if (scopes.length === 0) throw badInput('input.scopes', 'must name at least one scope');
  if (expiresAt && expiresAt.getTime() <= Date.now()) throw badInput('input.expiresAt', 'must lie in the future');
  const lock = [`user:${viewer.id}`];
  const token = await writeTransaction(context.database, { lock, idempotency: context.idempotency }, async (tx) => {
    const user = await actingUser(viewer, tx.manager);
    if (!canMint(user, scopes)) throw forbidden('Only an ADMIN may make a token with the scope ADMIN.');
    if ((await countLiveApiTokens(tx.manager, user.id)) >= tokenLimit) throw conflict(`There are ${tokenLimit} tokens already: revoke one.`);
    const id = newId();
    const row: ApiTokenRow = {
      id, userId: user.id, name, scopes, secretHash: hashApiToken(secretOf(context, id)),
      createdAt: new Date(), expiresAt, lastUsedAt: null, revokedAt: null,
    };
    await insertApiToken(tx.manager, row);
    tx.remember({ tokenId: id });
    return row;
  });
  return { token, secret: secretOf(context, token.id) };
}

/** The answer to a resend. */
export async function recallApiToken(context: Context, { tokenId }: { tokenId: string }): Promise<CreatedApiToken> {
  const token = await findApiToken(context.database.manager, tokenId, requireViewer(context).id);
  if (!token) throw notFound('API token');
  return { token, secret: secretOf(context, token.id) };
}

const secretOf = ({ secretKey }: Pick<Context, 'secretKey'>, id: string): string =>
  `${apiTokenPrefix}${createHmac('sha256', secretKey).update(`api token ${id} 1`).digest('base64url')}`;

/** Ends a token of the viewer; one that has ended already is no error. NOT_FOUND for what is not theirs. Emits user.sessions-revoked. */
export async function revokeApiToken(context: Context, { id }: RevokeApiTokenInput): Promise<{ id: string }> {
  const viewer = requireViewer(context);
  const lock = [`user:${viewer.id}`];
  return writeTransaction(context.database, { lock, idempotency: context.idempotency, committed: context.committed }, async (tx) => {
    await actingUser(viewer, tx.manager);
    const token = isUuid(id) ? await findApiToken(tx.manager, id, viewer.id) : null;
    if (!token) throw notFound('API token');
    tx.remember({ id: token.id });
    if (!token.revokedAt) {
      await revokeApiTokenRow(tx.manager, token.id, new Date());
      await emitRevoked(context, tx, viewer.id, { sessionIds: [], apiTokenIds: [token.id] });
    }
    return { id: token.id };
  });
}
