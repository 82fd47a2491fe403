import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['@taskgraph/shared/testing/global-setup'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
