// The logs that this subgraph follows, and the names under which it does.

/** Name of the read model in `positions`. */
export const consumer = 'figures';

/** The figures are as complete as the feed heard of longest ago. */
export const sources = ['task', 'project', 'channel', 'user'] as const;

/** Name under which a generation of figures is made anew beside the one that is served. */
export const builderOf = (generation: number): string => `${consumer}#${generation}`;
