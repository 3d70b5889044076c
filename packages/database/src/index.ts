export { exportAuditRoot, parseAuditRoots, AuditRootError, type AuditRoot } from './audit/root.ts';
export { verifyAudit, type AuditFault, type AuditFaultKind, type AuditReport } from './audit/verify.ts';
export { openDatabase, type Database, type DatabaseOptions, type Db } from './client.ts';
export { databaseSettings, openStartedDatabase } from './config.ts';
export { Prisma } from './generated/client.ts';
export { stableId } from './content/ids.ts';
export { weeklyMinutes, type HoursLine, type MinuteRange } from './content/hours.ts';
export * from './content/upsert.ts';
export { isDatabaseUnavailable } from './errors.ts';
export { EngineError } from './engine/engine-error.ts';
export {
  findEngine,
  openEmbeddedEngine,
  openMemoryEngine,
  type EmbeddedEngine,
  type MemoryEngine,
} from './engine/open-engine.ts';
export { ensureTemplate, findTemplate } from './engine/template.ts';
export { openLanguageDirectory, type LanguageDirectory } from './languages.ts';
export { deployMigrations, emptyDatabase, listPendingMigrations, rollbackMigrations } from './migrate.ts';
export { listMigrations, migrationsHash, type Migration } from './migration-files.ts';
export {
  businessIdOf,
  categoryIdOf,
  categorySlugs,
  discountColumns,
  isSeeded,
  locationIdOf,
  seed,
  seedReference,
  voucherIdOf,
  type SeedReport,
} from './seed/seed.ts';
export type { SeedDiscount } from './seed/content/types.ts';
export { upsertLanguages } from './seed/languages.ts';
export { DatabaseUnreachableError, isStartError, startDatabase, type StartedDatabase } from './start-database.ts';
export { fieldsOf, languagesOf, servedOf, type ResolvedText } from './translation.ts';
export { dataFolder, databaseUrl } from './url.ts';
