import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { findContactNames } from './repositories/contact-repository.js';
import { askTogether } from './same-transaction.js';

/** Somebody's name, looked up together with those of the other events of the batch; null for nobody, and for somebody who is not known yet. */
export const nameOf = async (tx: WriteTransaction, userId: string | null): Promise<string | null> =>
  userId === null ? null : askTogether(tx, 'names', userId, (ids) => findContactNames(tx, ids));
