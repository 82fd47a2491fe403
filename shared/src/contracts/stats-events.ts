// Events of the stats subgraph: figures are told to nobody, only what could not be counted.
import { deadLettered } from './dead-letter-events.js';

export const statsEvents = {
  /** Work was given up after all its tries. */
  'stats.dead-lettered': deadLettered,
} as const;
