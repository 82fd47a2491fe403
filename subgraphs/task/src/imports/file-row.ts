// What readers of files answer: one row after the other, always the same ones in the same order.

/** One row: its values by column name, or what keeps it from being read. */
export interface FileRow {
  /** Line on which the row starts, from 1. */
  line: number;
  values: Record<string, unknown> | null;
  /** Why there are no values. */
  problem?: string;
}

/** What is wrong with the file as a whole; the import fails and its owner is told. */
export class FileProblem extends Error {}

/** Longest row, in characters. */
export const rowLimit = 262_144;
