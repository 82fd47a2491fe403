// Cells of the CSV files that we write.

/** What a spreadsheet would take for a formula, quote signs before it included. */
const formula = /^'*[=+\-@\t\r]/;

/**
 * A quote sign before what a spreadsheet would run as a formula (OWASP, CSV injection); imports take it off again
 * (imports/row-values.ts), so a file that is exported and imported holds the same texts.
 */
export const guardCell = (text: string): string => (formula.test(text) ? `'${text}` : text);
