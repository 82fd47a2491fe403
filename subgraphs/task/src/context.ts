// What one request carries.
import type { Access } from '@taskgraph/shared/access/access';
import type { CursorCodec } from '@taskgraph/shared/cursor';
import type { LogWatcher } from '@taskgraph/shared/log-watcher';
import type { AsOfSampler } from '@taskgraph/shared/event-reader';
import type { PageLimits } from '@taskgraph/shared/pagination';
import type { OnceContext } from '@taskgraph/shared/once';
import type { BaseContext } from '@taskgraph/shared/subgraph-server';
import type { DataSource } from 'typeorm';
import { createAttachmentLoaders, type AttachmentLoaders } from './attachment-loaders.js';
import type { Handles } from './handles.js';
import { createLinkLoaders, type LinkLoaders } from './link-loaders.js';
import { createLoaders, type Loaders } from './loaders.js';
import type { SignedLinks } from './signed-links.js';

export interface Services {
  database: DataSource;
  secretKey: string;
  access: Access;
  pageLimits: PageLimits;
  /** Cursors of task lists. */
  listCursors: CursorCodec;
  /** Cursors of the change log. */
  logCursors: CursorCodec;
  /** Addresses of uploads and downloads. */
  links: SignedLinks;
  /** Where people reach the gateway, without a trailing slash. */
  publicUrl: string;
  /** Resolves @handles of comments. */
  handles: Handles;
  watcher: LogWatcher;
  sampler: AsOfSampler;
}

export interface Context extends OnceContext, Services, Loaders, AttachmentLoaders, LinkLoaders {}

export function createContext(services: Services) {
  return (base: BaseContext): Context => ({ ...base, ...services, idempotency: null, ...createLoaders(services, base.viewer), ...createAttachmentLoaders(services, base.viewer), ...createLinkLoaders(services, base.viewer) });
}
