// The built process (`npm test` builds first): its roles, its settings, its probes and its end.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@taskgraph/shared/testing/eventually';
import { freePort } from '@taskgraph/shared/testing/ports';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProject, type Harness } from './harness.js';

let project: Harness;
beforeAll(async () => void (project = await startProject()));
afterAll(() => project.stop());

const entry = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'main.js');

function run(settings: Record<string, string>) {
  const child = spawn(process.execPath, [entry], { env: { PATH: '/usr/bin:/bin', ...project.settings, ...settings }, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, exit, errors: () => errors };
}

test.each(['worker', 'api,worker'])('as %s it gets ready, answers its probes and ends on SIGTERM', async (roles) => {
  const port = String(await freePort());
  const { child, exit } = run({ ROLES: roles, PORT: port, MAIL_DIR: '/tmp', QUEUE_DATABASE_URL: project.database.queue });
  await eventually(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
  const graphql = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST' });
  expect(graphql.status).toBe(roles === 'worker' ? 404 : 401);
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
});

test('a worker without queue and mail server says so, all at once, and does not start', async () => {
  const { exit, errors } = run({ ROLES: 'worker', USER_URL: '' });
  expect(await exit).toBe(1);
  for (const name of ['USER_URL', 'REDIS_URL', 'SMTP_URL']) expect(errors()).toMatch(new RegExp(`^  ${name}: .*required`, 'm'));
});
