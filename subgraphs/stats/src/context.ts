// What one request carries.
import type { Access, Membership } from '@taskgraph/shared/access/access';
import type { PlaceKind } from '@taskgraph/shared/access/copy';
import { unauthenticated } from '@taskgraph/shared/errors';
import type { BaseContext } from '@taskgraph/shared/subgraph-server';
import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { createLoaders, type Loaders } from './loaders.js';

export interface Services {
  database: DataSource;
  access: Access;
}

export interface Context extends BaseContext, Services, Loaders {
  /** The viewer's memberships, decided in one statement per kind of place. */
  memberships: Record<PlaceKind, DataLoader<string, Membership>>;
}

export const createContext = (services: Services) => (base: BaseContext): Context => {
  const memberships = (kind: PlaceKind) =>
    new DataLoader<string, Membership>((ids) => {
      if (!base.viewer) throw unauthenticated();
      return services.access.memberships(ids.map((id) => ({ kind, id })), base.viewer.id);
    });
  return {
    ...base,
    ...services,
    ...createLoaders(services.database, base.viewer?.id),
    memberships: { project: memberships('project'), channel: memberships('channel') },
  };
};
