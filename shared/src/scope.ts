// Every task lies in one scope. Ids of projects, channels and people are made by clients in different subgraphs and may
// collide, so a scope's id is derived from kind and id and the bare id never stands for a scope.
import { v5 } from 'uuid';

export type ScopeKind = 'project' | 'channel' | 'user';

/** Namespace of Taskgraph's scopes: a random UUID, fixed for ever. */
const namespace = '6f1c2f5e-0b7a-4c53-9d2b-1d6e2f0c8a47';

/** UUIDv5 of kind and id. */
export const scopeId = (kind: ScopeKind, id: string): string => v5(`${kind}:${id.toLowerCase()}`, namespace);
