// Secrets of webhooks: derived from the row, so that none is stored and a resend shows the same (RULES §3).
import { createHmac } from 'node:crypto';

const bytesOf = (secretKey: string, id: string, generation: number): Buffer => createHmac('sha256', secretKey).update(`webhook secret ${id} ${generation}`).digest();

/** As Standard Webhooks writes secrets. */
export const webhookSecret = (secretKey: string, id: string, generation: number): string => `whsec_${bytesOf(secretKey, id, generation).toString('base64')}`;

export interface Signed {
  webhookId: string;
  generations: number[];
  /** Id of the event: the same at each try. */
  messageId: string;
  at: Date;
  body: string;
}

/** Headers of Standard Webhooks, with one signature for each secret that is good. */
export function signatureHeaders(secretKey: string, { webhookId, generations, messageId, at, body }: Signed): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = generations.map((generation) => `v1,${createHmac('sha256', bytesOf(secretKey, webhookId, generation)).update(`${messageId}.${timestamp}.${body}`).digest('base64')}`);
  return { 'webhook-id': messageId, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
