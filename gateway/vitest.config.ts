import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Vite would take graphql's ES modules where Node takes its CommonJS ones, and two copies do not know each other's types.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  // As main.ts does: without it @apollo/gateway tells Apollo of itself and looks for a cloud around it.
  test: { env: { APOLLO_TELEMETRY_DISABLED: '1' }, include: ['test/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 180_000 },
});
