// The only reader of process.env in this workspace.

/** The environment of the system under test: ours, without what would make it another one than a newcomer's. */
export function inheritedEnv(): Record<string, string> {
  const left = new Set(['CI', 'NODE_ENV', 'NODE_OPTIONS', 'PORT', 'DATA_DIR', 'DATABASE_URL', 'REDIS_URL', 'VITEST', 'TASKGRAPH_SECRET']);
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && !left.has(entry[0]) && !entry[0].startsWith('npm_'));
  return Object.fromEntries(entries);
}
