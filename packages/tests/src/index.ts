export { createTestDatabase, isServer, requireServer, type TestDatabase } from './test-database.ts';
export type { DatabaseKind } from './kind.ts';
