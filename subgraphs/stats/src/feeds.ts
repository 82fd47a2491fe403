// The logs that this subgraph follows, and the one name under which it does.

/** Name of the read model in `positions`. */
export const consumer = 'figures';

/** The figures are as complete as the feed heard of longest ago. */
export const sources = ['task', 'project', 'channel'] as const;
