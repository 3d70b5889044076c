import { openMemoryEngine, type MemoryEngine } from '@pika/database/tooling';
import { inject, type TestContext } from 'vitest';
import type { DatabaseKind } from './kind.ts';
import type { TestDatabaseSource } from './provided.ts';

export type TestDatabase = {
  url: string;
  kind: DatabaseKind;
  close: () => Promise<void>;
};

/** The engine that a former test file of this worker has left. */
let idle: MemoryEngine | null = null;

async function openEngine(template: string): Promise<TestDatabase> {
  const former = idle;
  idle = null;
  const engine = former ?? (await openMemoryEngine({ template }));
  const url = former === null ? engine.url : await former.renew();
  const close = async () => {
    if (idle === null) idle = engine;
    else await engine.stop();
  };
  return { url, kind: 'embedded', close };
}

/** A migrated, empty database of the calling test file's own. Close it in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const source: TestDatabaseSource = inject('pikaTestDatabase');
  if (source.kind === 'embedded') return openEngine(source.template);
  const { copyTemplateDatabase } = await import('./server-databases.ts');
  return { kind: source.kind, ...(await copyTemplateDatabase(source.adminUrl, source.template)) };
}

/** False on the embedded engine, which has one session and no timeouts. For `describe.skipIf(!isServer())`. */
export const isServer = (): boolean => inject('pikaTestDatabase').kind !== 'embedded';

/** Skips the running test, with the reason in the report, where there is no real server. */
export function requireServer(context: TestContext): void {
  context.skip(!isServer(), 'needs a PostgreSQL server: the embedded engine has one session and no timeouts');
}
