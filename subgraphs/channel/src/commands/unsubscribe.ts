import { writeTransaction } from '@taskgraph/shared/write-transaction';
import type { DataSource } from 'typeorm';
import { methodsFor } from '../delivery-plan.js';
import { notificationKinds } from '../entities/notification.js';
import { findOwnSettings, saveSettings } from '../repositories/settings-repository.js';
import type { Unsubscription } from '../unsubscribe-token.js';
import { settingsLock } from './update-notification-settings.js';

/** Takes e-mail from one kind, or from all. What is on its way is judged by it when it is sent. A second time changes nothing. */
export async function unsubscribe(database: DataSource, { userId, kind }: Unsubscription): Promise<void> {
  await writeTransaction(database, { lock: [settingsLock(userId)] }, async (tx) => {
    const settings = await findOwnSettings(tx.query, userId);
    const mailed = (kind ? [kind] : notificationKinds).filter((one) => methodsFor(settings, one).includes('EMAIL'));
    if (mailed.length === 0) return;
    const without = Object.fromEntries(mailed.map((one) => [one, methodsFor(settings, one).filter((method) => method !== 'EMAIL')]));
    await saveSettings(tx, userId, { ...settings, methods: { ...settings.methods, ...without }, version: settings.version + 1 });
  });
}
