import type { DomainError } from '@taskgraph/shared/errors';
import { expect, test } from 'vitest';
import { hashPassword, verifyPassword, warmUp } from '../src/passwords.js';

test('a hash is argon2id with at least OWASP\'s parameters, and only its password fits it', async () => {
  const hash = await hashPassword('correct horse');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(hash, 'correct horse')).toBe(true);
  expect(await verifyPassword(hash, 'battery staple')).toBe(false);
  expect(await verifyPassword(null, 'correct horse')).toBe(false);
});

test('two hash at a time, a hundred wait, and whoever comes then is OVERLOADED and told when to come again', async () => {
  await warmUp();
  const results = await Promise.allSettled(Array.from({ length: 150 }, () => verifyPassword(null, 'x')));
  const refused = results.filter((result) => result.status === 'rejected').map((result) => result.reason as DomainError);
  expect(refused).toHaveLength(48);
  for (const error of refused) expect(error).toMatchObject({ code: 'OVERLOADED', details: { retryAfter: 3 } });
  // Everybody who was let in was answered, and the next one is.
  expect(await verifyPassword(null, 'x')).toBe(false);
});
