/** What tests and tools need around a database; the product itself uses `index.ts`. Loads no Prisma client. */
export { openMemoryEngine, openEmbeddedEngine, findEngine, type MemoryEngine } from './engine/open-engine.ts';
export { ensureTemplate, findTemplate } from './engine/template.ts';
export { withConnection } from './connection.ts';
export { isConcurrentIndex } from './migrate/concurrent-index.ts';
export {
  deployMigrations,
  emptyDatabase,
  listPendingMigrations,
  listUnfinishedDataMigrations,
  rollbackMigrations,
  runDataMigrations,
} from './migrate.ts';
export { listMigrations, migrationsHash, type Migration } from './migration-files.ts';
export { withMigratedShadow } from './prisma-cli/schema-diff.ts';
export { sqlObjectsInMigrations } from './prisma-cli/sql-objects.ts';
export { migrationsFolder } from './paths.ts';
export { dataFolder, databaseUrl } from './url.ts';
