// What stands in a List-Unsubscribe link: whose e-mail and which, signed, so that nobody needs to sign in. It never ends: a mail
// may be opened after years, and all it can do is to stop e-mail.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isUuid } from '@taskgraph/shared/ids';
import { notificationKinds, type NotificationKind } from './entities/notification.js';

export interface Unsubscription {
  userId: string;
  /** Null: every kind. */
  kind: NotificationKind | null;
}

const macOf = (secret: string, body: string): Buffer => createHmac('sha256', secret).update(`unsubscribe ${body}`).digest().subarray(0, 16);

export function unsubscribeToken(secret: string, { userId, kind }: Unsubscription): string {
  const body = `${userId}.${kind ?? 'ALL'}`;
  return `${Buffer.from(body).toString('base64url')}.${macOf(secret, body).toString('base64url')}`;
}

/** Null for anything that `unsubscribeToken` did not make. */
export function readUnsubscribeToken(secret: string, token: string): Unsubscription | null {
  const [encoded = '', mac = ''] = token.split('.');
  const body = Buffer.from(encoded, 'base64url').toString();
  const [given, right] = [Buffer.from(mac, 'base64url'), macOf(secret, body)];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  const [userId = '', kind] = body.split('.');
  const known = notificationKinds.find((name) => name === kind) ?? null;
  return isUuid(userId) && (known !== null || kind === 'ALL') ? { userId, kind: known } : null;
}
