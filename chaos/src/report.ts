import type { Recovery } from './recovery.js';
import type { Report } from './run.js';

/** Sentences that say the same of many things are shown so often. */
const shownProblems = 40;

const listed = (counts: ReadonlyMap<string, number>): string => [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} ${count}`).join(', ') || 'none';

/** How soon a service is to be back when all else is well. */
const limitSeconds = 3;

function describeTimes(all: readonly Recovery[], alone: boolean): string {
  const times = all.filter((one) => one.alone === alone).map(({ ms }) => ms / 1_000).toSorted((a, b) => a - b);
  if (times.length === 0) return '0 times';
  return `${times.length} times: ${times[Math.floor(times.length / 2)]?.toFixed(2)}, ${times.at(-1)?.toFixed(2)}, ${times.filter((seconds) => seconds > limitSeconds).length}`;
}

/** The end of a run, for people. */
export function describeReport(report: Report): string[] {
  const { live, recovery, wrong } = report;
  const times = [...recovery].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, all]) => `  ${name.padEnd(16)} ${describeTimes(all, true)}; with another fault meanwhile ${describeTimes(all, false)}`);
  return [
    '', `seed ${report.seed}, backend ${report.backend}`,
    `faults: ${listed(report.faults)}`,
    `SIGKILL: ${report.kills}; back after it, in seconds: half of the times, at worst, how often over ${limitSeconds}`, ...times,
    `connections through the fault proxies: ${listed(report.proxied)}`,
    `at rest ${(report.quietMs / 1_000).toFixed(1)} s after the last process was back; checked in ${(report.checksMs / 1_000).toFixed(1)} s; the run itself took at most ${Math.round(report.memoryBytes / 1_048_576)} MB`,
    `acknowledged mutations: ${report.acknowledged}; sent again by their clients: ${listed(report.retried)}; resent or doubled on purpose: ${report.resent}`,
    `notifications: ${report.notifications}; mails: ${report.mails}, tries the server let fail: ${report.failedMails}; posts to webhooks: ${report.posts}, tries the receiver let fail: ${report.failedPosts}`,
    `live: ${live.readers} readers heard ${live.heard} changes over ${live.cuts} cuts and ${live.losses} losses of access; missed ${live.missed}, doubled ${live.doubled}, inverted ${live.inverted}`,
    ...wrong.slice(0, shownProblems), ...(wrong.length > shownProblems ? [`… and ${wrong.length - shownProblems} more`] : []),
    `verdict: ${wrong.length === 0 ? 'green' : `RED, ${wrong.length} violations`}; again with: npm run chaos -- --seed ${report.seed} --backend ${report.backend}`,
  ];
}
