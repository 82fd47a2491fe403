// What the tests of imports share: documents, uploading as the gateway does it, and workers as processes of their own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Viewer } from '@taskgraph/shared/identity';
import { eventually } from '@taskgraph/shared/testing/eventually';
import type { Harness } from './harness.js';

const fields = 'id status uploadUrl totalRows processedRows createdRows failedRows errorFileUrl dryRun startedAt finishedAt failure columns';
export const startImport = `mutation ($input: StartTaskImportInput!) { startTaskImport(input: $input) { taskImport { ${fields} } } }`;
export const cancelImport = `mutation ($input: CancelTaskImportInput!) { cancelTaskImport(input: $input) { taskImport { ${fields} } } }`;
export const showImport = `query ($id: ID!) { taskImport(id: $id) { ${fields} } }`;
export const exportTasks = 'mutation ($input: ExportTasksInput!) { exportTasks(input: $input) { url expiresAt } }';

// Whatever GraphQL answers.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Answered = any;

const tokenOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);

/** Calls an internal route as the gateway does for a public address. */
export async function internal(task: Harness, folder: 'uploads' | 'exports', url: string, init: RequestInit = {}): Promise<Response> {
  const authorization = `Bearer ${await task.identities.signer('gateway').tokenFor('task')}`;
  return fetch(`${task.url}/internal/${folder}/${tokenOf(url)}`, { ...init, headers: { authorization, ...init.headers } });
}

export const upload = (task: Harness, url: string, body: string | Buffer | ReadableStream): Promise<Response> =>
  internal(task, 'uploads', url, { method: 'PUT', body: body as never, headers: { 'content-type': 'text/csv' }, duplex: 'half' } as RequestInit);

/** Starts an import and uploads its file; answers its id. */
export async function begin(task: Harness, viewer: Viewer, input: object, content: string | Buffer): Promise<string> {
  const { taskImport } = (await task.ok(startImport, { input: { format: 'CSV', ...input } }, viewer)).startTaskImport;
  const answer = await upload(task, taskImport.uploadUrl, content);
  if (answer.status !== 202) throw new Error(`the upload was answered ${answer.status}: ${await answer.text()}`);
  return taskImport.id as string;
}

/** Waits for an import to end and answers it. */
export function ended(task: Harness, viewer: Viewer, id: string, timeoutMs = 30_000): Promise<Answered> {
  return eventually(
    async () => {
      const { taskImport } = await task.ok(showImport, { id }, viewer);
      if (taskImport.finishedAt === null) throw new Error(`still ${JSON.stringify(taskImport)}`);
      return taskImport as Answered;
    },
    { timeoutMs },
  );
}

/** Lines of the error file, without its header. */
export async function errorLines(task: Harness, taskImport: Answered): Promise<string[]> {
  const answer = await internal(task, 'exports', taskImport.errorFileUrl);
  const [header, ...lines] = (await answer.text()).trimEnd().split('\n');
  if (answer.status !== 200 || header !== 'line,column,reason') throw new Error(`no error file: ${answer.status} ${header}`);
  return lines;
}

/** A worker as a process of its own, from the build. */
export function spawnWorker(task: Harness): { process: ChildProcess; kill: (signal: NodeJS.Signals) => Promise<void> } {
  const entry = fileURLToPath(new URL('../dist/main.js', import.meta.url));
  const child = spawn(process.execPath, [entry], { env: { PATH: process.env['PATH'], ...task.settings, ROLES: 'worker', PORT: '0' }, stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = once(child, 'exit');
  // A test process that dies does not run its clean-up.
  const killOnExit = () => void child.kill('SIGKILL');
  process.once('exit', killOnExit);
  return {
    process: child,
    async kill(signal) {
      child.kill(signal);
      await gone;
      process.off('exit', killOnExit);
    },
  };
}
