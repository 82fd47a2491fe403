// Mutations that cannot meet a conflict, each with the reason. Queries and subscriptions read, and need none.
import type { Proof } from './proof.js';

export const withoutConflict: Partial<Record<Proof['operation'], string>> = {
  'Mutation.login': 'Signing in twice is two sessions.',
  'Mutation.logout': 'Ending what has ended changes nothing.',
  'Mutation.requestPasswordReset': 'It asks for a mail; the newest token does not void the ones before.',
  'Mutation.requestEmailVerification': 'It asks for a mail; the newest token does not void the ones before.',
  'Mutation.revokeSession': 'Ending what has ended changes nothing, whoever of two was first.',
};
