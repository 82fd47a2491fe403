import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '@taskgraph/shared/start-error';
import type { Child } from './child.js';
import { complain } from './output.js';

const POLL_MS = 100;
const ANSWER_MS = 2_000;
/** A process that dies this often before it was ever ready will not get there by another try. */
const DEATHS_ALLOWED = 5;
const REMIND_MS = 20_000;

/** Resolves when all of them have been ready; says now and then who is not. Ends quietly when `signal` fires. */
export async function waitUntilReady(targets: { child: Child; url: string }[], signal: AbortSignal): Promise<void> {
  await Promise.all(targets.map(({ child, url }) => waitFor(child, url, signal)));
}

async function waitFor(child: Child, url: string, signal: AbortSignal): Promise<void> {
  let remindAt = performance.now() + REMIND_MS;
  while (!signal.aborted) {
    const missing = await whatIsMissing(url);
    if (missing === undefined) return;
    if (child.deaths() >= DEATHS_ALLOWED) throw new StartError(`${child.name} does not start: its own lines above, marked [${child.name}], say why.`);
    if (performance.now() > remindAt) {
      complain(`still waiting for ${child.name}: ${missing}`);
      remindAt += REMIND_MS;
    }
    await delay(POLL_MS);
  }
}

/** undefined: ready. */
async function whatIsMissing(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (response.ok) return undefined;
    const body = (await response.json()) as { missing?: unknown };
    return Array.isArray(body.missing) ? body.missing.join(', ') : `status ${response.status}`;
  } catch {
    return 'no answer yet';
  }
}
