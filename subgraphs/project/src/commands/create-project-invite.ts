import { badInput, conflict, DomainError, forbidden } from '@taskgraph/shared/errors';
import { newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import type { Context } from '../context.js';
import type { ProjectInviteRow, VisibleInvite } from '../entities/project-invite.js';
import type { VisibleProject } from '../entities/project.js';
import type { CreateProjectInviteInput } from '../generated/resolver-types.js';
import { canHandleInvite } from '../policies.js';
import { countLiveInvites, countMailed, insertInvite, insertMail } from '../repositories/project-invite-repository.js';
import { nextEvent } from '../repositories/project-repository.js';
import { invitedEvent } from './project-event.js';
import { projectIdOf, requireActive, viewerOf, writeProject, type ProjectRecord } from './write-project.js';

export interface CreatedInvite {
  invite: VisibleInvite;
  project: VisibleProject;
}

/** What a resend of createProjectInvite is answered from. */
export interface InviteRecord extends ProjectRecord {
  inviteId: string;
}

/** Invites that a project has at a time: they are shown without pages. */
const liveLimit = 200;
/** Mails that one person has sent to strangers in an hour. */
const mailLimit = 50;
const largestMaxUses = 10_000;
const day = 24 * 3_600_000;

/**
 * Makes an open invite with a code, or leaves one for an e-mail address to the worker, which makes and mails its code.
 * Emits project.invited.
 */
export async function createProjectInvite(context: Context, input: CreateProjectInviteInput): Promise<CreatedInvite> {
  const viewerId = viewerOf(context);
  const wanted = readInvite(input);
  // All that one person mails is counted, whatever the project.
  const moreLocks = wanted.email === null ? [] : [`inviter:${viewerId}`];
  return writeProject(context, projectIdOf(input.projectId), async (tx, found) => {
    if (!canHandleInvite(found.viewerRole, wanted.role)) throw forbidden();
    requireActive(found);
    if ((await countLiveInvites(tx.query, found.id)) >= liveLimit) throw conflict(`This project has ${liveLimit} invites: revoke some first.`);
    if (wanted.email !== null) await checkMailBudget(tx, viewerId);
    const invite = await insertWithCode(context, tx, {
      ...wanted, id: newId(), projectId: found.id, sealedCode: null, uses: 0, createdById: viewerId, createdAt: new Date(), revokedAt: null, mailedAt: null,
    });
    const project = await nextEvent(tx.manager, found);
    await tx.emit(invitedEvent(project, invite, context));
    tx.remember({ projectId: found.id, inviteId: invite.id } satisfies InviteRecord);
    return { invite: { ...invite, viewerRole: found.viewerRole }, project };
  }, { moreLocks });
}

/** An open invite gets its code here; one by e-mail gets the record of its mail, which the worker finds. */
async function insertWithCode({ inviteCodes }: Context, tx: WriteTransaction, row: ProjectInviteRow): Promise<ProjectInviteRow> {
  if (row.email !== null) {
    await insertInvite(tx.query, row, null);
    await insertMail(tx.query, row.id);
    return row;
  }
  for (;;) {
    const code = inviteCodes.random();
    const invite = { ...row, sealedCode: inviteCodes.seal(row.id, code) };
    if (await insertInvite(tx.query, invite, inviteCodes.hash(code))) return invite;
  }
}

async function checkMailBudget(tx: WriteTransaction, userId: string): Promise<void> {
  const { count, secondsLeft } = await countMailed(tx.query, userId);
  if (count >= mailLimit) throw new DomainError('RATE_LIMITED', 'Too many invites by e-mail.', { retryAfter: Math.max(1, secondsLeft) });
}

function readInvite(input: CreateProjectInviteInput): Pick<ProjectInviteRow, 'role' | 'email' | 'emailKey' | 'maxUses' | 'expiresAt'> {
  const email = input.email ?? null;
  const maxUses = input.maxUses ?? (email === null ? null : 1);
  if (maxUses !== null && (maxUses < 1 || maxUses > largestMaxUses)) throw badInput('input.maxUses', 'must lie between 1 and 10,000');
  if (email !== null && maxUses !== 1) throw badInput('input.maxUses', 'must be 1 for an invite by e-mail');
  const now = Date.now();
  const expiresAt = input.expiresAt ?? new Date(now + 7 * day);
  if (expiresAt.getTime() <= now) throw badInput('input.expiresAt', 'must lie in the future');
  if (expiresAt.getTime() > now + 90 * day) throw badInput('input.expiresAt', 'must lie at most 90 days ahead');
  return { role: input.role ?? 'MEMBER', email, emailKey: email?.toLowerCase() ?? null, maxUses, expiresAt };
}
