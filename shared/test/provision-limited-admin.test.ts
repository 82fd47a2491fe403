import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { removePlace } from '../src/embedded-postgres/place.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded-postgres/start.js';
import { provision } from '../src/provision.js';
import { connect, withCredentials } from '../src/provision/connect.js';

// Roles belong to the server, so an administrator that has to make them needs a server without them.
const dir = mkdtempSync(join(tmpdir(), 'taskgraph-limited-'));
let server: EmbeddedPostgres;

beforeAll(async () => {
  chmodSync(dir, 0o755);
  server = await startEmbeddedPostgres({ dataDir: join(dir, 'data'), password: 'root', durable: false });
  const admin = await connect(server.adminUrl('postgres'));
  await admin.query("CREATE ROLE limited LOGIN CREATEROLE CREATEDB PASSWORD 'limited'");
  await admin.end();
});

afterAll(async () => {
  await server.stop();
  removePlace(join(dir, 'data'));
  rmSync(dir, { recursive: true, force: true });
});

test('an administrator with CREATEROLE and CREATEDB is enough, the first time and again', async () => {
  const { passwords } = inject('taskgraphPostgres');
  const url = withCredentials(server.adminUrl('taskgraph'), 'limited', 'limited');
  const adminUrls = { user: url, project: url, task: url, channel: url, stats: url, bullmq: url };
  await provision({ adminUrls, passwords });
  const urls = await provision({ adminUrls, passwords });
  const app = await connect(urls.user.app);
  expect((await app.query('SELECT current_schema() AS schema')).rows).toEqual([{ schema: 'user' }]);
  await expect(app.query('CREATE TEMP TABLE t (a int)')).rejects.toMatchObject({ code: '42501' });
  await app.end();
});
