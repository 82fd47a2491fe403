// Mails an invite that was given up again, because an ADMIN asked for it. The sweep queues it.
import type { Redrive } from '@taskgraph/shared/dead-letters';
import { z } from 'zod';
import { reviveMail } from '../repositories/invite-mail-repository.js';

const buried = z.object({ inviteId: z.string() });

export const redriveInviteMail: Redrive = async (tx, { payload }) => void (await reviveMail(tx, buried.parse(payload).inviteId));
