// The figures of several processes that serve as one: each tells its own, one of them adds them up.
import { AggregatorRegistry, collectDefaultMetrics, type MetricObjectWithValues, type MetricValue, type Registry } from 'prom-client';
import { registry } from './registry.js';
import { look } from './scrape.js';

export type Figures = MetricObjectWithValues<MetricValue<string>>[];

let collecting = false;

/** Names the process in all figures and adds those of Node.js. */
export function measureProcess(process: string): void {
  registry.setDefaultLabels({ process });
  if (!collecting) collectDefaultMetrics({ register: registry });
  collecting = true;
}

/** What this process has to tell, as it can be sent to another one: JSON knows no NaN and no infinity. */
export async function figures(): Promise<Figures> {
  await look();
  const all: Figures = await registry.getMetricsAsJSON();
  return all.map((metric) => ({ ...metric, values: metric.values.filter(({ value }) => Number.isFinite(value)) }));
}

/** Adds up; gauges as each of them says. */
export const merged = (list: readonly Figures[]): Registry => AggregatorRegistry.aggregate(list.map((all) => all.map(judgedByTheWorst)));

/** Node's own is an average, in which a process that stands still goes under. */
const judgedByTheWorst = (metric: Figures[number]): object => (/^nodejs_eventloop_lag_(?!min)/.test(metric.name) ? { ...metric, aggregator: 'max' } : metric);

/** What stays true when its process has ended: sums must not fall, or Prometheus takes them for begun anew. */
export const lasting = (all: Figures): Figures => all.filter(({ type }) => ['counter', 'histogram', 'summary'].includes(type as unknown as string));
