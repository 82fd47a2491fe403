// What takes too much of a machine for every run: stopping under 1,000 requests and 1,000 sockets.
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('npx', ['vitest', 'run', 'test/drain.test.ts'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, DRAIN_CLIENTS: process.env.DRAIN_CLIENTS ?? '1000' },
});
process.exitCode = status ?? 1;
