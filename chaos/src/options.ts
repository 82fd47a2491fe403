// What was asked for on the command line. Whatever is wrong is one sentence.
import { parseArgs } from 'node:util';
import { StartError } from '@taskgraph/shared/start-error';
import type { Backend } from './system.js';

export interface Options {
  seed: number;
  minutes: number;
  backend: Backend;
}

export const usage = 'Usage: npm run chaos -- [--seed 1] [--minutes 1] [--backend postgres|redis]';

/** Null where help was asked for. */
export function readOptions(args: string[]): Options | null {
  const text = { type: 'string' } as const;
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({ args, options: { seed: text, minutes: text, backend: text, help: { type: 'boolean', short: 'h' } } }));
  } catch (error) {
    throw new StartError(`${(error as Error).message.split(/\.(\s|$)/)[0]}. ${usage}`);
  }
  if (values['help']) return null;
  const number = (name: 'seed' | 'minutes', least: number, most: number, otherwise: number): number => {
    if (values[name] === undefined) return otherwise;
    const value = Number(values[name]);
    if (!(value >= least && value <= most)) throw new StartError(`--${name} must be a number from ${least} to ${most}.`);
    return value;
  };
  const backend = values['backend'] ?? 'postgres';
  if (backend !== 'postgres' && backend !== 'redis') throw new StartError('--backend must be postgres or redis.');
  return { seed: Math.floor(number('seed', 0, 4_294_967_295, Date.now() % 1_000_000)), minutes: number('minutes', 0.1, 50, 1), backend };
}
