// Sends a mail that was given up again, because an ADMIN asked for it. The sweep queues it.
import type { Redrive } from '@taskgraph/shared/dead-letters';
import { z } from 'zod';
import { reviveMail } from '../repositories/mail-repository.js';

const buried = z.object({ mailId: z.string() });

export const redriveMail: Redrive = async (tx, { payload }) => {
  const { mailId } = buried.parse(payload);
  tx.alsoLock([`mail:${mailId}`]);
  await reviveMail(tx, mailId);
};
