// Rows of a JSON file: one array of objects, or one object after the other (NDJSON). The file is cut into its outermost
// objects and each is parsed on its own, so that one that is broken is one bad row, and nothing large is ever held.
import { FileProblem, rowLimit, type FileRow } from './file-row.js';
import { textOf, type Encoding } from './file-text.js';

/** Deepest nesting; nothing that a task holds comes near. */
const depthLimit = 32;

interface Cut {
  line: number;
  text: string;
  problem?: string;
}

export async function* readJson(path: string, encoding: Encoding): AsyncGenerator<FileRow> {
  const state = createCutter();
  for await (const piece of textOf(path, encoding)) for (const cut of state.cut(piece)) yield rowOf(cut);
  for (const cut of state.end()) yield rowOf(cut);
}

function rowOf({ line, text, problem }: Cut): FileRow {
  if (problem) return { line, values: null, problem };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { line, values: Object.assign(Object.create(null), value) as Record<string, unknown> };
    return { line, values: null, problem: 'must be an object' };
  } catch {
    return { line, values: null, problem: 'is not valid JSON' };
  }
}

interface Cutter {
  cut(piece: string): Cut[];
  end(): Cut[];
}

const quote = 34;
const backslash = 92;
const newline = 10;

/** Finds where each outermost value starts and ends, by nothing but brackets and quotes. */
function createCutter(): Cutter {
  let line = 1;
  let start = 0;
  let buffer = '';
  let depth = 0;
  let inString = false;
  let escaped = false;
  let inArray = false;
  let closed = false;
  let begun = false;
  /** Inside a value that is not an object or array: up to the next comma, bracket or line end. */
  let bare = false;
  /** After a broken value: whatever is left of it is passed over, up to the next object. */
  let lost = false;
  let problem: string | undefined;

  const finish = (out: Cut[]): void => {
    out.push({ line: start, text: buffer, ...(problem ? { problem } : {}) });
    buffer = '';
    depth = 0;
    inString = bare = escaped = false;
    problem = undefined;
  };

  function cut(piece: string): Cut[] {
    const out: Cut[] = [];
    let from = 0;
    const keep = (to: number): void => {
      if (buffer.length + to - from <= rowLimit) buffer += piece.slice(from, to);
      else problem = 'is longer than 256 KiB';
    };
    for (let at = 0; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (code === newline) line += 1;
      if (inString) {
        if (escaped) escaped = false;
        else if (code === backslash) escaped = true;
        else if (code === quote) inString = false;
        else if (code === newline) {
          // No string of JSON holds a line end: the value is broken, and the next one may start on the next line.
          keep(at);
          problem ??= 'is not valid JSON';
          finish(out);
          lost = true;
        }
        continue;
      }
      const sign = piece[at] as string;
      if (depth === 0 && !bare) {
        if (' \n\t,'.includes(sign) || (lost && sign !== '{')) continue;
        lost = false;
        if (!begun && sign === '[') inArray = begun = true;
        else if (inArray && sign === ']') closed = true;
        else {
          if (closed) throw new FileProblem(`There is more on line ${line}, after the end of the array.`);
          begun = true;
          start = line;
          from = at;
          if (sign === '{' || sign === '[') depth = 1;
          else bare = true;
          if (code === quote) inString = true;
        }
        continue;
      }
      if (bare) {
        if (code === quote) inString = true;
        if (sign === ',' || sign === ']' || code === newline) {
          keep(at);
          finish(out);
          if (sign === ']') closed = true;
        }
        continue;
      }
      if (code === quote) inString = true;
      else if (sign === '{' || sign === '[') depth += 1;
      else if (sign === '}' || sign === ']') depth -= 1;
      if (depth > depthLimit) problem ??= 'is nested too deeply';
      if (depth === 0) {
        keep(at + 1);
        finish(out);
      }
    }
    if (depth > 0 || bare) keep(piece.length);
    return out;
  }

  return {
    cut,
    end() {
      const out: Cut[] = [];
      if (depth > 0 || bare) {
        if (!bare || inString) problem ??= 'is not complete: the file ends here';
        finish(out);
      } else if (inArray && !closed && !lost) out.push({ line, text: '', problem: 'the file ends before its array does' });
      return out;
    },
  };
}
