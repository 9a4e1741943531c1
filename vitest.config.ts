import { defineConfig } from 'vitest/config';

// Three projects that `npm test` runs one after another (scripts/test.ts): they share two cores on a small machine.

/** How long `expect.poll` looks where it is not told: a busy machine may take its time, and who finds it at once loses nothing. */
const PATIENCE = { poll: { timeout: 20_000 } };

export default defineConfig({
  test: {
    projects: [
      {
        // Pure code: no database, no network, no browser.
        test: {
          name: 'unit',
          include: [
            'packages/{core,protocol,sdk,widget,console}/**/*.test.{ts,tsx}',
            'scripts/**/*.test.ts',
            'bench/**/*.test.ts',
          ],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: PATIENCE,
        },
      },
      {
        // On a real PostgreSQL; each file clones a migrated database (packages/server/test/database.ts).
        test: {
          name: 'server',
          include: ['packages/server/**/*.test.ts'],
          globalSetup: ['packages/server/test/global.ts'],
          pool: 'forks',
          // Most of a file's time is waiting, for a database or a twin: as many at once as there are cores, not one less.
          maxWorkers: '100%',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: PATIENCE,
        },
      },
      {
        // The whole product in a real Chromium, one file at a time.
        test: {
          name: 'browser',
          include: ['e2e/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          expect: PATIENCE,
        },
      },
    ],
  },
});
