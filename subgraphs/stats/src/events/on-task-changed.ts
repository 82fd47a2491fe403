import type { BatchReaction, Reaction } from '@taskgraph/shared/event-tail';
import { countTasks } from '../commands/count-tasks.js';
import { holdServing } from '../repositories/generation-repository.js';

/**
 * Counts tasks as they are after these events in the figures that are served, in a few statements however many there are. An
 * erased one counts nowhere: it lay in the trash, but the purge takes its earlier events out of the log, so whoever was away for
 * long hears of the purge alone.
 */
export const onTasksChanged: BatchReaction = async (tx, events) => countTasks(tx, await holdServing(tx), events);

export const onTaskChanged: Reaction = (tx, event) => onTasksChanged(tx, [event]);
