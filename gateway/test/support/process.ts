// The gateway as a process of its own, as it is built, over subgraphs of the test.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface GatewayProcess {
  url: string;
  child: ChildProcess;
  /** With which code it ended; null for a signal. */
  ended: Promise<number | null>;
  /** What it has logged so far. */
  lines: Record<string, unknown>[];
}

const entry = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Resolves when it listens. */
export async function startProcess(settings: Record<string, string>): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [entry], { env: { PATH: '/usr/bin:/bin', APOLLO_TELEMETRY_DISABLED: '1', LOG_LEVEL: 'info', PORT: '0', ...settings }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const lines: Record<string, unknown>[] = [];
  const listens = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Record<string, unknown>;
      lines.push(line);
      if (line['msg'] === 'the gateway listens') resolve(line['url'] as string);
    });
  });
  const url = await Promise.race([listens, ended]);
  if (typeof url !== 'string') throw new Error(`the gateway ended with ${url}`);
  return { url, child, ended, lines };
}
