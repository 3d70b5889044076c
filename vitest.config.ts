import { totalmem } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { chooseDatabaseKind } from './packages/tests/src/kind.ts';

const conditions = ['@pika/source', 'node'];

// On the embedded engine each worker has one, of about 1 GB.
const hasMemory = totalmem() > 6 * 2 ** 30;
const fileParallelism = hasMemory || (await chooseDatabaseKind()) !== 'embedded';

// vitest begins with the largest files, as it does not know yet which are the slowest: these are short and take 20 s or more.
const slow =
  /\/(sql-injection|access-matrix|fuzz|cards-(?:stay-true|under-many-writers)|nearby-brute-force|redeem-plan|kill-amid|outbox-proof|commands)\.test\.ts$/;

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is vitest's own, and answers a promise
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => Number(slow.test(b.moduleId)) - Number(slow.test(a.moduleId)));
  }
}

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
    sequence: { sequencer: SlowestFirst },
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 5_000 } },
    maxWorkers: 2,
  },
});
