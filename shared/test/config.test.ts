import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { readConfig, subgraphSettings } from '../src/config.js';

afterEach(() => vi.restoreAllMocks());

const schema = z.object(subgraphSettings);
const good = {
  DATABASE_URL: 'postgres://app@localhost/taskgraph', WORKER_DATABASE_URL: 'postgres://worker@localhost/taskgraph', OWNER_DATABASE_URL: 'postgres://owner@localhost/taskgraph',
  SECRET_KEY: 'k'.repeat(43), IDENTITY_PRIVATE_KEY: 'key', IDENTITY_PUBLIC_KEYS: '{"gateway":"key"}',
};

/** What a process with these settings says and how it ends. */
function refused(env: NodeJS.ProcessEnv): { said: string; code: unknown } {
  let said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((said += String(text)), true));
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('exit');
  });
  expect(() => readConfig('stats', schema, env)).toThrow('exit');
  return { said, code: exit.mock.calls[0]?.[0] };
}

test('settings are typed and have the defaults of the documentation', () => {
  expect(readConfig('stats', schema, good)).toMatchObject({
    NODE_ENV: 'development', LOG_LEVEL: 'info', HOST: '127.0.0.1', PORT: 0, ROLES: ['api', 'worker'], DATABASE_POOL_SIZE: 10,
    DEFAULT_PAGE_SIZE: 100, MAX_PAGE_SIZE: 1000, IDENTITY_PUBLIC_KEYS: { gateway: 'key' },
  });
  expect(readConfig('stats', schema, { ...good, ROLES: 'worker', PORT: '4105' })).toMatchObject({ ROLES: ['worker'], PORT: 4105 });
});

test('an empty variable means that it is not set', () => {
  expect(readConfig('stats', schema, { ...good, ROLES: '', PORT: '' })).toMatchObject({ ROLES: ['api', 'worker'], PORT: 0 });
  expect(refused({ ...good, DATABASE_URL: '' }).said).toContain('DATABASE_URL: is required');
});

test('every problem is reported together, one line each, and the process ends with 1', () => {
  const { said, code } = refused({ ...good, DATABASE_URL: undefined, SECRET_KEY: 'short', ROLES: 'api,king', PORT: '70000', IDENTITY_PUBLIC_KEYS: 'nonsense' });
  expect(code).toBe(1);
  const lines = said.trimEnd().split('\n');
  expect(lines[0]).toBe('stats cannot start, its settings are wrong:');
  for (const name of ['DATABASE_URL', 'SECRET_KEY', 'ROLES', 'PORT', 'IDENTITY_PUBLIC_KEYS']) expect(lines.filter((line) => line.trim().startsWith(name)), name).toHaveLength(1);
  expect(lines).toHaveLength(6);
});

test('no secret is printed with a problem', () => {
  const { said } = refused({ ...good, SECRET_KEY: 'hunter2', DATABASE_URL: 'hunter3' });
  expect(said).not.toMatch(/hunter/);
});
