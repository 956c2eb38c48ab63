import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

/**
 * Two processes are what the reference machine has cores for; each test file has a database of its own. A process reads
 * the sources once for all its files, which therefore leave nothing behind in them.
 */
const shared = { pool: 'forks', isolate: false, testTimeout: 20_000, hookTimeout: 60_000 } as const
const resolve = {
  alias: {
    '@verzet/core': `${root}packages/core/src/index.ts`,
    '@verzet/gate-nats': `${root}packages/gate-nats/src/index.ts`,
    '@verzet/gate': `${root}packages/gate/src/index.ts`,
  },
}
const oxc = { jsx: { runtime: 'automatic', importSource: 'preact' } } as const

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        resolve,
        oxc,
        test: {
          ...shared,
          name: 'pure',
          include: ['packages/{core,gate,gate-nats}/**/*.test.ts', 'scripts/**/*.test.mjs'],
        },
      },
      {
        resolve,
        oxc,
        // Only when a test of the server runs is a PostgreSQL started for it.
        test: {
          ...shared,
          name: 'server',
          include: ['packages/server/src/**/*.test.{ts,tsx}', 'packages/server/test/**/*.test.ts'],
          globalSetup: ['packages/server/test/global-setup.ts'],
        },
      },
    ],
  },
})
