// What is known of this subgraph's schema.
import { migrate } from '@taskgraph/shared/database';
import { CreateFigures1763600000000 } from './migrations/1763600000000-create-figures.js';
import { CountTrash1763700000050 } from './migrations/1763700000050-count-trash.js';

const migrations = [CreateFigures1763600000000, CountTrash1763700000050];

/** Brings the schema up to date; safe with several replicas starting at once. There is no log of its own to prepare: figures are told to nobody. */
export const migrateDatabase = (ownerUrl: string): Promise<void> => migrate(ownerUrl, migrations);
