// Who asks, and what RULES §1 says they get. Everything here is derived from the rules, nothing from the code.

/** One person per column, but for `anonymous`; the owner of the channel is a stranger to the project and the other way round. */
export const columns = [
  'anonymous', 'stranger', 'VIEWER', 'MEMBER', 'MAINTAINER', 'OWNER', 'channel MEMBER', 'channel MODERATOR', 'channel OWNER', 'ADMIN',
] as const;
export type Column = (typeof columns)[number];

/** `data`: an answer; `null`: null without an error; `empty`: a list or page without rows; else the code of the refusal. */
export type Outcome = 'data' | 'null' | 'empty' | 'UNAUTHENTICATED' | 'NOT_FOUND' | 'FORBIDDEN' | 'BAD_USER_INPUT' | 'CONFLICT';

/** A column that is absent is not asked: it could not come into the row's situation, or gets the answer of `stranger` (see the row). */
export type Cells = Partial<Record<Column, Outcome>>;

const projectRoles = ['VIEWER', 'MEMBER', 'MAINTAINER', 'OWNER'] as const;
const channelRoles = ['channel MEMBER', 'channel MODERATOR', 'channel OWNER'] as const;

const everybody = (outcome: Outcome): Cells => Object.fromEntries(columns.map((column) => [column, outcome]));
const nobody = (refusal: Outcome): Cells => ({ ...everybody(refusal), anonymous: 'UNAUTHENTICATED' });

/** From this role up the first outcome, for those below it who belong there the second. */
function ladder<R extends Column>(roles: readonly R[], least: R, granted: Outcome, refused: Outcome): Cells {
  return Object.fromEntries(roles.map((role, rank) => [role, rank >= roles.indexOf(least) ? granted : refused]));
}

/** Every signed-in person, whatever they belong to. */
export const signedIn = (outcome: Outcome = 'data'): Cells => ({ ...nobody(outcome) });
/** Also without a token. */
export const open = (outcome: Outcome = 'data'): Cells => everybody(outcome);
/** What is refused to everybody alike, although it exists for somebody else. */
export const othersOnly = (refusal: Outcome): Cells => nobody(refusal);
export const adminOnly = (refusal: Outcome = 'FORBIDDEN'): Cells => ({ ...nobody(refusal), ADMIN: 'data' });
/** Only this column's person. */
export const only = (column: Column, refusal: Outcome = 'NOT_FOUND'): Cells => ({ ...nobody(refusal), [column]: 'data' });

/** A write in a project: who belongs there and may not is FORBIDDEN, to everybody else there is no such thing. */
export const projectWrite = (least: (typeof projectRoles)[number]): Cells => ({ ...nobody('NOT_FOUND'), ...ladder(projectRoles, least, 'data', 'FORBIDDEN') });
/** A query field of a project: null without an error for whoever may not see it. */
export const projectSee = (least: (typeof projectRoles)[number] = 'VIEWER', hidden: Outcome = 'null'): Cells => ({ ...nobody(hidden), ...ladder(projectRoles, least, 'data', hidden) });
/** The same for what only seeing the project decides, as a mutation. */
export const projectSeen = (): Cells => projectWrite('VIEWER');

export const channelWrite = (least: (typeof channelRoles)[number]): Cells => ({ ...nobody('NOT_FOUND'), ...ladder(channelRoles, least, 'data', 'FORBIDDEN') });
export const channelSee = (least: (typeof channelRoles)[number] = 'channel MEMBER', hidden: Outcome = 'null'): Cells => ({ ...nobody(hidden), ...ladder(channelRoles, least, 'data', hidden) });

/** Leaves columns out. */
export function without(cells: Cells, ...left: Column[]): Cells {
  return Object.fromEntries(Object.entries(cells).filter(([column]) => !left.includes(column as Column)));
}
/** Keeps these columns alone. */
export const just = (cells: Cells, ...kept: Column[]): Cells => without(cells, ...columns.filter((column) => !kept.includes(column)));
