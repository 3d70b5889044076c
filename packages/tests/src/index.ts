export {
  openTestDatabase,
  seededDatabase,
  startApi,
  testClock,
  type Api,
  type ApiAnswer,
  type ApiHeaders,
  type ApiOptions,
  type OpenTestDatabase,
  type TestClock,
} from './api.ts';
export { exactly } from './exact.ts';
export * from './fixtures.ts';
export { freePort } from './free-port.ts';
export { createTestDatabase, isServer, requireServer, type TestDatabase } from './test-database.ts';
export { findPostgresBinaries, type DatabaseKind } from './kind.ts';
export { startLocalCluster } from './local-cluster.ts';
export { startLocalReplica, type TestReplica } from './local-replica.ts';
export { canReplicate, openReplicatedDatabase, type ReplicatedDatabase } from './replicated-database.ts';
export { hasPgBouncer, startPgBouncer, type TestPgBouncer } from './pgbouncer.ts';
export { startTraceCollector, type CollectedSpan, type TraceCollector } from './trace-collector.ts';
export { readTexts, resolveTexts, type TextEntity, type TextReader, type Texts } from './texts.ts';
