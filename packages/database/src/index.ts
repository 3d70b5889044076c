export {
  openDatabase,
  watchPools,
  type Database,
  type DatabaseOptions,
  type PoolMetrics,
  type PublicReads,
  type ReplicaMetrics,
} from './client.ts';
export { newApiKey, type NewApiKey } from './api-key/api-key-token.ts';
export { apiKeyMemorySeconds, openApiKeys, type ApiKeys } from './api-key/open-api-keys.ts';
export { exportAuditRoot, parseAuditRoots, AuditRootError, type AuditRoot } from './audit/root.ts';
export { verifyAudit, type AuditFault, type AuditFaultKind, type AuditReport } from './audit/verify.ts';
export { openAuthentication, type Authentication, type AuthenticationOptions } from './authentication.ts';
export { assertActsForBusiness, assertBusinessRole } from './business-role.ts';
export { databaseSettings, openStartedDatabase } from './config.ts';
export {
  callerContext,
  jobContext,
  systemContext,
  type Actor,
  type DatabaseRole,
  type TransactionContext,
} from './context.ts';
export { sql, type Db, type Sql } from './db.ts';
export { stableId } from './content/ids.ts';
export { multirangeText, weeklyMinutes, type HoursLine, type MinuteRange } from './content/hours.ts';
export * from './content/upsert.ts';
export { upsertRows, type UpsertTable, type Written } from './batch-upsert.ts';
export { classifyDatabaseError, databaseProblem, isValueRefused, type DatabaseFailure } from './errors.ts';
export type { DatabaseHealth } from './health.ts';
export { EngineError } from './engine/engine-error.ts';
export {
  findEngine,
  openEmbeddedEngine,
  openMemoryEngine,
  type EmbeddedEngine,
  type MemoryEngine,
} from './engine/open-engine.ts';
export { ensureTemplate, findTemplate } from './engine/template.ts';
export { inIdempotentTransaction, type IdempotentTransactionOptions } from './idempotency/idempotent-transaction.ts';
export { consumeOnce } from './outbox/consume-once.ts';
export { runBatches } from './run-batches.ts';
export { startDispatcher, type Dispatcher, type DispatcherOptions } from './outbox/dispatcher.ts';
export { insertOutboxEvent, type NewOutboxEvent, type OutboxEvent } from './outbox/outbox-event.ts';
export { releaseOutboxEvent } from './outbox/outbox.repository.ts';
export type { Job } from './jobs/job.ts';
export { platformJobs } from './jobs/platform-jobs.ts';
export { startJobs, type Jobs, type JobsOptions } from './jobs/start-jobs.ts';
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
  maySeed,
  seed,
  seedReference,
  voucherIdOf,
  type SeedReport,
} from './seed/seed.ts';
export { DemoAccountsError } from './seed/demo-accounts-error.ts';
export {
  demoAccounts,
  demoPassword,
  hasDemoAccounts,
  refuseDemoAccounts,
  seedDemoAccounts,
  type DemoAccount,
} from './seed/demo-accounts.ts';
export type { SeedDiscount } from './seed/content/types.ts';
export { upsertLanguages } from './seed/languages.ts';
export { DatabaseUnreachableError, isStartError, startDatabase, type StartedDatabase } from './start-database.ts';
export {
  openPage,
  orderOf,
  pageOf,
  pageStart,
  rowsAfter,
  type Page,
  type PageColumn,
  type PagedList,
  type PageKey,
  type PageWalk,
} from './page.ts';
export { workQueue, type Queue } from './queue.ts';
export {
  openRevokedSessions,
  revokedSessionsAgeMax,
  type RevokedSessions,
  type RevokedSessionsOptions,
} from './revoked-sessions.ts';
export { singleStatements } from './single-statements.ts';
export { inOneRoundTrip, inTransaction, type Transaction, type TransactionOptions } from './transaction.ts';
export { NestedTransactionError, PoisonedTransactionError, UnknownOutcomeError } from './transaction-errors.ts';
export { fieldsOf, languagesOf, servedOf, type ResolvedText } from './translation.ts';
export { dataFolder, databaseUrl } from './url.ts';
export { listVerificationKeys } from './verification-keys.ts';
export { lockVersion } from './version.ts';
export type { SlowQuery } from './watched-client.ts';
