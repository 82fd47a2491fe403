// How large variables may be: coercion walks them recursively, and each value of a list is work in a subgraph.
import { atMost, type Excess } from './document-bounds.js';

/** Values within values; the filter's own bound is far lower, and answered in words of its own. */
const deepest = 100;

/** Walks without recursion: JSON may be nested as deep as its text is long. */
export function excessOfVariables(variables: unknown, values: number): Excess | undefined {
  if (typeof variables !== 'object' || variables === null) return undefined;
  let count = 0;
  let level: object[] = [variables];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > deepest) return atMost('variableDepth', deepest, 'values within values in the variables');
    const below: object[] = [];
    for (const holder of level) {
      for (const value of Object.values(holder)) {
        count += 1;
        if (count > values) return atMost('variables', values, 'values in the variables');
        if (typeof value === 'object' && value !== null) below.push(value as object);
      }
    }
    level = below;
  }
  return undefined;
}
