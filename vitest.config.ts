import { totalmem } from 'node:os';
import { defineConfig } from 'vitest/config';
import { chooseDatabaseKind } from './packages/tests/src/kind.ts';

const conditions = ['@pika/source', 'node'];

// Each test file on the embedded engine starts one of its own, of about 1 GB.
const hasMemory = totalmem() > 6 * 2 ** 30;
const fileParallelism = hasMemory || (await chooseDatabaseKind()) !== 'embedded';

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // What globalSetup is loaded with.
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    include: ['packages/**/*.test.ts', 'apps/**/*.test.ts', 'tools/**/*.test.ts', 'bench/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['packages/tests/src/global-setup.ts', 'apps/page/test/global-setup.ts'],
    fileParallelism,
    // Each worker loads what all files import once, in place of 1.5 s for each of them.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 5_000 } },
    maxWorkers: 2,
  },
});
