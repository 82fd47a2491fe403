export const SCHEMAS = ['user', 'project', 'task', 'channel', 'stats'] as const;
export type SchemaName = (typeof SCHEMAS)[number];

/** owner: migrations; app: requests; worker: background work. */
export const ROLE_KINDS = ['owner', 'app', 'worker'] as const;
export type RoleKind = (typeof ROLE_KINDS)[number];

/** BullMQ's tables: schema and role have the same name. */
export const QUEUE_ROLE = 'bullmq';

export function roleName(schema: SchemaName, kind: RoleKind): string {
  return `${schema}_${kind}`;
}

export type BySchema<T> = Record<SchemaName, T>;

export interface RolePasswords extends BySchema<Record<RoleKind, string>> {
  bullmq: string;
}

/** Connection URLs, one per role. */
export interface RoleUrls extends BySchema<Record<RoleKind, string>> {
  bullmq: string;
}
