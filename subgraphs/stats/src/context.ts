// What one request carries.
import type { Access, Membership } from '@taskgraph/shared/access/access';
import type { PlaceKind } from '@taskgraph/shared/access/copy';
import { unauthenticated } from '@taskgraph/shared/errors';
import type { BaseContext } from '@taskgraph/shared/subgraph-server';
import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import type { SubjectKind } from './facts.js';
import type { Figures } from './figures.js';
import { findFigures } from './repositories/figure-repository.js';

export interface Services {
  database: DataSource;
  access: Access;
}

export interface Context extends BaseContext, Services {
  /** Batches every look-up of one kind in one request into one statement; null while the figures cannot be vouched for. */
  figures: Record<SubjectKind, DataLoader<string, Figures | null>>;
  /** The viewer's memberships, decided in the same way. */
  memberships: Record<PlaceKind, DataLoader<string, Membership>>;
}

export const createContext = (services: Services) => (base: BaseContext): Context => {
  const figures = (kind: SubjectKind) => new DataLoader<string, Figures | null>((ids) => findFigures(services.database, kind, ids));
  const memberships = (kind: PlaceKind) =>
    new DataLoader<string, Membership>((ids) => {
      if (!base.viewer) throw unauthenticated();
      return services.access.memberships(ids.map((id) => ({ kind, id })), base.viewer.id);
    });
  return {
    ...base,
    ...services,
    figures: { user: figures('user'), project: figures('project'), channel: figures('channel') },
    memberships: { project: memberships('project'), channel: memberships('channel') },
  };
};
