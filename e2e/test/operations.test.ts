// Every operation of the graph does what it says, refuses what it must, and lets two writers know of each other, through the gateway
// and against the processes that `npm start` starts. docs/operations.md lists the proofs.
import { afterAll, beforeAll, test } from 'vitest';
import { proofs } from './operations/all-proofs.js';
import { buildWorld, type World } from './operations/world.js';
import { makeDataDir, removeDataDir, startSystem, type System } from './system.js';

let dataDir: string;
let system: System;
let world: World;

beforeAll(async () => {
  dataDir = await makeDataDir();
  // Receivers of webhooks are this process.
  system = await startSystem(dataDir, { WEBHOOK_ALLOWED_HOSTS: '127.0.0.1' });
  world = await buildWorld(system);
});
afterAll(async () => {
  await world?.close();
  await system?.stop();
  await removeDataDir(dataDir);
});

for (const { operation, outcome, title, prove } of proofs) test.concurrent(`${operation}: ${outcome}: ${title}`, () => prove(world));
