import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Prints every line of a child under its name. */
export function prefixLines(name: string, from: Readable, to: NodeJS.WritableStream): void {
  createInterface({ input: from, crlfDelay: Infinity }).on('line', (line) => to.write(`[${name}] ${line}\n`));
}

/** The supervisor's own word to whoever started it. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
