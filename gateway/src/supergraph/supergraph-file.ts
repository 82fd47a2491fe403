// The supergraph's file: looked at every second, and at once on SIGHUP. What cannot be served is refused and the one before stays.
import { readFile, stat } from 'node:fs/promises';
import { counter, gauge } from '@taskgraph/shared/metrics/registry';
import { StartError } from '@taskgraph/shared/start-error';
import type { Logger } from 'pino';

export interface SupergraphFileOptions {
  path: string;
  /** Serves what the file holds; throws where that cannot be served. */
  take(supergraphSdl: string): Promise<boolean>;
  logger: Logger;
}

export interface SupergraphFile {
  /** Whether what the file holds now was refused. */
  refused(): boolean;
  stop(): Promise<void>;
}

/** What is there at the start. */
export async function readSupergraph(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new StartError(`The supergraph cannot be read: ${error.message}. Set SUPERGRAPH_PATH to the file that \`npm run compose\` writes.`);
  });
}

const reloads = counter('taskgraph_supergraph_reloads_total', 'Supergraphs read after the start: served, same (as the one before) or refused.', ['outcome']);
const refusedNow = gauge('taskgraph_supergraph_refused', 'Whether the supergraph in the file was refused and the one before is served: 1 or 0.', [], 'max');

/** By looking, not by notices of the system: those follow the inode, and files are replaced by renaming and by links. */
const lookEveryMs = 1_000;

export function followSupergraphFile({ path, take, logger }: SupergraphFileOptions): SupergraphFile {
  let seen = '';
  let tried = '';
  let refused = false;
  let stopped = false;
  let reading: Promise<void> | undefined;
  let again = false;

  async function read(): Promise<void> {
    try {
      const text = await readFile(path, 'utf8');
      if (stopped) return;
      reloads.inc({ outcome: (await take(text)) ? 'served' : 'same' });
      refused = false;
      refusedNow.set(0);
    } catch (error) {
      refused = true;
      refusedNow.set(1);
      reloads.inc({ outcome: 'refused' });
      logger.error({ path, reason: (error as Error).message }, 'the new supergraph is refused; the one before is served on');
    }
  }
  /** One after the other; what comes meanwhile is looked at afterwards. */
  async function readAll(): Promise<void> {
    do {
      again = false;
      await read();
    } while (again && !stopped);
    reading = undefined;
  }
  const reload = (): void => {
    again = true;
    reading ??= readAll();
  };

  async function look(): Promise<void> {
    const mark = await stat(path).then(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`, () => 'missing');
    // Who still writes changes it again: only what was the same for a while is whole.
    if (mark === seen && mark !== tried) {
      tried = mark;
      reload();
    }
    seen = mark;
  }

  const timer = setInterval(() => void look(), lookEveryMs).unref();
  process.on('SIGHUP', reload);
  return {
    refused: () => refused,
    async stop() {
      stopped = true;
      clearInterval(timer);
      process.off('SIGHUP', reload);
      await reading;
    },
  };
}
