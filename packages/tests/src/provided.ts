import type { DatabaseKind } from './kind.ts';

/** What globalSetup hands to the test files, so that they can make databases of their own. */
export type TestDatabaseSource =
  | { kind: Exclude<DatabaseKind, 'embedded'>; adminUrl: string; template: string }
  | { kind: 'embedded'; template: string };

declare module 'vitest' {
  export interface ProvidedContext {
    pikaTestDatabase: TestDatabaseSource;
  }
}
