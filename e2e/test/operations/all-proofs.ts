// Every proof, by the part of the product it is about.
import type { Proof } from './proof.js';
import { accountProofs } from './proofs-accounts.js';
import { apiTokenProofs } from './proofs-api-tokens.js';
import { changeProofs } from './proofs-changes.js';
import { channelMemberProofs } from './proofs-channel-members.js';
import { channelProofs } from './proofs-channels.js';
import { commentProofs } from './proofs-comments.js';
import { importProgressProofs, importProofs } from './proofs-imports.js';
import { deadLetterProofs } from './proofs-dead-letters.js';
import { inviteProofs } from './proofs-invites.js';
import { labelProofs } from './proofs-labels.js';
import { memberProofs } from './proofs-members.js';
import { notificationSettingsProofs } from './proofs-notification-settings.js';
import { notificationProofs } from './proofs-notifications.js';
import { passwordProofs } from './proofs-passwords.js';
import { peopleProofs } from './proofs-people.js';
import { projectProofs } from './proofs-projects.js';
import { sessionProofs } from './proofs-sessions.js';
import { taskLinkProofs } from './proofs-task-links.js';
import { taskMoveProofs } from './proofs-task-moves.js';
import { taskStatusProofs } from './proofs-task-status.js';
import { taskQueryProofs, taskWriteProofs } from './proofs-tasks.js';
import { templateProofs } from './proofs-templates.js';
import { undoProofs } from './proofs-undo.js';
import { webhookProofs } from './proofs-webhooks.js';

export const proofs: Proof[] = [
  ...accountProofs, ...peopleProofs, ...sessionProofs, ...passwordProofs, ...apiTokenProofs,
  ...projectProofs, ...memberProofs, ...inviteProofs, ...deadLetterProofs,
  ...taskQueryProofs, ...taskWriteProofs, ...taskStatusProofs, ...taskMoveProofs, ...undoProofs, ...taskLinkProofs, ...commentProofs, ...labelProofs,
  ...templateProofs, ...importProofs, ...importProgressProofs, ...changeProofs, ...channelProofs, ...channelMemberProofs, ...notificationProofs, ...notificationSettingsProofs, ...webhookProofs,
];
