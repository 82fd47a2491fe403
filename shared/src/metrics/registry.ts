// The figures of this process: one registry, to which each module adds the metrics it knows about. Labels hold names that are
// written in our code, or are bounded where they come in; never an id, an address or anything else of a client or a row.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export const registry = new Registry();

/** Bounds of durations in seconds: from a cached answer to the longest time limit there is. */
export const durations = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export type { Counter, Gauge, Histogram };

/** Each metric is made once, where its module is loaded: a second one of the same name throws. */
export const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
  new Counter({ name, help, labelNames, registers: [registry] });

/** `over` says what it is over several processes that serve as one. */
export const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[], over: 'sum' | 'max' = 'sum'): Gauge<L> =>
  new Gauge({ name, help, labelNames, registers: [registry], aggregator: over });

export const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[], buckets: readonly number[] = durations): Histogram<L> =>
  new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [registry] });
