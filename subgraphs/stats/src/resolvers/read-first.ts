import { badInput } from '@taskgraph/shared/errors';

/** How many are asked for; null counts as absent. */
export function readFirst(first: number | null | undefined, { usual, most }: { usual: number; most: number }): number {
  const size = first ?? usual;
  if (size < 1 || size > most) throw badInput('first', `must lie between 1 and ${most}`);
  return size;
}
