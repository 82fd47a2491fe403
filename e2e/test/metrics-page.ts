// Reads what processes tell of themselves, and the files that name metrics.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Series {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Scrape {
  text: string;
  /** Type by metric. */
  types: Map<string, string>;
  series: Series[];
}

const repository = resolve(import.meta.dirname, '..', '..');
export const readRepository = (path: string): string => readFileSync(join(repository, path), 'utf8');

export async function scrape(url: string): Promise<Scrape> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  const text = await response.text();
  const types = new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => [name as string, type as string]));
  const series = [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name, labels = '', value]) => ({
    name: name as string,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [label, text])),
    value: Number((value as string).replace('+Inf', 'Infinity')),
  }));
  return { text, types, series };
}

/** A histogram tells three names. */
export const metricOf = (name: string, types: ReadonlyMap<string, string>): string => (types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, ''));

/** The sum over all series with these labels; undefined where there is none. */
export function total(scrapes: readonly Scrape[], name: string, labels: Record<string, string> = {}): number | undefined {
  const found = scrapes.flatMap(({ series }) => series).filter((one) => one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value));
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
}

export interface Documented {
  name: string;
  type: string;
  labels: string[];
}

/** The rows of docs/metrics.md. */
export const documented = (): Documented[] =>
  [...readRepository('docs/metrics.md').matchAll(/^\| `(taskgraph_\w+)` \| (\w+) \| (.*?) \| .+ \|$/gm)].map(([, name, type, labels]) => ({
    name: name as string, type: type as string, labels: [...(labels as string).matchAll(/`(\w+)`/g)].map(([, label]) => label as string).toSorted(),
  }));

export interface Rule {
  alert: string;
  expression: string;
}

/** The file keeps to one line per expression. */
export const rules = (): Rule[] =>
  [...readRepository('deploy/prometheus/alerts.yml').matchAll(/- alert: (\w+)\n +expr: (.+)\n/g)].map(([, alert, expression]) => ({ alert: alert as string, expression: expression as string }));

export function dashboardExpressions(): string[] {
  const { panels } = JSON.parse(readRepository('deploy/grafana/dashboards/taskgraph.json')) as { panels: { targets?: { expr: string }[] }[] };
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
}

/** Names of metrics and of labels in an expression of PromQL. `up` is Prometheus' own. */
export function namesIn(expression: string): { metrics: string[]; labels: string[] } {
  const bare = expression.replaceAll(/"[^"]*"/g, '""');
  const metrics = [...bare.matchAll(/\b(?:taskgraph|nodejs|process)_\w+/g)].map(([name]) => name);
  const matched = [...bare.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*""/g)].map(([, label]) => label as string);
  const grouped = [...bare.matchAll(/\b(?:by|without)\s*\(([^)]*)\)/g)].flatMap(([, list]) => (list as string).split(',').map((label) => label.trim()));
  return { metrics, labels: [...new Set([...matched, ...grouped])] };
}
