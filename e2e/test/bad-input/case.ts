// One piece of bad input and what it is answered with.
import { graph } from '../authorization/row.js';

/** Ids that the cases put into their variables. */
export interface Ids {
  meId: string;
  projectId: string;
  /** Where the asker is VIEWER. */
  readOnlyId: string;
  /** Where the asker is nobody. */
  hiddenId: string;
  channelId: string;
  taskId: string;
  /** In the trash. */
  trashedId: string;
  /** Due in 2030, starts in 2029. */
  datedId: string;
  commentId: string;
  labelId: string;
  missingId: string;
}

export interface BadCase {
  name: string;
  document: string;
  variables: (ids: Ids) => Record<string, unknown>;
  /** `null` and `data`: no error at all. Default BAD_USER_INPUT. */
  code: string;
  /** What `extensions.fields[0].path` names, for BAD_USER_INPUT. */
  path: string;
}

type Values = object | ((ids: Ids) => object);
const resolve = (values: Values, ids: Ids): object => (typeof values === 'function' ? (values as (ids: Ids) => object)(ids) : values);

/** Cases of one mutation: good input, each time with one thing wrong. */
export function inputs(mutation: string, selection: string, good: Values, bad: Record<string, [wrong: Values, path: string, code?: string]>): BadCase[] {
  const type = graph.getMutationType()?.getFields()[mutation]?.args[0]?.type.toString() ?? 'missing';
  const document = `mutation ($input: ${type}) { ${mutation}(input: $input) { ${selection} } }`;
  return Object.entries(bad).map(([what, [wrong, path, code = 'BAD_USER_INPUT']]) => ({
    name: `${mutation}: ${what}`, document, path, code, variables: (ids) => ({ input: { ...resolve(good, ids), ...resolve(wrong, ids) } }),
  }));
}

/** A query whose variables are declared as given, as `$first: Int`. */
export const asked = (name: string, declared: string, body: string, values: Values, path: string, code = 'BAD_USER_INPUT'): BadCase => ({
  name, document: `query${declared ? ` (${declared})` : ''} { ${body} }`, path, code, variables: (ids) => ({ ...resolve(values, ids) }),
});
