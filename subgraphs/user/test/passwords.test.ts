import type { DomainError } from '@taskgraph/shared/errors';
import { expect, test } from 'vitest';
import { checkPassword } from '../src/commands/check-password.js';
import { hashPassword, verifyPassword, warmUp } from '../src/passwords.js';

/** For tests that run to the end on any machine. */
const patient = () => performance.now() + 600_000;

test('a hash is argon2id with at least OWASP\'s parameters, and only its password fits it', async () => {
  const hash = await hashPassword('correct horse');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(hash, 'correct horse')).toBe(true);
  expect(await verifyPassword(hash, 'battery staple')).toBe(false);
  expect(await verifyPassword(null, 'correct horse')).toBe(false);
});

test('a request that came too long ago begins no hash: it is OVERLOADED and told when to come again, however many hashes its document asks for', async () => {
  await warmUp();
  await expect(verifyPassword(null, 'x', performance.now() - 1)).rejects.toMatchObject({ code: 'OVERLOADED', details: { retryAfter: 3 } });
  await expect(hashPassword('correct horse', performance.now() - 1)).rejects.toMatchObject({ code: 'OVERLOADED' });
  // All places are taken for a moment, and one who waits for longer than it may leaves the queue for the others.
  const others = Promise.all(Array.from({ length: 10 }, () => verifyPassword(null, 'x', patient())));
  await expect(verifyPassword(null, 'x', performance.now() + 1)).rejects.toMatchObject({ code: 'OVERLOADED' });
  expect(new Set(await others)).toEqual(new Set([false]));
  expect(await verifyPassword(null, 'x')).toBe(false);
});

test('RULES §8: a login whose request is too old is refused before it is counted or waits for the database', async () => {
  const database = new Proxy({}, { get: () => expect.unreachable('the database is not asked') });
  await expect(checkPassword({ database: database as never, hashUntil: performance.now() - 1 }, null, 'ada', 'x')).rejects.toMatchObject({ code: 'OVERLOADED', details: { retryAfter: 3 } });
});

test('two hash at a time, a hundred wait, and whoever comes then is OVERLOADED and told when to come again', async () => {
  await warmUp();
  const results = await Promise.allSettled(Array.from({ length: 150 }, () => verifyPassword(null, 'x', patient())));
  const refused = results.filter((result) => result.status === 'rejected').map((result) => result.reason as DomainError);
  expect(refused).toHaveLength(48);
  for (const error of refused) expect(error).toMatchObject({ code: 'OVERLOADED', details: { retryAfter: 3 } });
  // Everybody who was let in was answered, and the next one is.
  expect(await verifyPassword(null, 'x')).toBe(false);
});
