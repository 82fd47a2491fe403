// One-shot for container installations, where each service is given only its own roles: makes databases, roles, schemas and queue tables.
import { StartError } from '@taskgraph/shared/start-error';
import { readProvisionConfig } from './config.js';
import { prepareDatabases } from './databases.js';
import { complain, say } from './output.js';

const config = readProvisionConfig();
try {
  await prepareDatabases(config, config.passwords);
  say('databases, roles and schemas are ready');
} catch (error) {
  complain(error instanceof StartError ? error.message : `The databases could not be prepared: ${(error as Error).message}`);
  process.exitCode = 1;
}
