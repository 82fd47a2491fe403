import { counter, gauge } from '@taskgraph/shared/metrics/registry';

export const cacheLookups = counter(
  'taskgraph_cache_lookups_total',
  'Entities and whole answers that could come from the cache: hit, miss, or bypass (the viewer or what is asked for changed just now, a log is silent, the store is away).',
  ['kind', 'outcome'],
);
export const cacheInvalidations = counter('taskgraph_cache_invalidations_total', 'What made cached answers void: events by the log they came from, and mutations.', ['cause']);
export const cacheEvictions = counter('taskgraph_cache_evictions_total', 'Entries put out of the memory of the gateway for want of room.', []);
export const cacheCharacters = gauge('taskgraph_cache_characters', 'Characters kept in the memory of the gateway.', []);
export const cacheFollows = gauge('taskgraph_cache_log_followed', 'Whether a log is heard closely enough for what it tells of to be cached: 1 or 0.', ['log']);
