/** Folds text for comparing without case: stored columns (`title_key`, `name_key`), filters and states in memory go through the same. */
export const fold = (text: string): string => text.toLowerCase();
