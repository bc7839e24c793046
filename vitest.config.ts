import { availableParallelism } from 'node:os'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

// Which cases of the long series are tested: all of them, or others each day (worker/src/testing/sample.ts).
const all = process.env.MUSTER_TEST === 'all'
if (!all && process.env.MUSTER_SAMPLE === undefined) {
  process.env.MUSTER_SAMPLE = String(Math.floor(Date.now() / 86_400_000))
  console.log(`MUSTER_SAMPLE=${process.env.MUSTER_SAMPLE}`)
}
const sample = all ? null : Number(process.env.MUSTER_SAMPLE)

/** What hangs for so long is broken, in milliseconds. No test measures time by it: machines are shared. */
const HUNG = 300_000

const everywhere = {
  // A process or a runtime for each file would cost as much as the tests; what they stub is put back after each test.
  isolate: false,
  unstubGlobals: true,
  restoreMocks: true,
  testTimeout: HUNG,
  hookTimeout: HUNG,
  // A little less, so that a failure says what it waited for.
  expect: { poll: { timeout: HUNG * 0.8 } },
  // A test is several processes, so that more at once only wait for each other.
  maxWorkers: Math.min(availableParallelism(), 4),
  provide: { sample },
}

/**
 * Three kinds of tests: the Worker's own parts in workerd with real D1, R2 and Queues; then pure code in Node, beside the
 * built system driven from outside.
 */
export default defineConfig({
  test: {
    projects: [
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
          ...everywhere,
          name: 'worker',
          include: ['worker/src/**/*.worker.test.ts'],
          setupFiles: ['worker/test/fresh.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...everywhere,
          name: 'node',
          include: ['{worker,web,local,sftp-bridge,bench,deploy,.ci}/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '**/*.worker.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...everywhere,
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          globalSetup: ['e2e/build.ts'],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
