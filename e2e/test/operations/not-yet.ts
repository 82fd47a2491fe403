// Operations whose proofs are not written: each names the part it belongs to. A line goes as its proofs come; a test sees that none stays.
import type { Proof } from './proof.js';

export const outsideProofs: Partial<Record<Proof['operation'], string>> = {
  'Query.notificationFeed': 'belongs to live notifications',
  'Subscription.notificationReceived': 'belongs to live notifications',
};
