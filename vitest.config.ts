import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/**
 * Three kinds of tests: pure code in Node, the Worker's own parts in workerd with real D1, R2 and Queues, and the
 * built system driven from outside.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['{worker,web,local,sftp-bridge,bench,.ci}/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '**/*.worker.test.ts'],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              cf: false,
              bindings: {
                MIGRATIONS: await readD1Migrations('migrations'),
                ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
                ALLOW_LOOPBACK: '1',
              },
            },
          }),
        ],
        test: {
          name: 'worker',
          include: ['worker/src/**/*.worker.test.ts'],
          setupFiles: ['worker/test/fresh.ts'],
          isolate: false,
          // Machines are shared: a test that waits for its turn has not failed.
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          globalSetup: ['e2e/build.ts'],
          // Each file runs a whole Muster: one at a time, and nothing else beside it.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
