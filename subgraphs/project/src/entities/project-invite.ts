import type { ProjectRole } from '@taskgraph/shared/contracts/project-events';

/** An invite as it is shown and judged. */
export interface ProjectInviteRow {
  id: string;
  projectId: string;
  role: ProjectRole;
  /** As typed; null for an open invite. */
  email: string | null;
  /** The address folded to lower case. */
  emailKey: string | null;
  /** The code under AES-256-GCM; null for an invite by e-mail. */
  sealedCode: string | null;
  /** Null: no limit. */
  maxUses: number | null;
  uses: number;
  createdById: string;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  /** When the e-mail went out. */
  mailedAt: Date | null;
}

/** An invite together with the viewer's role in its project: what of it is shown depends on that. */
export interface VisibleInvite extends ProjectInviteRow {
  viewerRole: ProjectRole;
}

/** Whether somebody can still join by it. */
export const isLive = (invite: ProjectInviteRow, now: Date): boolean =>
  invite.revokedAt === null && invite.expiresAt > now && (invite.maxUses === null || invite.uses < invite.maxUses);
