// Pure yes/no rules of accounts.
import type { Viewer } from '@taskgraph/shared/identity';
import type { UserRow } from './entities/user.js';

/** E-mail and its state: the user and ADMIN. */
export const canSeeEmail = (viewer: Viewer | null, user: Pick<UserRow, 'id'>): boolean =>
  viewer !== null && (viewer.id === user.id || viewer.role === 'ADMIN');

/** Roles, and accounts of others: ADMIN by what the account is now, and by what the request may use of it. */
export const canManageUsers = (viewer: Viewer, actor: Pick<UserRow, 'role'>): boolean => viewer.role === 'ADMIN' && actor.role === 'ADMIN';

/** Oneself, signed in; others, ADMIN. */
export const canDeactivate = (viewer: Viewer, actor: Pick<UserRow, 'role'>, user: Pick<UserRow, 'id'>): boolean =>
  (viewer.id === user.id && viewer.scopes === undefined) || canManageUsers(viewer, actor);

/** Signing in and out, passwords, addresses, roles, sessions and tokens: never with an API token (RULES §8). */
export const mayUseAccount = (viewer: Viewer | null): boolean => viewer?.scopes === undefined;

/** The scopes of a new API token are not wider than its maker. */
export const canMint = (actor: Pick<UserRow, 'role'>, scopes: readonly string[]): boolean => actor.role === 'ADMIN' || !scopes.includes('ADMIN');

/** Without this account as ADMIN the installation has none. */
export const isLastAdmin = (user: Pick<UserRow, 'role' | 'active'>, activeAdmins: number): boolean => user.role === 'ADMIN' && user.active && activeAdmins <= 1;
