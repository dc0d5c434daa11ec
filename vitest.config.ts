import { defineConfig } from 'vitest/config';

/**
 * For a machine that does much else beside: milliseconds, and in CI a second try, which the report shows. Nobody sits there
 * to tell a busy moment from a fault; what fails twice is one.
 */
const PATIENCE = { testTimeout: 20_000, hookTimeout: 60_000, retry: process.env.CI ? 1 : 0 };

export default defineConfig({
  test: {
    maxWorkers: 2, // an end-to-end file has a database of its own
    projects: [
      { test: { name: 'unit', include: ['{src,scripts}/**/*.spec.ts'], setupFiles: 'reflect-metadata', ...PATIENCE } },
      {
        test: {
          name: 'e2e',
          include: ['test/**/*.e2e.ts'],
          exclude: ['test/browser/**', 'test/cluster/**', 'test/deploy/nginx/**', 'test/faults/**'],
          setupFiles: ['reflect-metadata', 'test/support/published.setup.ts'],
          ...PATIENCE,
        },
      },
      {
        test: {
          name: 'cluster', // two nodes over PostgreSQL and a Redis server of the test's own
          include: ['test/cluster/*.e2e.ts'],
          setupFiles: ['reflect-metadata', 'test/support/published.setup.ts'],
          ...PATIENCE,
        },
      },
      {
        test: {
          name: 'faults', // servers of its own, which it kills: `npm run faults`
          include: ['test/faults/**/*.e2e.ts'],
          setupFiles: ['reflect-metadata', 'test/support/published.setup.ts'],
          ...PATIENCE,
        },
      },
      {
        test: {
          name: 'nginx',
          include: ['test/deploy/nginx/*.e2e.ts'],
          setupFiles: ['reflect-metadata', 'test/support/published.setup.ts'],
          ...PATIENCE,
        },
      },
      {
        test: { name: 'browser', include: ['test/browser/**/*.e2e.ts'], setupFiles: 'reflect-metadata', ...PATIENCE },
      },
    ],
  },
});
