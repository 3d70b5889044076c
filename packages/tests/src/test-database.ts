import { openMemoryEngine } from '@pika/database/tooling';
import { inject, type TestContext } from 'vitest';
import type { DatabaseKind } from './kind.ts';
import type { TestDatabaseSource } from './provided.ts';

export type TestDatabase = {
  url: string;
  kind: DatabaseKind;
  close: () => Promise<void>;
};

/** A migrated, empty database of the calling test file's own. Close it in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const source: TestDatabaseSource = inject('pikaTestDatabase');
  if (source.kind === 'embedded') {
    const engine = await openMemoryEngine({ template: source.template });
    return { url: engine.url, kind: 'embedded', close: engine.stop };
  }
  const { copyTemplateDatabase } = await import('./server-databases.ts');
  return { kind: source.kind, ...(await copyTemplateDatabase(source.adminUrl, source.template)) };
}

/** False on the embedded engine, which has one session and no timeouts. For `describe.skipIf(!isServer())`. */
export const isServer = (): boolean => inject('pikaTestDatabase').kind !== 'embedded';

/** Skips the running test, with the reason in the report, where there is no real server. */
export function requireServer(context: TestContext): void {
  context.skip(!isServer(), 'needs a PostgreSQL server: the embedded engine has one session and no timeouts');
}
