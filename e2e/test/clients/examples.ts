// The examples of docs/live.md as modules: what the page shows is what the tests run.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const page = resolve(import.meta.dirname, '..', '..', '..', 'docs', 'live.md');

export interface Change {
  cursor: string;
  kind: string;
  taskId: string | null;
  task: { title: string; status: string } | null;
}

interface Common {
  url: string;
  token: () => Promise<string> | string;
}

export interface Examples {
  followProject: (options: Common & { projectId: string; after: string | null; onChange: (change: Change) => void; onResync: () => Promise<string>; webSocketImpl: unknown }) => () => void;
  /** An ApolloClient. */
  createLiveClient: (options: Common & { onResync: () => Promise<string>; webSocketImpl: unknown }) => any;
  followOnce: (options: Common & { projectId: string; after: string | null; onChange: (change: Change) => void; signal?: AbortSignal }) => Promise<void>;
}

/** Each heading's first block of code that is a module. */
export async function loadExamples(): Promise<Examples> {
  const text = await readFile(page, 'utf8');
  const blocks = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code as string).filter((code) => code.startsWith('import '));
  // Inside the package, so that they find their libraries.
  const directory = await mkdtemp(join(import.meta.dirname, '.examples-'));
  try {
    const modules = await Promise.all(
      blocks.map(async (code, index) => {
        const file = join(directory, `example-${index}.mjs`);
        await writeFile(file, code);
        return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as object;
      }),
    );
    return Object.assign({}, ...modules) as Examples;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
