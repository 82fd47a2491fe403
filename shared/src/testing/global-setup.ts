import type { TestProject } from 'vitest/node';
import { startTestCluster } from './postgres.js';

/** For `globalSetup` in a package's vitest.config.ts: one Postgres per package run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { cluster, stop } = await startTestCluster();
  project.provide('taskgraphPostgres', cluster);
  return stop;
}
