// Who acts, judged by what the database says now and not by what a token said when it was made.
import { unauthenticated } from '@taskgraph/shared/errors';
import type { Viewer } from '@taskgraph/shared/identity';
import type { EntityManager } from 'typeorm';
import type { Context } from '../context.js';
import type { UserRow } from '../entities/user.js';
import { sessionLives } from '../repositories/session-repository.js';
import { findUsersByIds } from '../repositories/user-repository.js';

export function requireViewer(context: Pick<Context, 'viewer'>): Viewer {
  if (!context.viewer) throw unauthenticated();
  return context.viewer;
}

/** The viewer's account. UNAUTHENTICATED once it is deactivated or the session has ended, also before the gateway knows. */
export async function actingUser(viewer: Viewer, manager: EntityManager): Promise<UserRow> {
  const [user] = await findUsersByIds(manager, [viewer.id]);
  const lives = viewer.scopes !== undefined || (await sessionLives(manager, viewer));
  if (!user?.active || !lives) throw unauthenticated('The session has ended. Sign in again.');
  return user;
}
