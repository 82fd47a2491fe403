import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { firstMessage, startProcess } from './processes.mjs';

/** Starts the load generator; `load` runs it once and answers what load.mjs tells. */
export async function startGenerator() {
  if (!existsSync(join(import.meta.dirname, '..', 'rivals', 'node_modules', 'autocannon'))) throw new Error('The load generator is not installed: npm ci --prefix bench/rivals');
  const generator = startProcess('load generator', process.execPath, [join(import.meta.dirname, 'load.mjs')], { ipc: true });
  await firstMessage(generator);
  return {
    pid: generator.pid,
    stop: generator.stop,
    load(order) {
      const answer = firstMessage(generator);
      generator.child.send(order);
      return answer;
    },
  };
}
