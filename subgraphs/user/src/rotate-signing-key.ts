// npm run rotate-signing-key: publishes a new key for access tokens by hand, for example after SECRET_KEY may have leaked from a
// backup. It signs in five minutes; the old one goes when its last token is dead. Nobody is signed out.
import { openDatabase } from '@taskgraph/shared/database';
import { createLogger } from '@taskgraph/shared/logger';
import { loadCommandConfig } from './config.js';
import { rotateNow } from './signing-keys.js';

const config = loadCommandConfig();
const log = createLogger({ service: 'user', level: 'warn' });
const database = await openDatabase({ url: config.DATABASE_URL, poolSize: 2, applicationName: 'rotate signing key', log });
try {
  const at = await rotateNow(database, config.SECRET_KEY);
  process.stdout.write(at ? `A new signing key is published and signs from ${at.toISOString()} on.\n` : 'A new signing key is published already and signs within five minutes.\n');
} finally {
  await database.destroy();
}
