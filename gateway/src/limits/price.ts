// The price of one operation with these variables, and what a client needs to know to make it smaller.
import type { CostNode, CostTree, Rows, Variables } from './cost-tree.js';

export interface DearPath {
  path: string;
  cost: number;
}

/** Points. `largestPage` counts every page as if at most so many rows were asked for. */
export function priceOf({ roots }: CostTree, variables: Variables, largestPage = Infinity): number {
  return bounded(sumOf(roots, variables, largestPage));
}

/** What waits for no variables is worked out once. */
const settled = new WeakMap<CostNode, number>();

function sumOf(nodes: readonly CostNode[], variables: Variables, largestPage: number): number {
  let sum = 0;
  for (const node of nodes) {
    const before = largestPage === Infinity ? settled.get(node) : undefined;
    if (before !== undefined) {
      sum += before;
      continue;
    }
    if (!counts(node.when, variables)) continue;
    const each = node.weight + sumOf(node.children, variables, largestPage);
    const points = node.inputs(variables) + (node.rows ? count(node.rows, variables, largestPage) * each : each);
    if (!node.open && largestPage === Infinity) settled.set(node, points);
    sum += points;
  }
  return sum;
}

/** The dearest fields by what they cost themselves, with all their rows, without what is selected below them. */
export function dearestPaths({ roots }: CostTree, variables: Variables, most = 5): DearPath[] {
  const paths: DearPath[] = [];
  const walk = (nodes: readonly CostNode[], times: number) => {
    for (const node of nodes) {
      if (!counts(node.when, variables)) continue;
      const rows = node.rows ? times * count(node.rows, variables) : times;
      const cost = bounded(rows * node.weight + times * node.inputs(variables));
      if (cost > 0) paths.push({ path: node.path, cost });
      walk(node.children, rows);
    }
  };
  walk(roots, 1);
  return paths.sort((a, b) => b.cost - a.cost).slice(0, most);
}

/** The largest size of all pages with which it would pass; null where even pages of one row are too much. */
export function fittingPage(tree: CostTree, variables: Variables, limit: number, largest: number): number | null {
  let [fits, tooMuch] = [0, largest + 1];
  while (tooMuch - fits > 1) {
    const size = Math.floor((fits + tooMuch) / 2);
    if (priceOf(tree, variables, size) <= limit) fits = size;
    else tooMuch = size;
  }
  return fits === 0 ? null : fits;
}

/** The first argument that asks for a page larger than `largest`. */
export function tooLongPage({ pages }: CostTree, variables: Variables, largest: number): string | undefined {
  return pages.find(({ slice, when }) => (valueOf(slice.value, variables) ?? 0) > largest && counts(when, variables))?.slice.argument;
}

function valueOf(value: Rows['slices'][number]['value'], variables: Variables): number | undefined {
  const given = typeof value === 'function' ? value(variables) : value;
  return typeof given === 'number' ? given : undefined;
}

function count({ assumed, slices, paged }: Rows, variables: Variables, largestPage = Infinity): number {
  let asked: number | undefined;
  for (const { value } of slices) {
    const given = valueOf(value, variables);
    if (given !== undefined) asked = Math.max(asked ?? 0, given);
  }
  const rows = asked ?? assumed;
  return paged ? Math.min(rows, largestPage) : rows;
}

/** Variables of conditions are Booleans, which execution makes sure of. */
function counts(when: CostNode['when'], variables: Variables): boolean {
  return when.length === 0 || when.some((all) => all.every(({ variable, is }) => variable(variables) === is));
}

/** Still a number in JSON, however many rows were asked for. */
const bounded = (points: number): number => Math.min(points, Number.MAX_SAFE_INTEGER);
