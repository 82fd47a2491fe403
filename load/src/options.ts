// What was asked for on the command line. Whatever is wrong is one sentence.
import { parseArgs } from 'node:util';
import { StartError } from '@taskgraph/shared/start-error';
import type { Amounts } from './plan.js';

export interface Options extends Amounts {
  /** Of every loaded account; null for one made up. */
  password: string | null;
}

const limits: Record<keyof Amounts, [least: number, most: number]> = {
  tasks: [1, 20_000_000],
  users: [2, 10_000],
  projects: [1, 1_000],
  seed: [1, 999_999],
};
const defaults: Amounts = { tasks: 10_000, users: 50, projects: 20, seed: 1 };

export const usage = `Usage: npm run load -- [--tasks 1000000] [--projects 20] [--users 50] [--seed 1] [--password <text>]`;

/** Null where help was asked for. */
export function readOptions(args: string[]): Options | null {
  let values: Record<string, string | boolean | undefined>;
  try {
    const text = { type: 'string' } as const;
    ({ values } = parseArgs({ args, options: { tasks: text, users: text, projects: text, seed: text, password: text, help: { type: 'boolean', short: 'h' } } }));
  } catch (error) {
    // The first sentence; what follows is about how to write it otherwise.
    throw new StartError(`${((error as Error).message.split(/\.(\s|$)/)[0] as string).replaceAll('\n', ' ')}. ${usage}`);
  }
  if (values['help']) return null;
  const amounts = Object.fromEntries(Object.keys(defaults).map((name) => [name, amount(name as keyof Amounts, values[name] as string | undefined)])) as unknown as Amounts;
  const password = (values['password'] as string | undefined) ?? null;
  if (password !== null && (password.length < 8 || password.length > 256)) throw new StartError('--password must have 8 to 256 characters.');
  return { ...amounts, password };
}

function amount(name: keyof Amounts, text: string | undefined): number {
  if (text === undefined) return defaults[name];
  const [least, most] = limits[name];
  const value = Number(text.replaceAll('_', ''));
  if (!/^[\d_]+$/.test(text) || !Number.isSafeInteger(value) || value < least || value > most) {
    throw new StartError(`--${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}.`);
  }
  return value;
}
