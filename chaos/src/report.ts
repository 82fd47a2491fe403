import type { Report } from './run.js';

/** Sentences that say the same of many things are shown so often. */
const shownProblems = 40;

const listed = (counts: ReadonlyMap<string, number>): string => [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} ${count}`).join(', ') || 'none';

/** The end of a run, for people. */
export function describeReport(report: Report): string[] {
  const { live, recovery, wrong } = report;
  const times = [...recovery].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, all]) => {
    const sorted = all.toSorted((a, b) => a - b);
    const seconds = (share: number): string => ((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) / 1_000).toFixed(2);
    return `  ${name.padEnd(16)} killed ${String(all.length).padStart(3)} times, back after ${seconds(0.5)} s in the middle, ${seconds(1)} s at worst`;
  });
  return [
    '', `seed ${report.seed}, backend ${report.backend}`,
    `faults: ${listed(report.faults)}`,
    `SIGKILL: ${report.kills}`, ...times,
    `connections through the fault proxies: ${listed(report.proxied)}`,
    `quiet ${(report.quietMs / 1_000).toFixed(1)} s after the last process was back`,
    `acknowledged mutations: ${report.acknowledged}; sent again by their clients: ${listed(report.retried)}; resent or doubled on purpose: ${report.resent}`,
    `notifications: ${report.notifications}; mails: ${report.mails}, tried more than once: ${report.retriedMails}`,
    `live: ${live.readers} readers heard ${live.heard} changes over ${live.cuts} cuts and ${live.losses} losses of access; missed ${live.missed}, doubled ${live.doubled}, inverted ${live.inverted}`,
    ...wrong.slice(0, shownProblems), ...(wrong.length > shownProblems ? [`… and ${wrong.length - shownProblems} more`] : []),
    `verdict: ${wrong.length === 0 ? 'green' : `RED, ${wrong.length} violations`}; again with: npm run chaos -- --seed ${report.seed} --backend ${report.backend}`,
  ];
}
