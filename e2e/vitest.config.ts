import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // As the gateway's main.ts does, for the tests that start one in their own process.
    env: { APOLLO_TELEMETRY_DISABLED: '1' },
    // Each file starts a whole system; two at once on two cores would measure each other.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
