// What is found out at the moment of a scrape. Whatever is asked (a database, a queue) may be dead or hang: the scrape answers
// all the same, and says so.
import { registry } from './registry.js';

const sources = new Set<() => unknown>();

/** Adds what is looked at before each scrape; it must neither reject nor take longer than `inTime` allows. Answers how to take it away. */
export function beforeScrape(source: () => unknown): () => void {
  sources.add(source);
  return () => void sources.delete(source);
}

/** Brings what is looked at up to date. */
export async function look(): Promise<void> {
  await Promise.all([...sources].map((source) => source()));
}

/** Everything this process has to tell, in Prometheus' text format. */
export async function scrape(): Promise<string> {
  await look();
  return registry.metrics();
}

/** How long a scrape waits for one source, in milliseconds. */
const patienceMs = 1_000;

/**
 * Bounds a look that may fail, hang or cost something: undefined where it fails or takes too long. One look runs at a time,
 * however many scrapes come, so a server that hangs holds one connection at most. An answer is good for `freshMs`.
 */
export function inTime<T>(look: () => Promise<T>, freshMs = 5_000): () => Promise<T | undefined> {
  let running: Promise<T | undefined> | undefined;
  let last: { value: T; at: number } | undefined;
  async function begin(): Promise<T | undefined> {
    try {
      const value = await look();
      last = { value, at: performance.now() };
      return value;
    } catch {
      last = undefined;
      return undefined;
    } finally {
      running = undefined;
    }
  }
  return async () => {
    if (last && performance.now() - last.at < freshMs) return last.value;
    running ??= begin();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => void (timer = setTimeout(() => resolve(undefined), patienceMs)));
    return Promise.race([running, late]).finally(() => clearTimeout(timer));
  };
}
